"""How well a score finds those whom a treatment moves: Qini and uplift curves, and their areas.

An outcome is 1 or 0, or a figure; `treated` says who was; both arms are there. People of one score
are one step of a curve, so that the order of rows never matters; uplift at k alone has to cut
through them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from carpel.stats.tails import Floats

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Curve:
    """What was gained (`gained`) with the `people` of the highest scores, from nobody on."""

    people: Floats
    gained: Floats

    @property
    def area(self) -> float:
        """The area beneath it, by trapezoids."""
        return float(np.trapezoid(self.gained, self.people))

    @property
    def over_chance(self) -> float:
        """The area between it and the straight line to its end, which is what chance gains."""
        return self.area - float(self.people[-1] * self.gained[-1]) / 2


@dataclass(frozen=True)
class Steps:
    """Counts and sums over everybody with a score as high or higher, the highest score first."""

    treated: Floats
    control: Floats
    of_treated: Floats
    of_control: Floats

    def qini(self) -> Curve:
        """What the treated have more than as many of the control group (Radcliffe 2007)."""
        others = self.of_control * _over(self.treated, self.control)
        return _curve(self.treated + self.control, self.of_treated - others)

    def uplift(self) -> Curve:
        """Difference of the means, times everybody (Devriendt, Guns and Verbeke 2020)."""
        people = self.treated + self.control
        apart = _over(self.of_treated, self.treated) - _over(self.of_control, self.control)
        return _curve(people, apart * people)


@dataclass(frozen=True)
class Ranked:
    """People from the highest score down, ready to be counted, also with weights."""

    outcome: Floats
    treated: Floats
    order: Ints
    ends: Ints
    """The last place of each score."""

    def steps(self, weight: Floats | None = None) -> Steps:
        """Counts and sums after each score; a person counts `weight` times, without it once."""
        once = np.ones(len(self.order)) if weight is None else weight[self.order]
        treated, control = once * self.treated, once * (1 - self.treated)
        sums = (treated, control, treated * self.outcome, control * self.outcome)
        return Steps(*(np.cumsum(each)[self.ends] for each in sums))


def ranked(outcome: ArrayLike, score: ArrayLike, treated: ArrayLike) -> Ranked:
    """Sort people by their score.

    Raises ValueError when lengths differ, a value is missing, or an arm is empty.
    """
    y, s, t = (np.asarray(each, np.float64) for each in (outcome, score, treated))
    if not len(y) == len(s) == len(t):
        raise ValueError("outcomes, scores and arms are not equally many")
    if not (np.isfinite(y).all() and np.isfinite(s).all() and np.isin(t, (0.0, 1.0)).all()):
        raise ValueError("an outcome or a score is missing, or an arm is neither 1 nor 0")
    if len(np.unique(t)) < 2:
        raise ValueError("nobody was treated, or everybody")
    order = np.argsort(s, kind="stable")[::-1]
    ends = np.append(np.flatnonzero(np.diff(s[order])), len(s) - 1)
    return Ranked(y[order], t[order], order, ends)


def qini_curve(outcome: ArrayLike, score: ArrayLike, treated: ArrayLike) -> Curve:
    """The Qini curve of a score (Radcliffe 2007)."""
    return ranked(outcome, score, treated).steps().qini()


def uplift_curve(outcome: ArrayLike, score: ArrayLike, treated: ArrayLike) -> Curve:
    """The uplift curve of a score (Devriendt, Guns and Verbeke 2020)."""
    return ranked(outcome, score, treated).steps().uplift()


def qini(outcome: ArrayLike, score: ArrayLike, treated: ArrayLike) -> float:
    """The Qini coefficient of answers of 1 or 0: 0 for chance, 1 for a score that knows them.

    The area over chance, as a share of that of the best order there could be, in which a campaign
    may also put people off. NaN where no order is better than another. ValueError for figures.
    """
    found = qini_curve(outcome, score, treated)
    best = qini_curve(outcome, best_for_qini(outcome, treated), treated)
    return _share(found, best)


def auuc(outcome: ArrayLike, score: ArrayLike, treated: ArrayLike) -> float:
    """The area under the uplift curve, of answers of 1 or 0, scaled like `qini`."""
    found = uplift_curve(outcome, score, treated)
    best = uplift_curve(outcome, _best_for_uplift(outcome, treated), treated)
    return _share(found, best)


def gain(steps: Steps) -> float:
    """What treating by the score brings a treated person over treating by chance.

    In units of the outcome, on average over how many are treated: the Qini area over chance.
    """
    curve = steps.qini()
    return float(curve.over_chance / (curve.people[-1] * steps.treated[-1]))


def uplift_at(
    outcome: ArrayLike, score: ArrayLike, treated: ArrayLike, k: float, *, by_arm: bool = False
) -> float:
    """Difference of the means among the share `k` (0 to 1) of people with the highest scores.

    With `by_arm` that share of each arm. Of equal scores at the border later rows come first. NaN
    where one arm has nobody there.
    """
    people = ranked(outcome, score, treated)
    if not 0 < k <= 1:
        raise ValueError(f"k is {k}: a share above 0, up to 1")
    sides = [people.outcome[people.treated == arm] for arm in (1.0, 0.0)]
    if by_arm:
        tops = [side[: int(len(side) * k)] for side in sides]
    else:
        first = slice(int(len(people.order) * k))
        tops = [people.outcome[first][people.treated[first] == arm] for arm in (1.0, 0.0)]
    return float(tops[0].mean() - tops[1].mean()) if all(map(len, tops)) else float("nan")


def best_for_qini(outcome: ArrayLike, treated: ArrayLike) -> Floats:
    """Answers of the treated first, then those without one, then answers without treatment."""
    y, t = _answers(outcome), np.asarray(treated, np.float64)
    found: Floats = y * t - y * (1 - t)
    return found


def _best_for_uplift(outcome: ArrayLike, treated: ArrayLike) -> Floats:
    """Those who did as their arm would have it first; of the others the more frequent kind."""
    y, t = _answers(outcome), np.asarray(treated, np.float64)
    anyhow, never = (y * (1 - t)).sum(), ((1 - y) * t).sum()
    found: Floats = 2.0 * (y == t) + (y if anyhow > never else t)
    return found


def _answers(outcome: ArrayLike) -> Floats:
    y = np.asarray(outcome, np.float64)
    if not np.isin(y, (0.0, 1.0)).all():
        raise ValueError("an outcome is neither 1 nor 0: for figures there is no best order")
    return y


def _share(curve: Curve, best: Curve) -> float:
    return curve.over_chance / best.over_chance if best.over_chance else float("nan")


def _curve(people: Floats, gained: Floats) -> Curve:
    return Curve(np.append(0.0, people), np.append(0.0, gained))


def _over(above: Floats, below: Floats) -> Floats:
    """Their ratio, 0 where the lower is 0."""
    return np.divide(above, below, out=np.zeros_like(above), where=below != 0)
