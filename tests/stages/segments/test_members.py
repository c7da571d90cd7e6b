"""Who is in, who came and left and why, how much it is, what sets it apart."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyroaring import BitMap

from carpel.language import parse
from carpel.specs import Builds, Check, Definitions, Lifecycle, Project, Segment
from carpel.stages.base import Line
from carpel.stages.segments import Segments
from carpel.store.builds import Build
from carpel.testing.line import line_with, read, take

AS_OF = datetime(2026, 3, 1, 12, tzinfo=UTC)
LAST_ORDER = {1: 10, 2: 29, 3: 40, 4: 90}
"""Days before AS_OF."""


def segment(name: str, where: dict[str, Any], **more: Any) -> Segment:
    return Segment(name=name, where=parse(where), **more)


RECENT = segment("recent", {"did": "order_completed", "within": "30 days"})
OLDER = segment("older", {"trait": "age", "at_least": 40})


def definitions(*segments: Segment, **more: Any) -> Definitions:
    return Definitions(
        Project(name="trial", builds=Builds(most_segment_change=0.5)),
        segments={each.name: each for each in segments},
        **more,
    )


def tables(
    orders: dict[int, int], ages: dict[int, int | None] | None = None
) -> dict[str, pa.Table]:
    """Days before AS_OF on which each ordered, and ages; spend is 10 a year of age."""
    known = ages or {1: 20, 2: 40, 3: 60, 4: None}
    at = [AS_OF.replace(tzinfo=None) - timedelta(days=days) for days in orders.values()]
    return {
        "customers": pa.table({"customer": pa.array(list(known), pa.int64())}),
        "event_order_completed": pa.table(
            {
                "customer": pa.array(list(orders), pa.int64()),
                "event_key": pa.array(
                    [who * 1000 + days for who, days in orders.items()], pa.uint64()
                ),
                "at": pa.array(at, pa.timestamp("us")),
                "local_date": pa.array([each.date() for each in at], pa.date32()),
            }
        ),
        "profiles": pa.table(
            {
                "customer": pa.array(list(known), pa.int64()),
                "age": pa.array(known.values(), pa.int64()),
                "town": pa.array(
                    ["Bern" if (age or 0) >= 40 else "Rome" for age in known.values()]
                ),
                "spend_365d": pa.array([(age or 0) * 10.0 for age in known.values()], pa.float64()),
            }
        ),
        "traits": pa.table(
            {
                "trait": ["age", "town", "family"],
                "label": ["Age", "Town", "Family name"],
                "type": ["integer", "text", "text"],
                "sensitivity": ["plain", "plain", "personal"],
                "table": ["profiles"] * 3,
                "expression": ["age", "town", "town"],
            }
        ),
    }


def build(
    folder: Path,
    given: dict[str, pa.Table],
    said: Definitions,
    parent: Build | None = None,
    days: int = 0,
) -> Line:
    line = line_with(folder, given, definitions=said, as_of=AS_OF + timedelta(days=days))
    line.parent = parent
    return take(line, [Segments()])


def built(line: Line, name: str = "first") -> Build:
    assert line.as_of is not None
    return Build(name, None, line.as_of, line.clock, dict(line.parts))


def sets(line: Line, part: str) -> dict[tuple[str, str | None], set[int]]:
    """Members and unknown of memberships; of movements, who entered and left by this build."""
    moved, everybody = part in ("entered", "left"), "*"
    return {
        (row["segment"], row.get("cause")): set(BitMap.deserialize(row["members"]))
        for row in read(line, "movements" if moved else "memberships")
        if row["part"] == part
        and row["segment"] != everybody
        and (not moved or row["build"] == line.notes("segments")["history"]["build"])
    }


def test_members_and_those_of_whom_it_is_not_known(tmp_path: Path) -> None:
    line = build(tmp_path, tables(LAST_ORDER), definitions(RECENT, OLDER))
    assert sets(line, "members") == {("recent", None): {1, 2}, ("older", None): {2, 3}}
    assert sets(line, "unknown") == {("older", None): {4}}
    assert sets(line, "entered") == sets(line, "left") == {}
    counted = {row["segment"]: (row["people"], row["unknown"]) for row in read(line, "sizes")}
    assert counted == {"recent": (2, 0), "older": (2, 1)}


def test_lists_include_and_exclude_people(tmp_path: Path) -> None:
    listed = segment(
        "recent", {"did": "order_completed", "within": "30 days"}, include=(3, 99), exclude=(1,)
    )
    line = build(
        tmp_path,
        tables(LAST_ORDER),
        definitions(
            listed, segment("both", {"all": [{"segment": "recent"}, {"segment": "older"}]}), OLDER
        ),
    )
    found = sets(line, "members")
    assert (found["recent", None], found["both", None]) == ({2, 3}, {2, 3})


def test_time_alone_is_the_clock(tmp_path: Path) -> None:
    said = definitions(RECENT)
    first = built(build(tmp_path, tables(LAST_ORDER), said))
    later = build(tmp_path, tables(LAST_ORDER), said, first, days=5)
    assert sets(later, "left") == {("recent", "clock"): {2}}
    assert sets(later, "entered") == {}


def test_data_moves_those_it_is_about_and_the_clock_the_others(tmp_path: Path) -> None:
    said = definitions(RECENT)
    first = built(build(tmp_path, tables(LAST_ORDER), said))
    later = build(tmp_path, tables({**LAST_ORDER, 4: -3}), said, first, days=5)
    assert sets(later, "entered") == {("recent", "data"): {4}}
    assert sets(later, "left") == {("recent", "clock"): {2}}


def test_the_same_moment_with_other_data_is_a_correction(tmp_path: Path) -> None:
    said = definitions(RECENT)
    first = built(build(tmp_path, tables(LAST_ORDER), said))
    again = build(tmp_path, tables({**LAST_ORDER, 4: 5}), said, first)
    assert sets(again, "entered") == {("recent", "correction"): {4}}


def test_another_rule_is_a_definition_through_references_too(tmp_path: Path) -> None:
    via = segment("via", {"segment": "recent"})
    first = built(build(tmp_path, tables(LAST_ORDER), definitions(RECENT, via, OLDER)))
    wider = segment("recent", {"did": "order_completed", "within": "60 days"})
    later = build(tmp_path, tables(LAST_ORDER), definitions(wider, via), first, days=1)
    assert sets(later, "entered") == {("recent", "definition"): {3}, ("via", "definition"): {3}}
    assert sets(later, "left") == {("older", "definition"): {2, 3}}


def test_a_label_changes_no_definition(tmp_path: Path) -> None:
    first = built(build(tmp_path, tables(LAST_ORDER), definitions(RECENT)))
    said = definitions(RECENT.model_copy(update={"label": "Here lately"}))
    later = build(tmp_path, tables(LAST_ORDER), said, first, days=5)
    assert sets(later, "left") == {("recent", "clock"): {2}}


def test_merged_people_move_by_identity(tmp_path: Path) -> None:
    said = definitions(RECENT)
    first = built(build(tmp_path, tables(LAST_ORDER), said))
    merged = tables({1: 10, 3: 28, 4: 90}, {1: 20, 3: 60, 4: None})
    merged["aliases"] = pa.table({"customer": [2], "survivor": [3]})
    later = build(tmp_path, merged, said, first, days=1)
    assert sets(later, "entered") == {("recent", "identity"): {3}}
    assert sets(later, "left") == {("recent", "identity"): {2}}
    parted = build(tmp_path, tables(LAST_ORDER), said, built(later), days=1)
    assert {cause for _, cause in (*sets(parted, "entered"), *sets(parted, "left"))} == {"identity"}


def crowd(people: int) -> dict[str, pa.Table]:
    return tables(dict.fromkeys(range(1, people + 1), 10), dict.fromkeys(range(1, 101), 30))


def test_a_segment_that_jumps_by_the_data_is_suspicious_and_not_by_the_clock(
    tmp_path: Path,
) -> None:
    said = definitions(RECENT)
    first = built(build(tmp_path, crowd(80), said))
    assert build(tmp_path, crowd(41), said, first, days=1).notes("segments")["suspicious"] == []
    (doubt,) = build(tmp_path, crowd(39), said, first, days=1).notes("segments")["suspicious"]
    assert "recent had 80 people and would have 39" in doubt
    assert build(tmp_path, crowd(80), said, first, days=60).notes("segments")["suspicious"] == []


def test_parts_depend_on_the_parents_sets_only_when_something_changed(tmp_path: Path) -> None:
    said = definitions(RECENT)
    line = build(tmp_path, tables(LAST_ORDER), said)
    again = line_with(tmp_path, tables(LAST_ORDER), definitions=said, as_of=AS_OF)
    again.parts, again.parent = dict(line.parts), built(line)
    former = {
        part.name: part.depends
        for part in Segments().parts(
            replace(line, parts={k: v for k, v in line.parts.items() if k != "segments/history"})
        )
    }
    again.parts.pop("segments/history")
    now = {part.name: part.depends for part in Segments().parts(again)}
    assert now == former


def test_numbers_of_a_segment(tmp_path: Path) -> None:
    ages: dict[int, int | None] = {who: 20 + who % 3 for who in range(1, 31)}
    ages |= {who: 60 + who % 3 for who in range(31, 41)}
    line = build(tmp_path, tables({1: 1}, ages), definitions(OLDER))
    (row,) = read(line, "sizes")
    total = sum(age * 10 for age in ages.values() if age)
    revenue = sum(age * 10 for age in ages.values() if age and age >= 40)
    assert (row["people"], row["share"], row["revenue_365d"]) == (10, 0.25, revenue)
    assert row["revenue_share"] == pytest.approx(revenue / total)
    assert row["plain"].startswith("People whose age is at least 40")
    apart = {each["trait"]: each for each in read(line, "differences")}
    assert set(apart) == {"age", "town"}
    assert apart["age"]["inside"] == pytest.approx(sum(60 + who % 3 for who in range(31, 41)) / 10)
    assert apart["age"]["outside"] == pytest.approx(21)
    assert (apart["age"]["effect"], apart["age"]["n"]) == (10.0, 10)
    assert (apart["town"]["value"], apart["town"]["effect"]) == ("Bern", 1.0)


def test_places_are_segments_and_checks_on_people_are_noted(tmp_path: Path) -> None:
    said = definitions(
        segment("gone", {"segmentation": "lifecycle", "in": ["lead"]}),
        segmentations={"lifecycle": Lifecycle(name="lifecycle", kind="lifecycle")},
        checks={
            name: Check(name=name, people=parse({"trait": "age", "is_set": True}), at_least=share)
            for name, share in (("most", 0.75), ("all", 0.76))
        },
    )
    line = build(tmp_path, tables({1: 1}), said)
    found = {name: members for (name, _), members in sets(line, "members").items()}
    assert found["gone"] == found["lifecycle.lead"] == {2, 3, 4}
    assert set().union(*(members for name, members in found.items() if "." in name)) == {1, 2, 3, 4}
    assert line.notes("segments")["failed"] == ["all"]
    assert line.notes("segments")["checks"]["most"] == {"people": 3, "of": 4}
