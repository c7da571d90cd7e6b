"""Segments in numbers: how large, how much of the revenue, what sets them apart."""

from collections.abc import Mapping
from typing import Any

from pyroaring import BitMap

from carpel.engine.query import column, query
from carpel.evaluation.memberships import stored_sets
from carpel.evaluation.totals import totals
from carpel.language import plain, to_data
from carpel.specs import Definitions
from carpel.specs.places import places
from carpel.specs.standings import Standing
from carpel.stages.base import Line, Output
from carpel.stages.rows import as_table
from carpel.stages.segments.differences import differences, measured, moments_table
from carpel.stages.segments.rules import rules
from carpel.store.nested import dumps

REVENUE = {
    "spent": ("spend_365d", 1),
    "recurring": ("recurring_revenue_monthly", 12),
}
"""By kind of revenue the trait that says a person's and how many times it makes a year's.

What came in during the 365 days before the moment; where no orders are known, what running plans
bring.
"""
READS = ("customers", "profiles", "predictions", "traits", "contacts", "memberships", "groups")


def depends(line: Line) -> dict[str, Any]:
    """What the figures depend on: members, traits, and how everything is called."""
    found = line.definitions
    return {
        "segments": {
            name: spec.model_dump(mode="json", exclude={"where"})
            for name, spec in found.segments.items()
        },
        "places": {
            name: [vars(place) for place in places(spec)]
            for name, spec in found.segmentations.items()
        },
        "segmentations": {name: spec.label for name, spec in found.segmentations.items()},
        "as_of": line.as_of,
        "timezone": found.project.timezone,
        "tables": {name: line.table_files(name) for name in READS},
    }


def figures(line: Line, out: Output) -> None:
    """Write sizes, moments and differences of all stored sets."""
    sets = stored_sets(line.engine)
    rows = _sizes(line, sets)
    line.engine.register("sized", as_table("sizes", rows))
    out.write("sizes", query("SELECT * FROM sized"))
    found = measured(line, list(sets.values()))
    line.engine.register("measured", moments_table(found, list(sets)))
    out.write("moments", query("SELECT * FROM measured ORDER BY segment, trait, value"))
    line.engine.register("apart", differences(line, found, list(sets)))
    out.write("differences", query("SELECT * FROM apart"))
    for name in ("sized", "measured", "apart"):
        line.engine.drop(name)


def _sizes(line: Line, sets: Mapping[str, BitMap]) -> list[dict[str, Any]]:
    everybody = int(line.engine.value(query("SELECT count(*) FROM customers")))
    kind, total, by_segment = _revenue(line, sets)
    unknown = dict(
        line.engine.rows(query("SELECT segment, people FROM memberships WHERE part = 'unknown'"))
    )
    described = described_sets(line.definitions, _words(line))
    described |= {name: described[name] | said for name, said in _found(line).items()}
    rows = []
    for name, members in sets.items():
        revenue = None if total is None else by_segment[name]
        rows.append(
            {
                **described[name],
                "people": len(members),
                "unknown": unknown.get(name, 0),
                "share": len(members) / everybody if everybody else 0.0,
                "revenue_365d": revenue,
                "revenue_share": revenue / total if revenue is not None and total else None,
                "revenue_kind": kind,
            }
        )
    return rows


def _found(line: Line) -> dict[str, dict[str, str]]:
    """What groups that were found are called, and who is in them in words, by stored set."""
    if not line.table_files("groups"):
        return {}
    line.bind(["groups"])
    rows = line.engine.rows(query("SELECT segmentation, place, label, plain FROM groups"))
    return {
        f"{name}.{place}": {"label": label, "plain": plain or ""}
        for name, place, label, plain in rows
    }


def _revenue(
    line: Line, sets: Mapping[str, BitMap]
) -> tuple[str | None, float | None, dict[str, float]]:
    """Which revenue is known, that of everybody and of each segment; None where there is none."""
    known = line.engine.columns("profiles") if line.table_files("profiles") else {}
    kind = next((kind for kind, (trait, _) in REVENUE.items() if trait in known), None)
    if kind is None:
        return None, None, {}
    trait, times = REVENUE[kind]
    it = query("(:trait * :times)", trait=column(trait, "profiles"), times=times)
    total = line.engine.value(query("SELECT round(coalesce(sum(:it), 0), 6) FROM profiles", it=it))
    rows = line.engine.fetch(
        query("SELECT customer, coalesce(:it, 0.0) FROM profiles ORDER BY customer", it=it)
    )
    people, brought = (each.to_numpy() for each in rows.columns)
    sums = totals(people, lambda block: brought[block, None].astype(float), list(sets.values()))
    # rounded, so that what adds up in another order gives the same
    by_segment = [round(each, 6) for each in sums[:, 0].tolist()]
    return kind, float(total), dict(zip(sets, by_segment, strict=True))


def _words(line: Line) -> dict[str, str]:
    """What traits, segments, segmentations and their places are called on a screen."""
    found = line.definitions
    words = {name: spec.label for name, spec in found.traits.items()}
    if line.table_files("traits"):
        words |= dict(line.engine.rows(query("SELECT trait, label FROM traits")))
    for name, spec in found.segmentations.items():
        words |= {place.name: place.label for place in places(spec)}
        words |= {f"{name}.{place.name}": place.label for place in places(spec)}
        words[name] = spec.label
    words |= {name: spec.label for name, spec in found.segments.items()}
    return {name: label for name, label in words.items() if label}


def described_sets(definitions: Definitions, words: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """By name of a stored set: its label, kind, objective, action, rule and plain English."""
    known = rules(definitions)
    described = {}
    for name, spec in definitions.segments.items():
        if name not in known:
            continue
        described[name] = _row(
            name,
            "segment",
            Standing(
                name,
                spec.label or name.replace("_", " ").capitalize(),
                spec.objective,
                spec.action,
                plain(known[name], words),
            ),
            known,
        )
    for name, segmentation in definitions.segmentations.items():
        for place in places(segmentation):
            full = f"{name}.{place.name}"
            described[full] = _row(full, segmentation.kind, place, known)
    return described


def _row(name: str, kind: str, standing: Standing, known: Mapping[str, Any]) -> dict[str, Any]:
    rule = dumps(to_data(known[name]))
    return {
        "segment": name,
        "label": standing.label,
        "kind": kind,
        "objective": standing.objective,
        "action": standing.action,
        "rule": rule,
        "plain": standing.meaning,
    }
