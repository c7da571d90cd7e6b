"""Why somebody came or went since the parent build.

definition   the rule, or something it refers to, says something else than before
identity     people were merged or parted, so a key came or went
correction   the same moment, or an earlier one, looked at with other data
data         something about this very person is new, or gone
clock        nothing is: time passed (or others passed them, where a place is relative)
"""

from collections.abc import Iterator, Mapping
from functools import cached_property

import pyarrow as pa
from pyroaring import BitMap

from carpel.engine.query import Tree, column, query, table
from carpel.evaluation.bitmaps import to_keys
from carpel.evaluation.memberships import selected
from carpel.stages.base import Line
from carpel.stages.segments.rules import account_fingerprints, fingerprints
from carpel.store.builds import Build

DIFFERENT = """
    SELECT key FROM (
      SELECT :key AS key, 1 AS side, hash(r) AS content FROM :now AS r
      UNION ALL SELECT :key, -1, hash(r) FROM :former AS r) AS rows_of_both
    GROUP BY key HAVING sum(side) <> 0 OR bit_xor(content) <> 0"""
"""The keys whose rows are not the same in both builds."""
KEYED = ("customers", "contacts", "contracts", "consents", "belongings")


class Causes:
    """Tells apart why people moved, between a build and its parent."""

    def __init__(self, line: Line, parent: Build) -> None:
        self.line, self.parent = line, parent
        self.former_files = parent.tables()
        self.definitions = fingerprints(line.definitions)
        self.former_definitions: Mapping[str, str] = parent.notes("segments").get("definitions", {})

    def split(self, segment: str, moved: BitMap) -> Iterator[tuple[str, BitMap]]:
        """The people who moved in or out of a segment, by cause; each in one."""
        if self.definitions.get(segment) != self.former_definitions.get(segment):
            yield "definition", moved
            return
        rest = moved - self.rekeyed
        yield "identity", moved & self.rekeyed
        if self.line.moment <= self.parent.as_of.replace(tzinfo=None):
            yield "correction", rest
        else:
            yield "data", rest & self.touched
            yield "clock", rest - self.touched

    @cached_property
    def rekeyed(self) -> BitMap:
        """Everybody who was merged, or parted again, since the parent."""
        if not self._changed("aliases"):
            return BitMap()
        return self._selected(
            "aliases",
            """
            SELECT unnest([customer, survivor]) FROM (
              (SELECT customer, survivor FROM :now AS n
               EXCEPT SELECT customer, survivor FROM :former AS f)
              UNION ALL
              (SELECT customer, survivor FROM :former AS f
               EXCEPT SELECT customer, survivor FROM :now AS n)) AS changed""",
        )

    @cached_property
    def touched(self) -> BitMap:
        """Everybody about whom a row is new, other or gone since the parent.

        Equal rows of the two builds cancel each other out; whoever has any left is touched.
        """
        events = {
            name for name in (*self.line.tables(), *self.former_files) if name.startswith("event_")
        }
        return BitMap.union(
            BitMap(),
            *(self.touched_in(name) for name in sorted({*KEYED, *events})),
        )

    def touched_in(self, name: str) -> BitMap:
        """Everybody about whom a row of this table is new, other or gone since the parent.

        Under the keys of today: rows stand under those that they came with.
        """
        if not self._changed(name):
            return BitMap()
        return self._selected(
            name,
            f"""
            SELECT DISTINCT coalesce(a.survivor, changed.key) FROM ({DIFFERENT}) AS changed
            LEFT JOIN aliases AS a ON a.customer = changed.key""",
            key=column("customer"),
        )

    def _changed(self, name: str) -> bool:
        return sorted(self.line.table_files(name)) != sorted(self.former_files.get(name, ()))

    def _selected(self, name: str, text: str, **parts: Tree) -> BitMap:
        """The keys that a query selects from a table now and as it was in the parent.

        Files that both have cancel each other out and are not read.
        """
        engine, files = self.line.engine, self.line.files
        ours, theirs = self.line.table_files(name), self.former_files.get(name, [])
        fresh = [files.path(each) for each in ours if each not in theirs]
        gone = [files.path(each) for each in theirs if each not in ours]
        engine.bind("fresh", fresh or [files.path(each) for each in (*ours, *theirs)])
        engine.bind("former", gone or fresh or [files.path(each) for each in theirs])
        rows = {"now": self._said("fresh", bool(fresh)), "former": self._said("former", bool(gone))}
        found = selected(engine, query(text, **rows, **parts))
        for each in ("fresh", "former"):
            engine.drop(each)
        return found

    def _said(self, name: str, there: bool) -> Tree:
        """The rows of a table but for when they were loaded, which says nothing of anybody."""
        dated = "loaded_at" in self.line.engine.columns(name)
        rows = query(f"SELECT * {'EXCLUDE (loaded_at)' if dated else ''} FROM :t", t=table(name))
        return rows if there else query("SELECT * FROM :rows AS r WHERE FALSE", rows=rows)


class AccountCauses(Causes):
    """The same of accounts: what is new about one is new about any of its people, or itself."""

    def __init__(self, line: Line, parent: Build) -> None:
        super().__init__(line, parent)
        self.definitions = account_fingerprints(line.definitions)
        self.former_definitions = parent.notes("segments").get("account_definitions", {})

    @cached_property
    def rekeyed(self) -> BitMap:
        """Every account of whose people somebody was merged, or parted again, since the parent."""
        return self._accounts_of(super().rekeyed)

    @cached_property
    def touched(self) -> BitMap:
        """Every account about which, or whose people, a row is new, other or gone."""
        stated = BitMap()
        if self._changed("accounts"):
            stated = self._selected("accounts", DIFFERENT, key=column("account"))
        return self._accounts_of(super().touched) | stated

    def _accounts_of(self, people: BitMap) -> BitMap:
        """The accounts that these people belong to, or did."""
        engine, files = self.line.engine, self.line.files
        former = self.former_files.get("belongings") or self.line.table_files("belongings")
        engine.bind("former", [files.path(each) for each in former])
        engine.register("moved_people", pa.table({"customer": to_keys(people)}))
        found = selected(
            engine,
            query(
                """SELECT account FROM belongings AS b SEMI JOIN moved_people USING (customer)
                   UNION SELECT account FROM former AS f SEMI JOIN moved_people USING (customer)"""
            ),
        )
        for each in ("former", "moved_people"):
            engine.drop(each)
        return found
