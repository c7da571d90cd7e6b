"""Looking for a person in all builds that are kept."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from carpel.engine.base import Engine
from carpel.engine.query import Tree, column, literal, query, table
from carpel.errors import NotFound
from carpel.store.builds import Build
from carpel.store.files import Files
from carpel.store.person import Identifier, Person
from carpel.store.tombstones import Tombstones, names_in
from carpel.store.traces import person_name

MINE = "ref IN (SELECT ref FROM erase_refs)"


class Search:
    """Finds people in builds, newest build first; binds one table at a time as `erase_…`."""

    def __init__(self, engine: Engine, files: Files, builds: Sequence[Build]) -> None:
        self.engine, self.files, self.builds = engine, files, builds

    def customer(self, key: int, current: Build) -> Person:
        """The person with this key in the current build, and all that builds hold of them.

        Raises NotFound when nobody has the key.
        """
        known = self._bind("customers", current) and self._set("customers", "customer", [key])
        if not known:
            raise NotFound("customer", str(key))
        person = Person(self._merged_with(key, current))
        person.refs = self._refs(person.customers, current)
        self._describe(person)
        return person

    def erased(self, stones: Tombstones) -> Person:
        """All erased people together, as far as these builds still hold them."""
        person = Person()
        for _ in self._versions("records"):
            person.refs |= set(stones.refs_in(self.engine, "erase_records"))
        for _ in self._versions("identities"):
            refs = self._all("SELECT DISTINCT ref FROM erase_identities")
            person.refs |= {ref for (ref,) in refs if stones.of_ref(ref) in stones.hashes}
        for _ in self._versions("identities"):
            groups = self._all("SELECT customer, list(ref) FROM erase_identities GROUP BY ALL")
            person.customers |= {key for key, refs in groups if person.refs.issuperset(refs)}
        self._describe(person)
        return person

    def _merged_with(self, key: int, current: Build) -> set[int]:
        """The key and all that became one with it, as the current build's aliases say."""
        keys = {key}
        if self._bind("aliases", current):
            pairs = self._all("SELECT customer, survivor FROM erase_aliases")
            while more := {each for pair in pairs if keys & set(pair) for each in pair} - keys:
                keys |= more
        return keys

    def _refs(self, keys: Collection[int], current: Build) -> set[int]:
        """Records under these keys in any build, but for those that are somebody else's now."""
        refs, theirs = set[int](), set[int]()
        for build in self._versions("identities"):
            refs |= self._set("identities", "ref", keys)
            if build.tables()["identities"] == current.tables().get("identities"):
                theirs = self._set("identities", "ref", keys, within=False)
        return refs - theirs

    def _describe(self, person: Person) -> None:
        """Fill in what records say of the person, and which of that others' records say too."""
        import pyarrow as pa

        refs = pa.array(sorted(person.refs), pa.uint64())
        self.engine.register("erase_refs", pa.table({"ref": refs}))
        for _ in self._versions("records"):
            person.rows |= set(
                self._all(f"SELECT source, file, row FROM erase_records WHERE {MINE}")
            )
            person.names |= self._names()
            for kind in self._kinds():
                person.own |= self._identifiers(kind, query(MINE))
        for _ in self._versions("records"):
            for kind in self._kinds():
                person.shared |= self._identifiers(kind, self._others_with(person, kind))
        person.own -= person.shared
        self._find_accounts(person)
        self._find_strayed(person)

    def _kinds(self) -> list[str]:
        columns = self.engine.columns("erase_records")
        return [name.removeprefix("id_") for name in columns if name.startswith("id_")]

    def _names(self) -> set[str]:
        columns = names_in(self.engine.columns("erase_records"))
        if not columns:
            return set()
        stated = query(f"SELECT DISTINCT :names FROM erase_records WHERE {MINE}", names=columns)
        return {person_name(row) for row in self.engine.rows(stated)} - {""}

    def _identifiers(self, kind: str, where: Tree) -> set[Identifier]:
        values = query("SELECT DISTINCT :v FROM erase_records WHERE :w", v=_text(kind), w=where)
        return {(kind, value) for (value,) in self.engine.rows(values) if value}

    def _others_with(self, person: Person, kind: str) -> Tree:
        """Rows of others that state an identifier of the person's."""
        values = [literal(value) for each, value in sorted(person.own) if each == kind]
        return query(
            f"NOT ({MINE}) AND :v IN (:listed)", v=_text(kind), listed=values or [query("NULL")]
        )

    def _find_accounts(self, person: Person) -> None:
        others = set[int]()
        for _ in self._versions("belongings"):
            person.accounts |= self._set("belongings", "account", person.customers)
            others |= self._set("belongings", "account", person.customers, within=False)
        person.accounts -= others

    def _find_strayed(self, person: Person) -> None:
        for build in self.builds:
            if self._bind("identities", build) and self._strays(person):
                for name in build.tables():
                    if name.startswith("staged_event_") and self._bind(name, build):
                        person.event_keys |= {
                            each
                            for (each,) in self.engine.rows(
                                query(
                                    f"SELECT event_key FROM :t WHERE {MINE}",
                                    t=table(f"erase_{name}"),
                                )
                            )
                        }

    def _strays(self, person: Person) -> bool:
        """Whether the bound identities give a record of the person to another's key."""
        under = self._all(f"SELECT DISTINCT customer FROM erase_identities WHERE {MINE}")
        return not person.customers.issuperset(key for (key,) in under)

    def _versions(self, name: str) -> Iterator[Build]:
        """A build for each version of a table, newest first, with that table bound."""
        seen = set[tuple[str, ...]]()
        for build in reversed(self.builds):
            files = tuple(build.tables().get(name, ()))
            if files and files not in seen:
                seen.add(files)
                self._bind(name, build)
                yield build

    def _bind(self, name: str, build: Build) -> bool:
        paths = [self.files.path(each) for each in build.tables().get(name, ())]
        if paths:
            self.engine.bind(f"erase_{name}", paths)
        return bool(paths)

    def _set(
        self, name: str, wanted: str, keys: Collection[int], *, within: bool = True
    ) -> set[int]:
        """Values of a column in the rows of these customers, or in those of all others."""
        listed = [literal(key) for key in sorted(keys)] or [query("NULL")]
        where = query("customer IN (:keys)", keys=listed)
        rows = query(
            "SELECT DISTINCT :c FROM :t WHERE coalesce(:w, false) = :within",
            c=column(wanted),
            t=table(f"erase_{name}"),
            w=where,
            within=within,
        )
        return {each for (each,) in self.engine.rows(rows)}

    def _all(self, text: str) -> list[tuple[Any, ...]]:
        return self.engine.rows(query(text))


def _text(kind: str) -> Tree:
    return query("lower(trim(CAST(:c AS VARCHAR)))", c=column(f"id_{kind}"))
