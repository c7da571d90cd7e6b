"""Timelines: what happened, then a clock, then who is in. Written as YAML, checked one and all.

Each moment is a build: the one evaluator decides from what is known by then, and remembers, as
history, who came and left since the moment before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from carpel.engine.duckdb import DuckDB
from carpel.errors import CarpelError, ProjectError
from carpel.evaluation import Evaluator
from carpel.evaluation.movements import FULL, Movement
from carpel.language import Node, RuleError, core, parse, references, segment_names
from carpel.manifest.yaml import inline, read
from carpel.testing.happenings import SAYING, Happenings, movements_table

_TOLD = ("events", "facts", "places", "permissions", "contracts", "accounts", "merged", "described")
WORDS = ("name", "zone", "people", "rule", "segments", "then", *_TOLD)


@dataclass(frozen=True)
class Seen:
    """Who is in at a moment, and of whom it is not known."""

    at: datetime
    members: frozenset[str]
    unknown: frozenset[str]


@dataclass(frozen=True)
class Expected:
    """Who should be in at a moment; None where nothing is said."""

    at: datetime
    said: str
    members: frozenset[str] | None
    unknown: frozenset[str] | None


@dataclass(frozen=True)
class Timeline:
    """One written case: people, what happened, a rule, and who is in at which moment."""

    name: str
    told: Happenings
    rule: Node
    expected: tuple[Expected, ...]
    segments: Mapping[str, Node] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, *, segments: Mapping[str, Node] | None = None) -> list["Timeline"]:
        """The timelines of a YAML file; `segments` are rules that theirs may name.

        Raises ProjectError when it is not YAML, CarpelError when it does not say what it must.
        """
        return cls._all(read(path, path.name), segments or {})

    @classmethod
    def parse(cls, text: str, *, segments: Mapping[str, Node] | None = None) -> list["Timeline"]:
        """The same of YAML that stands in no file."""
        return cls._all(inline(text, "timelines"), segments or {})

    @classmethod
    def _all(cls, written: Any, segments: Mapping[str, Node]) -> list["Timeline"]:
        if written.problems:
            raise ProjectError(written.problems)
        data = written.data if isinstance(written.data, dict) else {}
        cases = data.get("timelines")
        if not isinstance(cases, list) or set(data) - {"timelines", "zone"}:
            raise CarpelError(
                f"{written.file} says `timelines:`, a list, and `zone:` for all of them, no more."
            )
        found = []
        for number, each in enumerate(cases):
            line = written.line(("timelines", number))
            found.append(_timeline(each, data.get("zone"), segments, f"{written.file}:{line}"))
        return found

    def run(self, *, apart: bool = False) -> list[Seen]:
        """Who is in at each moment, one after the other, as builds would find them.

        With `apart`, one statement of SQL and each person alone are asked too: AssertionError when
        they do not agree with everybody together.
        """
        builds = _Builds(self, apart)
        return [builds.at(each.at) for each in self.expected]

    def check(self, *, apart: bool = False) -> None:
        """Raise AssertionError at the first moment at which others are in than was written."""
        for want, seen in zip(self.expected, self.run(apart=apart), strict=True):
            for word, ought, found in (
                ("in", want.members, seen.members),
                ("unknown", want.unknown, seen.unknown),
            ):
                if ought is not None and ought != found:
                    told = f"{self.name}, {want.said}, {word}"
                    raise AssertionError(f"{told}: expected {_list(ought)}, found {_list(found)}")


class _Builds:
    """Builds of a timeline, one after the other, with the history that they leave."""

    def __init__(self, timeline: Timeline, apart: bool) -> None:
        self.timeline, self.told, self.apart = timeline, timeline.told, apart
        self.engine, self.number, self.past = DuckDB(), 0, list[Movement]()
        places = _places(timeline.told)
        used = _used(timeline.rule, {**places, **timeline.segments})
        self.segments = {**places, **used}
        rules = (timeline.rule, *used.values())
        named = (each for rule in rules for each in references(core(rule)))
        self.events = {each.name for each in named if each.kind == "event"}

    def at(self, moment: datetime) -> Seen:
        """Who is in at a moment no earlier than the one before."""
        self.number += 1
        tables = self.told.tables(moment, self.events)
        for name, table in {**tables, "movements": movements_table(self.past)}.items():
            self.engine.register(name, table)
        zone = self.told.zone
        evaluator = Evaluator(self.engine, as_of=moment, zone=zone, segments=self.segments)
        found = evaluator.sets(self.timeline.rule)
        seen = Seen(moment, self._names(found.yes), self._names(found.unknown))
        if self.apart:
            self._agreed(evaluator, seen)
        now = {name: evaluator.sets(rule).yes for name, rule in self.segments.items()}
        self.past += _moves(now, self.past, moment, self.number)
        return seen

    def _agreed(self, evaluator: Evaluator, seen: Seen) -> None:
        name, rule = self.timeline.name, self.timeline.rule
        rows = self.engine.connection.execute(evaluator.sql(rule)).fetchall()
        if self._names(row[0] for row in rows) != seen.members:
            raise AssertionError(f"{name}: the statement finds others")
        for who in self.told.present(seen.at):
            verdict = evaluator.explain(rule, self.told.keys[who]).verdict
            ought = "yes" if who in seen.members else "unknown" if who in seen.unknown else "no"
            if verdict != ought:
                raise AssertionError(f"{name}: {who} alone is {verdict}, among all {ought}")

    def _names(self, keys: Iterable[int]) -> frozenset[str]:
        names = {key: who for who, key in self.told.keys.items()}
        return frozenset(names[key] for key in keys)


def _used(rule: Node, segments: Mapping[str, Node]) -> dict[str, Node]:
    """The segments that a rule needs, and those that they need themselves."""
    found: dict[str, Node] = {}
    waiting = [rule]
    while waiting:
        for name in segment_names(waiting.pop()):
            if name in segments and name not in found:
                found[name] = segments[name]
                waiting.append(segments[name])
    return found


def _places(told: Happenings) -> dict[str, Node]:
    """Every place of a segmentation is a segment too."""
    return {
        f"{name}.{place}": parse({"segmentation": name, "in": [place]})
        for each in told.places
        for name, place in each.items()
        if name not in SAYING and place
    }


def _timeline(said: Any, zone: Any, segments: Mapping[str, Node], place: str) -> Timeline:
    if not isinstance(said, dict) or not {"name", "people", "rule", "then"} <= set(said):
        raise CarpelError("A timeline says `name`, `people`, `rule` and `then`.", place=place)
    if strange := [word for word in said if word not in WORDS]:
        raise CarpelError(f"A timeline has no `{strange[0]}`.", place=place)
    try:
        told = Happenings(
            ZoneInfo(said.get("zone") or zone or "UTC"),
            _people(said["people"]),
            **{word: said[word] for word in _TOLD if said.get(word)},
        )
        rules = {name: parse(rule) for name, rule in (said.get("segments") or {}).items()}
        expected = tuple(_expected(told, at, each) for at, each in said["then"].items())
        return Timeline(said["name"], told, parse(said["rule"]), expected, {**segments, **rules})
    except (RuleError, CarpelError) as error:
        raise CarpelError(f"{said['name']}: {error}", place=place) from error


def _people(said: Any) -> dict[str, dict[str, Any]]:
    """Names by themselves, or with their traits."""
    return {who: {} for who in said} if isinstance(said, list) else said


def _expected(told: Happenings, at: Any, said: Any) -> Expected:
    """`[ada]`, or `{in: [ada], unknown: [ben]}`; nothing is a moment that only passes."""
    listed = said if isinstance(said, dict) else {"in": said}
    if not all(each is None or isinstance(each, list) for each in listed.values()):
        raise CarpelError(f"Who is in at {at} is a list of names, such as `[ada, ben]`.")
    wanted = {
        word: None if listed.get(word) is None else frozenset(listed[word])
        for word in ("in", "unknown")
    }
    for who in (wanted["in"] or frozenset()) | (wanted["unknown"] or frozenset()):
        told.key(who)
    return Expected(told.instant(at), str(at), wanted["in"], wanted["unknown"])


def _moves(
    found: Mapping[str, BitMap], past: Iterable[Movement], moment: datetime, number: int
) -> list[Movement]:
    """What a build adds to history: everybody at first, then who came and who left."""
    before: dict[str, BitMap] = {}
    for each in past:
        now = before.get(each.segment, BitMap())
        before[each.segment] = now - each.members if each.part == "left" else now | each.members
    added = []
    for name, now in found.items():
        if name not in before:
            added.append(Movement(name, moment, number, FULL, None, now))
            continue
        added += [
            Movement(name, moment, number, "entered", "data", now - before[name]),
            Movement(name, moment, number, "left", "data", before[name] - now),
        ]
    return added


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nobody"
