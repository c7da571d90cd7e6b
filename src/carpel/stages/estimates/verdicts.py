"""Rows of `verdicts`: what an experiment came to, arm by arm."""

from collections.abc import Iterator
from math import ceil, isfinite
from typing import Any

from carpel.evaluation.movements import EVERYBODY
from carpel.stages.estimates.tested import Tested
from carpel.stats.experiments.always import always
from carpel.stats.experiments.verdict import Guardrail, judged

EARLY = ("harm", "uneven")
"""Verdicts that are given before the time is over."""


def verdicts(tested: Tested) -> Iterator[dict[str, Any]]:
    """Of every arm but the comparison.

    Before everybody's time is over only harm is called, by what holds at every look: what looks
    like a gain may be an order that came earlier, and is none when the time is over.
    """
    draw, goal = tested.draw(), tested.about["goal"]
    if goal not in tested.metrics:
        return
    for arm in tested.contacted:
        found = tested.effect(EVERYBODY, goal, arm, tested.comparison)
        smallest = _smallest(tested)
        verdict = judged(
            found,
            uneven=draw.uneven,
            always=None if tested.over else always(found, planned=max(tested.planned, 1)),
            guardrails=[_guardrail(tested, each, arm) for each in _guarded(tested)],
            smallest=smallest,
            fewer_is_better=_falls(tested, goal),
        )
        yield {
            "experiment": tested.name,
            "arm": arm,
            "word": verdict.word if tested.over or verdict.word in EARLY else "cannot_tell",
            "low": verdict.low if isfinite(verdict.low) else None,
            "high": verdict.high if isfinite(verdict.high) else None,
            "broken": list(verdict.broken),
            "more": verdict.more,
            "smallest": smallest,
            "uneven": draw.chance,
            "over": tested.over,
            "days_left": max(0, ceil(tested.seconds_left / 86_400)),
        }


def _smallest(tested: Tested) -> float | None:
    """The least change that matters: what was said, or as much as the target asks for."""
    said, target = tested.about["smallest"], tested.about["target"]
    if said is not None or target is None:
        return None if said is None else float(said)
    wanted = target - tested.of(EVERYBODY, tested.about["goal"], tested.comparison).figure
    return wanted if wanted > 0 else None


def _guarded(tested: Tested) -> list[str]:
    return [each for each in tested.about["guardrails"] or () if each in tested.metrics]


def _guardrail(tested: Tested, metric: str, arm: str) -> Guardrail:
    found = tested.effect(EVERYBODY, metric, arm, tested.comparison)
    return Guardrail(metric, found, _falls(tested, metric))


def _falls(tested: Tested, metric: str) -> bool:
    return str(tested.metrics[metric]["better"]) == "less"
