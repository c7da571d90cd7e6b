"""Data files without a person: each that held one is written anew, the others stay as they are."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, column, literal, query
from carpel.store.builds import Build, Made
from carpel.store.files import Files
from carpel.store.person import Person

CUSTOMERS = ("customer", "survivor", "origin")
REFS = ("ref", "left_ref", "right_ref")
GONE = "erased"


class Cleaner:
    """Writes files anew without a person; remembers which file stands in place of which."""

    def __init__(self, engine: Engine, files: Files, person: Person) -> None:
        self.engine, self.files, self.person = engine, files, person
        self.moved: dict[str, str] = {}
        """Names of all files looked at, and of those that hold what may stay of them."""
        # Other names than the search binds tables by: these would else stand before them.
        self._register("gone_refs", "ref", "uint64", person.refs)
        self._register("gone_customers", "customer", "int64", person.customers)
        self._register("gone_accounts", "account", "int64", person.accounts)
        self._register("gone_event_keys", "event_key", "uint64", person.event_keys)

    def clean(self, build: Build) -> Build:
        """The same build without the person."""
        parts = {name: self._made(made) for name, made in build.parts.items()}
        return Build(
            build.build, build.parent, build.as_of, build.made_at, parts, self._note(build.about)
        )

    def rewritten(self) -> int:
        """How many files held the person."""
        return sum(old != new for old, new in self.moved.items())

    def _made(self, made: Made) -> Made:
        tables = {
            name: tuple(self._file(name, each) for each in files)
            for name, files in made.tables.items()
        }
        return Made(made.fingerprint, tables, self._note(made.notes))

    def _note(self, note: Any) -> Any:
        """A manifest's note, without any text that tells of the person."""
        if isinstance(note, str):
            return GONE if self.person.told_by(note) else note
        if isinstance(note, Mapping):
            return {key: self._note(each) for key, each in note.items()}
        return [self._note(each) for each in note] if isinstance(note, list | tuple) else note

    def _file(self, name: str, file: str) -> str:
        if file not in self.moved:
            self.engine.bind("erase_file", [self.files.path(file)])
            columns = self.engine.columns("erase_file")
            self.moved[file] = (
                self._sets(name, file) if "members" in columns else self._rows(name, file, columns)
            )
        return self.moved[file]

    def _rows(self, name: str, file: str, columns: Mapping[str, str]) -> str:
        conditions = _keyed(columns)
        texts = [each for each, kind in columns.items() if kind == "VARCHAR"]
        told = self._owned(texts) if conditions else self._told(texts)
        if name == "set_aside":
            conditions, told = list(told.values()), {}  # such a row goes as a whole
        gone = _any(conditions)
        if not self._holds(_any([gone, *told.values()])):
            return file
        kept = [_without(each, told[each]) if each in told else column(each) for each in columns]
        rest = query("NOT (:gone)", gone=gone)
        return self._write(exp.select(*kept).from_("erase_file").where(rest))

    def _owned(self, texts: Collection[str]) -> dict[str, Tree]:
        """Where rows under another's key (a merge since undone) state the person's own values."""
        values = [literal(value) for _, value in sorted(self.person.own)]
        wanted = [each for each in texts if each.startswith(("id_", "t_"))] if values else []
        return {
            each: query("lower(trim(:c)) IN (:listed)", c=column(each), listed=values)
            for each in wanted
        }

    def _told(self, texts: Collection[str]) -> dict[str, Tree]:
        """Where a text of a table without keys tells of the person."""
        told = {}
        for each in texts:
            rows = self.engine.rows(query("SELECT DISTINCT :c FROM erase_file", c=column(each)))
            if found := [text for (text,) in rows if text and self.person.told_by(text)]:
                values = [literal(text) for text in found]
                told[each] = query(":c IN (:listed)", c=column(each), listed=values)
        return told

    def _sets(self, name: str, file: str) -> str:
        """Bitmaps without the person's keys, or those of accounts that go too; and their sizes."""
        import pyarrow as pa
        import pyarrow.compute as pc
        from pyroaring import BitMap

        data = self.engine.fetch(query("SELECT * FROM erase_file"))
        of_accounts = name.startswith("account_")
        keys = BitMap(self.person.accounts if of_accounts else self.person.customers)
        sets = [BitMap.deserialize(each) for each in data["members"].to_pylist()]
        if not any(keys & each for each in sets):
            return file
        kept = [each - keys for each in sets]
        fresh = {"members": pa.array([each.serialize() for each in kept])}
        for size in {"people", "accounts"} & set(data.column_names):
            gone = pa.array([len(each & keys) for each in sets], pa.int64())
            fresh[size] = pc.subtract(data[size], gone)  # such an account has no one else
        for column_, values in fresh.items():
            data = data.set_column(data.schema.get_field_index(column_), column_, values)
        self.engine.register("erase_sets", data)
        return self._write(query("SELECT * FROM erase_sets"))

    def _holds(self, condition: Tree) -> bool:
        return bool(
            self.engine.value(
                query("SELECT count(*) FROM erase_file WHERE :condition", condition=condition)
            )
        )

    def _write(self, tree: Tree) -> str:
        fresh = self.files.fresh()
        try:
            self.engine.write(tree, fresh)
            return self.files.keep(fresh)
        finally:
            fresh.unlink(missing_ok=True)

    def _register(self, name: str, key: str, kind: str, values: Collection[int]) -> None:
        import pyarrow as pa

        self.engine.register(name, pa.table({key: pa.array(sorted(values), kind)}))


def _keyed(columns: Collection[str]) -> list[Tree]:
    """Conditions under which a row is the person's; none for a table that has no keys."""
    found = [
        query("coalesce(:c IN (SELECT customer FROM gone_customers), false)", c=column(each))
        for each in CUSTOMERS
        if each in columns
    ]
    found += [
        query("coalesce(:c IN (SELECT ref FROM gone_refs), false)", c=column(each))
        for each in REFS
        if each in columns
    ]
    for each in ("account", "event_key"):
        if each in columns:
            found.append(
                query(f"coalesce(:c IN (SELECT {each} FROM gone_{each}s), false)", c=column(each))
            )
    return found


def _without(name: str, told: Tree) -> Tree:
    return aliased(query("CASE WHEN :told THEN NULL ELSE :c END", told=told, c=column(name)), name)


def _any(conditions: Collection[Tree]) -> Tree:
    tree = query("false")
    for each in conditions:
        tree = query(":a OR coalesce(:b, false)", a=tree, b=each)
    return tree
