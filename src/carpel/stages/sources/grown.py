"""A source of events to which files were added: only these are read, the rest is the parent's.

The outcome is that of reading everything again: the files that were read are as they were, the new
ones are written alike, and nothing in them says again what an earlier one said. Where any of this
is not so, everything is read.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from carpel.engine.query import Tree, column, query, table
from carpel.reading import Rows
from carpel.reading.rows import inner
from carpel.specs import Source
from carpel.stages.base import Line, Output
from carpel.stages.sources.checked import PLACES
from carpel.stages.sources.fates import also
from carpel.stages.sources.sorting import Sorted, usable
from carpel.store.builds import Made
from carpel.store.files import digest
from carpel.tables import TABLES
from carpel.version import __version__

VERSION = 11
"""Of the stage: raised when the code makes something else of the same files."""
MOST = 40
"""So many times files are put beside those of the parent; then everything is read again, so that a
table does not become ever so many small files."""
CARRIED = ("set_aside", "accounting")
RECORDS = tuple(TABLES["records"].columns)
"""Columns of records beside what is said."""
SUMMED = ("unreadable", "same_key_other_content", "repaired_hours")
SUMMED_WITHIN = ("fixes", "refused")

Note = dict[str, Any]


@dataclass(frozen=True)
class Grown:
    """What the parent made of a source, and the names of the files that came since."""

    line: Line
    source: Source
    made: Made
    fresh: tuple[str, ...]
    data: tuple[tuple[str, str], ...]
    """All files in order, each with the digest of its content."""

    @property
    def note(self) -> Note:
        """What the parent noted of the source."""
        found: Note = self.made.notes[self.source.name]
        return found

    def fits(self, rows: Rows, done: Sorted) -> bool:
        """Whether the new files are written as the earlier ones, and say nothing again."""
        return (
            written(rows, done) == self.note["written"]
            and set(rows.files) == set(self.fresh)
            and not any(self._said_again(done, n) for n in range(len(self.source.track)))
        )

    def carry(self, output: Output) -> None:
        """Take over what the parent has of the earlier files, records aside."""
        events = [f"staged_event_{each.event}" for each in self.source.track]
        for name in dict.fromkeys([*events, *CARRIED]):
            output.carry(name, self.made.tables.get(name, ()))

    def said_by_all(self, fresh: Tree) -> Tree:
        """The records of the earlier files and of the new ones, each thing once."""
        held = self._bound("records")
        said = [column(each) for each in self.line.engine.columns(held) if each not in RECORDS]
        return query(
            'SELECT ref, source, min(file) AS file, arg_min("row", file) AS "row", '
            "max(seen_at) AS seen_at, min(first_seen_at) AS first_seen_at, :said FROM "
            "(SELECT * FROM :held UNION ALL BY NAME SELECT * FROM :fresh) AS both "
            "GROUP BY ref, source, :said",
            said=said,
            held=table(held),
            fresh=inner(fresh),
        )

    def noted(self, fresh: Note) -> Note:
        """What is noted of all files, from what is noted of the new ones."""
        former, found = self.note, {**self.note, **fresh}
        for key in SUMMED:
            found[key] = _added(former[key], fresh[key])
        for key in SUMMED_WITHIN:
            found[key] = {
                each: _added(former[key].get(each, {}), fresh[key].get(each, {}))
                for each in {**former[key], **fresh[key]}
            }
        found["checks"] = {
            each: _counted_with(former["checks"][each], new)
            for each, new in fresh["checks"].items()
        }
        for key in ("recoded", "unread_sheets"):
            found[key] = {**former.get(key, {}), **fresh[key]}
        for key, choose in (("first_event_at", min), ("last_event_at", max)):
            told = [each[key] for each in (former, fresh) if each[key]]
            found[key] = choose(told) if told else None
        files = [name for name, _ in self.data]
        return found | {"files": files, "data": list(self.data), "grown": former["grown"] + 1}

    def _said_again(self, done: Sorted, number: int) -> bool:
        staged = f"staged_event_{self.source.track[number].event}"
        if not self.made.tables.get(staged):
            return False
        told = query(
            "SELECT :key AS event_key FROM :t WHERE :usable",
            key=column(f"e{number}_event_key"),
            **usable(done, column(f"e{number}_told")),
        )
        both = query(
            "SELECT count(*) FROM :former AS f SEMI JOIN :told AS t USING (event_key)",
            former=table(self._bound(staged)),
            told=inner(told),
        )
        return bool(self.line.engine.value(both))

    def _bound(self, name: str) -> str:
        held = f"grown_{self.source.name}_{name}"
        files = [self.line.files.path(each) for each in self.made.tables[name]]
        self.line.engine.bind(held, files)
        return held


def grown(line: Line, source: Source, depends: Mapping[str, Any]) -> Grown | None:
    """The parent's part of the source, where nothing but further files came since."""
    made = line.parent.parts.get(f"sources/{source.name}") if line.parent else None
    note = made.notes.get(source.name, {}) if made else {}
    if made is None or not _can_grow(source) or note.get("besides") != besides(depends):
        return None
    there, before = _files(depends["data"]), dict(map(tuple, note["data"]))
    fresh = tuple(name for name, _ in there if name not in before)
    kept = {name: content for name, content in there if name in before}
    if not fresh or kept != before or note["future_events"] or note["grown"] >= MOST:
        return None
    return Grown(line, source, made, fresh, tuple(there))


def growth(source: Source, rows: Rows, done: Sorted, depends: Mapping[str, Any]) -> Note:
    """What a later run has to know to put further files beside these."""
    if not _can_grow(source):
        return {}
    data = _files(depends["data"])
    known = {"written": written(rows, done), "besides": besides(depends)}
    return {**known, "data": data, "grown": 0}


def besides(depends: Mapping[str, Any]) -> str:
    """A digest of all that the part depends on but for its data."""
    rest = {key: each for key, each in depends.items() if key != "data"}
    return digest([__version__, VERSION, rest])


def written(rows: Rows, done: Sorted) -> Any:
    """How files are written: their columns, and how each value is read."""
    ways = {
        key: [kind, done.values.facts.get(key, {}).get("how")]
        for key, kind in done.values.types.items()
    }
    return json.loads(json.dumps([dict(rows.columns), dict(rows.renamed), ways]))


def _can_grow(source: Source) -> bool:
    """Whether rows say nothing but events, each row by itself: then who says an event again is all
    that earlier files have a say in."""
    plain = source.mode == "append" and not source.joins and not source.fill_down
    return plain and bool(source.track and source.identifiers) and not also(source)


def _files(data: Any) -> list[tuple[str, str]]:
    """Names and digests of files; none where any of the data is no file."""
    if not all(isinstance(each, list) for each in data):
        return []
    return [(name, content) for each in data for name, content in each]


def _counted_with(one: Note, other: Note) -> Note:
    """What a check found in the earlier files and in the new ones."""
    places = sorted([*one["places"], *other["places"]])[:PLACES]
    return {key: one[key] + other[key] for key in ("rows", "of")} | {"places": places}


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in {**one, **other}}
