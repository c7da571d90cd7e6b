"""Which model of buying these data can bear: the best on held-out time, or none and why."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from carpel.stats.buying.bg_nbd import BgNbd
from carpel.stats.buying.histories import Floats, Histories, Numbers, from_purchases, grouped
from carpel.stats.buying.model import Model
from carpel.stats.buying.pareto_nbd import ParetoNbd
from carpel.stats.buying.regularity import refuse_fixed, regularity
from carpel.stats.held_out import Verdict, verdict
from carpel.stats.likelihood import Refused

MODELS: Sequence[type[Model]] = (BgNbd, ParetoNbd)
FEWEST = 100
"""People in held-out time below which no error can be told from another."""


@dataclass(frozen=True)
class Choice:
    """What was tried on held-out time; `model` is the best of those worth using, if any."""

    model: type[Model] | None
    ahead: float
    """Length of the held-out time."""
    verdicts: tuple[Verdict, ...]
    refusals: tuple[str, ...]

    @property
    def reason(self) -> str:
        """Why this model, or why none."""
        if self.model is None:
            said = [*self.refusals, *(each.sentence() for each in self.verdicts)]
            return "; ".join(said) or "there is no model"
        return next(each.sentence() for each in self.verdicts if each.model.name == self.model.name)


def choose(
    people: Numbers, at: Floats, until: float, ahead: float, models: Sequence[type[Model]] = MODELS
) -> Choice:
    """Fit models up to `ahead` before `until` and hold them against what happened since.

    `people` and `at` are purchases. Who came in held-out time is left out: nothing was known of
    them. Raises Refused where purchases are renewals or the history is too thin.
    """
    refuse_fixed(regularity(people, at))
    cut = until - ahead
    known = np.unique(people[at <= cut])
    if len(known) < FEWEST:
        raise Refused(
            f"{len(known)} people had bought before the held-out time: at least {FEWEST} are "
            "needed to tell a model from a guess"
        )
    number = np.searchsorted(known, people).clip(max=len(known) - 1)
    mine = known[number] == people
    number, when = number[mine], at[mine]
    each = from_purchases(number, when, cut)
    _long_enough(each, ahead)
    happened = _counted(number, when, cut, until, len(known))
    naive = _naive(each, _again(number, when, cut, ahead), ahead)
    return _best(each, happened, naive, ahead, models)


def _best(
    each: Histories,
    happened: Floats,
    naive: dict[str, Floats],
    ahead: float,
    models: Sequence[type[Model]],
) -> Choice:
    some, group = grouped(each)
    verdicts, refusals = [], []
    for kind in models:
        try:
            model, _ = kind.fitted(some)
        except Refused as refusal:
            refusals.append(f"{kind.name}: {refusal}")
            continue
        guess = model.moments(some, ahead)[0][group]
        verdicts.append(verdict(kind.name, guess, naive, happened))
    used = sorted((one.model.root_mean_square, one.model.name) for one in verdicts if one.used)
    best = next((kind for kind in models if used and kind.name == used[0][1]), None)
    return Choice(best, ahead, tuple(verdicts), tuple(refusals))


def _long_enough(each: Histories, ahead: float) -> None:
    longest = float(each.age.max())
    if longest < ahead / 2:
        raise Refused(
            f"the longest history is {longest:.4g} before a held-out time of {ahead:.4g}: it must "
            "be at least half as long"
        )


def _counted(people: Numbers, at: Floats, start: float, end: float, of: int) -> Floats:
    """Purchases of each person after `start` up to `end`; those at one moment are one."""
    inside = (at > start) & (at <= end)
    pairs = np.unique(np.column_stack([people[inside], at[inside]]), axis=0)
    return np.bincount(pairs[:, 0].astype(np.intp), minlength=of).astype(np.float64)


def _again(people: Numbers, at: Floats, cut: float, ahead: float) -> Floats:
    """Repeat purchases of each person in the time as long as the held-out one, just before it."""
    first = np.full(int(people.max()) + 1, np.inf)
    np.minimum.at(first, people, at)
    repeat = at > first[people]
    return _counted(people[repeat], at[repeat], cut - ahead, cut, len(first))


def _naive(each: Histories, before: Floats, ahead: float) -> dict[str, Floats]:
    """What somebody would guess without a model."""
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(each.age > 0, each.repeats / each.age, 0.0)
    return {
        "the same rate as before": rate * ahead,
        "as many as in the last period": before,
        "the mean of everybody": np.full_like(before, (rate * ahead).mean()),
    }
