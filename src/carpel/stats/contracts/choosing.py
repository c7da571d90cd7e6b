"""Which model of plans to use, found out on the last months, beside a naive guess."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from carpel.stats.contracts.spells import Spells
from carpel.stats.contracts.staying import Renewing, Running, Staying
from carpel.stats.held_out import Verdict, verdict
from carpel.stats.likelihood import Estimate, Refused
from carpel.stats.tails import Floats

FEWEST = 50
"""Plans that ran when the held-out months began."""


@dataclass(frozen=True)
class Choice:
    """The model that is used, fitted on all spells, or None and the reason."""

    model: Staying | None
    estimate: Estimate | None
    verdicts: tuple[Verdict, ...]
    reason: str


def choose(spells: Spells, held_out: float) -> Choice:
    """Fit each model on what was known `held_out` months ago and hold it against who stayed.

    The naive guess is that everybody stays with the same chance at each renewal, or at any time.
    Raises Refused where there is too little to learn from or to judge by.
    """
    then, places = spells.then(held_out)
    running = ~then.ended
    if running.sum() < FEWEST:
        raise Refused(
            f"{running.sum():,} plans ran {held_out:.0f} months ago: at least {FEWEST} are needed "
            "to judge by"
        )
    over = spells.over[places][running]
    stayed = np.isnan(over).astype(np.float64)
    kinds = (Running,) if spells.lasts is None else (Renewing, Running)
    verdicts, refusals = {}, []
    for kind in kinds:
        try:
            model, _ = kind.fitted(then)
        except Refused as refusal:
            refusals.append(refusal)
            continue
        guess = 1 - model.ahead(then.age[running], held_out).leaving
        verdicts[kind] = verdict(model.name, guess, _naive(then, running, held_out), stayed)
    if not verdicts:
        raise refusals[0]
    best = min(verdicts, key=lambda each: verdicts[each].model.root_mean_square)
    tried = tuple(verdicts[each] for each in sorted(verdicts, key=lambda it: it is not best))
    if not tried[0].used:
        return Choice(None, None, tried, tried[0].sentence())
    model, estimate = best.fitted(spells)
    return Choice(model, estimate, tried, tried[0].sentence())


def _naive(then: Spells, running: np.ndarray, months: float) -> Mapping[str, Floats]:
    age, gone = then.age[running], float(then.ended.sum())
    if then.lasts is None:
        rate = gone / float(then.age.sum())
        return {"everybody stays alike": np.full(len(age), np.exp(-rate * months))}
    no = gone / max(float(then.decided().sum()), 1.0)
    comes = np.floor((age + months) / then.lasts) - np.floor(age / then.lasts)
    return {"every renewal alike": (1 - no) ** comes}
