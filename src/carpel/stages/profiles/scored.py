"""Scales and factors of one survey trait's file: scores, the traits they are, and the card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carpel.specs import FactorsTrait, ScaleTrait
from carpel.stages.profiles.entry import Entry
from carpel.stages.profiles.listing import stored
from carpel.stats.likelihood import Refused
from carpel.stats.survey import Answers, Structure, scale, structure

TELLS = 0.3
"""Loading from which an item tells of a factor."""
Floats = NDArray[np.float64]
Rows = list[dict[str, Any]]
Survey = ScaleTrait | FactorsTrait


@dataclass
class Scored:
    """The traits made, everybody's score by trait (None: not made), and the cards."""

    entries: list[Entry] = field(default_factory=list)
    scores: dict[str, Floats | None] = field(default_factory=dict)
    cards: Rows = field(default_factory=list)
    items: Rows = field(default_factory=list)

    def add(
        self, spec: Survey, name: str, said: str, scores: Floats | None, label: str = ""
    ) -> None:
        """A trait: what it is in words, and the figures."""
        label = spec.label if name == spec.name else label
        self.entries.append(
            stored(
                Entry(
                    name,
                    label or name.replace("_", " ").capitalize(),
                    (spec.meaning if name == spec.name else "") or said,
                    spec.criterion,
                    "number",
                    "profiles",
                    "",
                    spec.unit or ("points" if spec.kind == "scale" else ""),
                    needs=spec.items,
                )
            )
        )
        self.scores[name] = scores


def score(spec: Survey, given: Answers, labels: Mapping[str, str], scored: Scored) -> None:
    """Add the traits of one file, or the reason why there are none."""
    try:
        if isinstance(spec, ScaleTrait):
            _scale(spec, given, scored)
        else:
            _factors(spec, given, scored, labels)
    except Refused as refusal:
        _refused(spec, str(refusal), given.left_out, scored)


def _scale(spec: ScaleTrait, given: Answers, scored: Scored) -> None:
    found = scale(given, spec.backwards, spec.ends)
    said = f"Mean of {len(found.items)} answers, {found.lowest:g} to {found.highest:g}."
    scored.add(spec, spec.name, said, found.scores)
    scored.cards.append(
        _card(spec, found.said, found.people, len(found.items))
        | {"alpha": found.alpha, "low": found.low, "high": found.high}
    )
    scored.items += [
        {
            "scale": spec.name,
            "trait": spec.name,
            "item": each.name,
            "reversed": each.reversed,
            "rest": each.rest,
            "without": each.without,
        }
        for each in found.items
    ] + _left_out(spec, found.left_out)


def _factors(spec: FactorsTrait, given: Answers, scored: Scored, labels: Mapping[str, str]) -> None:
    found = structure(given, spec.factors)
    made, twice = _called(spec, found)
    for name, (factor, sign) in made.items():
        said = _told(found.items, found.loadings[:, factor] * sign, labels)
        item = found.leading[factor]
        label = "" if name in spec.names else f"{labels.get(item) or item} and the like"
        scored.add(spec, name, said, found.scores[:, factor] * sign, label)
    for name, reason in twice.items():
        scored.add(spec, name, reason, None)
    said = found.number.said if spec.factors is None else f"{spec.factors} factors, as asked."
    told = " ".join([said, *twice.values()])
    scored.cards.append(
        _card(spec, told, found.people, len(found.items))
        | {"factors": len(found.leading), "parallel": found.number.parallel}
    )
    homes = {factor: (name, sign) for name, (factor, sign) in made.items()}
    for item in found.items:
        factor, direction = found.home(item)
        name, sign = homes[factor]
        scored.items.append(
            {
                "scale": spec.name,
                "trait": name,
                "item": item,
                "reversed": direction * sign < 0,
                "loading": float(found.loadings[found.items.index(item), factor] * sign),
            }
        )
    scored.items += _left_out(spec, found.left_out)


def _called(
    spec: FactorsTrait, found: Structure
) -> tuple[dict[str, tuple[int, int]], dict[str, str]]:
    """By trait its factor and direction; and names that cannot be given, with the reason."""
    made: dict[str, tuple[int, int]] = {}
    astray: dict[str, str] = {}
    for name, item in spec.names.items():
        if item not in found.items:
            astray[name] = f"No {name!r}: {item} is left out."
            continue
        factor, sign = found.home(item)
        other = next((each for each, (at, _) in made.items() if at == factor), None)
        if other is not None:
            astray[name] = f"No {name!r}: {item} tells of the same factor as {other!r} does."
            continue
        made[name] = (factor, sign)
    named = {factor for factor, _ in made.values()}
    for factor, item in enumerate(found.leading):
        if factor not in named:
            made[spec.called(item)] = (factor, 1)
    return made, astray


def _told(items: Sequence[str], loadings: Floats, labels: Mapping[str, str]) -> str:
    """Which answers tell of a factor, the clearest first."""
    order = np.argsort(-np.abs(loadings), kind="stable")
    clear = [int(at) for at in order if abs(loadings[at]) >= TELLS]
    sides = (
        [labels.get(items[at]) or items[at] for at in clear if loadings[at] * sign > 0]
        for sign in (1, -1)
    )
    up, down = (", ".join(each) for each in sides)
    return f"What goes with a high {up}{f'; with a low {down}' if down else ''}."


def _refused(spec: Survey, reason: str, left_out: Mapping[str, str], scored: Scored) -> None:
    """The traits are there, and known of nobody."""
    for name in spec.names if isinstance(spec, FactorsTrait) else (spec.name,):
        scored.add(spec, name, f"Not made: {reason}.", None)
    scored.cards.append(_card(spec, reason, None, None) | {"used": False})
    scored.items += _left_out(spec, left_out)


def _card(spec: Survey, reason: str, people: int | None, items: int | None) -> dict[str, Any]:
    return {
        "scale": spec.name,
        "kind": spec.kind,
        "used": True,
        "reason": reason.removesuffix("."),
        "people": people,
        "items": items,
    }


def _left_out(spec: Survey, left_out: Mapping[str, str]) -> Rows:
    return [
        {"scale": spec.name, "item": item, "reason": reason} for item, reason in left_out.items()
    ]
