"""Everything by which a person of the demo could still be found, and the search for it."""

import csv
import json
import re
import sqlite3
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyroaring import BitMap

import carpel
from carpel.engine.query import query, table
from carpel.store.builds import Builds
from carpel.verbs.reader import reading

PERSONS = {"customer", "survivor", "origin"}
RECORDS = {"ref", "left_ref", "right_ref"}
FIGURES = {
    "row", "records", "others", "rows", "of", "known", "frequency", "days", "days_since", "people",
    "number", "groups", "smallest", "held_out_days",
    "unknown", "with_address", "permitted", "suppressed", "reachable", "n", "seats", "account",
    "build", "accounts", "position", "contrast_n", "items", "factors", "parallel",
    "buyers", "days_left", "drawn_in", "in_several", "m", "more", "pair", "period", "place", "sent",
    "treated", "ways", "within_days",
}  # fmt: skip
"""Whole numbers of the tables that are no key of a person, nor of what they said or did."""


def keys(folder: Path, customer: int) -> dict[str, set[int]]:
    """By column, the keys that stand for the person, their records and what they did."""
    with reading(carpel.open(folder).session) as reader:
        refs = "SELECT ref FROM identities WHERE customer = :it"
        found = {row[0] for row in reader.engine.rows(query(refs, it=customer))}
        events = {
            row[0]
            for name in reader.build.tables()
            if name.startswith("activity_")
            for row in reader.engine.rows(
                query("SELECT event_key FROM :t WHERE customer = :it", t=table(name), it=customer)
            )
        }
    return {
        **{each: {customer} for each in PERSONS},
        **dict.fromkeys(RECORDS, found),
        "event_key": events,
    }


def values(folder: Path, refs: set[int]) -> set[str]:
    """What nobody else has: as the files write it, and as Carpel made it regular."""
    theirs, others = _regular(folder, refs)
    raw, raw_others = _raw(folder, {each for each in theirs if each.casefold() not in others})
    shared = others | raw_others
    own = {each for each in theirs | raw if each.casefold() not in shared and _telling(each)}
    return own | {str(ref) for ref in refs}


def _telling(text: str) -> bool:
    """Whether a text stands nowhere by chance: not short, no small number, no event's day."""
    day = re.fullmatch(r"20\d\d-\d\d-\d\d\S*", text)
    return len(text) >= (8 if text.isdigit() else 6) and not day


def _regular(folder: Path, refs: set[int]) -> tuple[set[str], set[str]]:
    theirs, others = set[str](), set[str]()
    with reading(carpel.open(folder).session) as reader:
        rows = reader.dicts(query("SELECT * FROM records"))
    for row in rows:
        cells = [str(v) for k, v in row.items() if k[:3] == "id_" or k[:2] == "t_" if v is not None]
        if row["ref"] in refs:
            theirs |= _forms(cells)
        else:
            others |= {each.casefold() for each in _forms(cells)}
    return theirs, others


def _forms(cells: list[str]) -> set[str]:
    """The cells of a row, and neighbours together: first and last name, street and number."""
    beside = [pair for pair in pairwise(cells) if all(len(each) > 1 for each in pair)]
    return {
        *cells,
        *(f"{one} {other}" for one, other in beside),
        *(f"{other} {one}" for one, other in beside),
        *(f"{other}, {one}" for one, other in beside),
    }


def _raw(folder: Path, own: set[str]) -> tuple[set[str], set[str]]:
    """What the person's rows of the project's own files say, and what all other rows say."""
    theirs, others = set[str](), set[str]()
    known = {each.casefold() for each in own}
    for file in sorted((folder / "data").glob("*.csv")):
        with file.open(newline="", encoding="utf-8-sig") as rows:
            for row in csv.reader(rows):
                cells = [each for each in row if each.strip()]
                if known & {each.strip().casefold() for each in cells}:
                    theirs |= _forms(cells)
                else:
                    others |= {each.casefold() for each in _forms(cells)}
    return theirs, others


class Traces:
    """Searches a project's folder for a person."""

    def __init__(self, folder: Path, customer: int) -> None:
        self.folder, self.hidden, self.customer = folder, folder / ".carpel", customer
        self.keys = keys(folder, customer)
        self.values = values(folder, self.keys["ref"])
        self._any = re.compile("|".join(map(re.escape, sorted(self.values))), re.IGNORECASE)

    def found(self) -> list[tuple[str, str]]:
        """Where, and what: a value, or `key`, or `set`."""
        return [*self._bytes(), *self._cells(), *self._keys(), *self._ledger()]

    def _told(self, text: str) -> str | None:
        hit = self._any.search(text)
        return hit.group().casefold() if hit else None

    def _bytes(self) -> Iterator[tuple[str, str]]:
        for path in sorted(each for each in self.hidden.rglob("*") if each.is_file()):
            content, name = path.read_bytes(), str(path.relative_to(self.hidden))
            yield from (
                (f"bytes of {name}", each.casefold())
                for each in self.values
                if each.encode() in content
            )
            if hit := self._told(name):
                yield f"name of {name}", hit

    def _cells(self) -> Iterator[tuple[str, str]]:
        """Decoded cells of all Parquet files, those that no manifest names as well."""
        for path in sorted(self.hidden.rglob("*.parquet")):
            texts = [
                field.name
                for field in pq.read_schema(path)
                if str(field.type).startswith(("string", "large_string", "date", "list"))
            ]
            data = pq.read_table(path, columns=texts)
            for name in texts:
                listed = str(data.schema.field(name).type).startswith("list")
                for cell in (
                    data[name].combine_chunks().flatten() if listed else data[name]
                ).unique():
                    if hit := self._told(str(cell.as_py())):
                        yield f"{path.name}, cells of {name}", hit

    def _keys(self) -> Iterator[tuple[str, str]]:
        """Every key column of every table of every build, and every set of keys."""
        builds, seen = Builds(self.hidden), set[str]()
        for build in builds.all():
            for name, files in build.tables().items():
                for file in set(files) - seen:
                    seen.add(file)
                    path = builds.files.path(file)
                    own = set(pq.read_schema(path).names)
                    for column in sorted(self.keys.keys() & own):
                        data = pq.read_table(path, columns=[column])[column]
                        sought = pa.array(sorted(self.keys[column]), data.type)
                        if pc.any(pc.is_in(data, value_set=sought)).as_py():
                            yield f"{name}.{column}", "key"
                    if "members" in own:
                        for cell in pq.read_table(path, columns=["members"])["members"]:
                            if self.customer in BitMap.deserialize(cell.as_py()):
                                yield name, "set"

    def _ledger(self) -> Iterator[tuple[str, str]]:
        with sqlite3.connect(self.hidden / "ledger.db") as ledger:
            ledger.row_factory = sqlite3.Row
            names = [row[0] for row in ledger.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'")]  # fmt: skip
            for name in names:
                for row in ledger.execute(f'SELECT * FROM "{name}"'):
                    yield from self._in_row(name, dict(row))

    def _in_row(self, name: str, row: dict[str, object]) -> Iterator[tuple[str, str]]:
        for column, cell in row.items():
            if hit := self._told(str(cell)):
                yield f"ledger {name}.{column}", hit
            by_key = column in PERSONS and cell == self.customer
            if by_key or (column == "arguments" and self._named(str(cell))):
                yield f"ledger {name}.{column}", "key"

    def _named(self, arguments: str) -> bool:
        return str(json.loads(arguments).get("customer")) == str(self.customer)
