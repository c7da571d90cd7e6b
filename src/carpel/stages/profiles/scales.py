"""Survey traits: what answers to several items say together, as a scale or as factors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from carpel.engine.query import Tree, aliased, query
from carpel.errors import MissingExtra
from carpel.specs import FactorsTrait, ScaleTrait
from carpel.stages.profiles.entry import Entry
from carpel.stages.profiles.listing import stored
from carpel.stages.profiles.relations import Relations

FIGURES = ("number", "integer", "boolean")
WORDS = "is answered in words: give each a figure, by `values` in the source"
NOBODY = "nothing is known of it"
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

    def add(self, spec: Survey, name: str, said: str, scores: Floats | None, unit: str) -> None:
        """A trait: what it is in words, and the figures."""
        label = spec.label if name == spec.name else ""
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
                    spec.unit or unit,
                    needs=spec.items,
                )
            )
        )
        self.scores[name] = scores


def scales(relations: Relations, placed: Sequence[Entry]) -> Scored:
    """Score every survey trait of the project and put the scores beside the other figures."""
    own = relations.line.definitions.traits.values()
    asked = [each for each in own if isinstance(each, ScaleTrait | FactorsTrait)]
    scored = Scored()
    if not asked:
        return scored
    if not find_spec("scipy"):
        raise MissingExtra("science", "scales of a survey")
    known = {each.name: each for each in placed if each.sensitivity != "personal"}
    answered = relations.engine.fetch(_answered(relations, asked, known))
    for spec in asked:
        _score(spec, known, answered, scored)
    _beside(relations, answered, scored.scores)
    return scored


def _answered(relations: Relations, asked: Sequence[Survey], known: Mapping[str, Entry]) -> Tree:
    """Everybody's answers to all items in figures."""
    items = dict.fromkeys(item for spec in asked for item in spec.items)
    cells = [
        aliased(query("CAST(:it AS DOUBLE)", it=relations.read(known[each].sql)), each)
        for each in items
        if each in known and known[each].type in FIGURES
    ]
    text = "SELECT p.customer, :cells FROM profiled AS p ORDER BY p.customer"
    if relations.line.table_files("contacts"):
        text = """SELECT p.customer, :cells FROM profiled AS p
                  LEFT JOIN contacts AS c ON c.customer = p.customer ORDER BY p.customer"""
    return query(text if cells else text.replace(", :cells", ""), cells=cells)


def _score(spec: Survey, known: Mapping[str, Entry], answered: pa.Table, scored: Scored) -> None:
    from carpel.stats.likelihood import Refused
    from carpel.stats.survey import answers

    there = [each for each in spec.items if each in answered.column_names]
    unread = {each: WORDS if each in known else NOBODY for each in spec.items if each not in there}
    values = [answered.column(each).to_numpy().astype(np.float64) for each in there]
    matrix = np.column_stack(values) if values else np.empty((answered.num_rows, 0))
    given = answers(matrix, there).without(unread)
    try:
        if isinstance(spec, ScaleTrait):
            _scale(spec, given, scored)
        else:
            _factors(spec, given, scored, {name: each.label for name, each in known.items()})
    except Refused as refusal:
        _refused(spec, str(refusal), given.left_out, scored)


def _scale(spec: ScaleTrait, given: Any, scored: Scored) -> None:
    from carpel.stats.survey import scale

    found = scale(given, spec.backwards, spec.ends)
    said = f"Mean of {len(found.items)} answers, {found.lowest:g} to {found.highest:g}."
    scored.add(spec, spec.name, said, found.scores, "points")
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


def _factors(spec: FactorsTrait, given: Any, scored: Scored, labels: Mapping[str, str]) -> None:
    from carpel.stats.survey import structure

    found = structure(given, spec.factors)
    made, twice = _called(spec, found)
    for name, (factor, sign) in made.items():
        said = _told(found.items, found.loadings[:, factor] * sign, labels)
        scored.add(spec, name, said, found.scores[:, factor] * sign, "standard deviations")
    for name, reason in twice.items():
        scored.add(spec, name, reason, None, "standard deviations")
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


def _called(spec: FactorsTrait, found: Any) -> tuple[dict[str, tuple[int, int]], dict[str, str]]:
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
        scored.add(spec, name, f"Not made: {reason}.", None, "")
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


def _beside(relations: Relations, answered: pa.Table, scores: Mapping[str, Floats | None]) -> None:
    cells = {
        name: pa.nulls(answered.num_rows, pa.float64())
        if each is None
        else pa.array(each, pa.float64(), from_pandas=True)
        for name, each in scores.items()
    }
    engine = relations.engine
    engine.register("scored", pa.table({"customer": answered.column("customer"), **cells}))
    engine.create(
        "whole",
        query(
            """SELECT p.*, s.* EXCLUDE (customer) FROM profiled AS p
               JOIN scored AS s ON s.customer = p.customer ORDER BY p.customer"""
        ),
    )
    engine.create("profiled", query("SELECT * FROM whole"))
    for name in ("whole", "scored"):
        engine.drop(name)
