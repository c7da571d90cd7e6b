"""One customer's events with some added or taken away, to ask what would be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, conjunction, literal, query, table
from carpel.evaluation.candidates import candidates, typed, verdicts
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import condition
from carpel.evaluation.measures import Atom, Tally, atom, where_in
from carpel.evaluation.person import Reading, instead_of, readings
from carpel.evaluation.windows import local
from carpel.language import Did

Row = Mapping[str, Any]
LAST_KEY = 2**64 - 1


@dataclass(frozen=True)
class Edit:
    """Rows to be added, and keys of events that would not be."""

    add: tuple[Row, ...] = ()
    remove: tuple[int, ...] = ()

    def and_(self, other: "Edit") -> "Edit":
        """Both."""
        return Edit((*self.add, *other.add), (*self.remove, *other.remove))


class Doings:
    """What a customer did of one event, as a table that can be edited in mind."""

    def __init__(self, catalogue: Catalogue, customer: int, event: str) -> None:
        self.catalogue, self.customer, self.event = catalogue, customer, event
        self.family = catalogue.family(event)
        self.home = catalogue.event(event, self.family)

    def atom(self, leaf: Did) -> Atom:
        """The atom of a clause about this event."""
        return atom(leaf, self.catalogue, self.family)

    def tally(self, leaf: Did) -> Tally:
        """The figure that a clause compares."""
        measure = self.atom(leaf).measure
        assert isinstance(measure, Tally)
        return measure

    @cached_property
    def columns(self) -> Mapping[str, str]:
        """The event's columns and their types."""
        return self.catalogue.columns(self.home)

    def readings(self, leaves: Sequence[Did], edit: Edit) -> dict[Did, Reading]:
        """The clauses' values and verdicts as they would be."""
        atoms = {leaf: self.atom(leaf) for leaf in leaves}
        found = readings(
            atoms.values(), self.catalogue, self.customer, {self.event: self.rows(edit)}
        )
        return {leaf: found[each] for leaf, each in atoms.items()}

    def rows(self, edit: Edit) -> Tree:
        """The customer's events as they would be."""
        mine = (
            exp.select("*")
            .from_(table(self.home))
            .where(column("customer").isin(*self.catalogue.keys(self.customer)))
        )
        if edit.remove:
            mine = mine.where(exp.not_(column("event_key").isin(*edit.remove)))
        added = [exp.select(*self._cells(row, number)) for number, row in enumerate(edit.add)]
        return exp.union(mine, *added, distinct=False) if added else mine

    def _cells(self, row: Row, number: int) -> list[Tree]:
        whole = {**row, "customer": self.customer, "event_key": LAST_KEY - number}
        return [aliased(typed(whole.get(name), kind), name) for name, kind in self.columns.items()]

    def matching(self, leaf: Did, edit: Edit) -> list[tuple[int, datetime, Any]]:
        """Key, instant and measured value of the events that the clause counts, in order."""
        tally = self.tally(leaf)
        measured = (
            self.catalogue.property(self.event, leaf.property, self.family).value
            if leaf.property
            else exp.null()
        )
        rows = (
            self.catalogue.rows(self.event, set(tally.described), self.family)
            .where(tally.filters, where_in(tally.span, self.home))
            .select(
                *(column(each, self.home) for each in ("event_key", "at")), aliased(measured, "it")
            )
        )
        rows = instead_of(rows, self.home, self.rows(edit))
        return self.catalogue.engine.rows(rows.order_by(column("at"), column("event_key")))

    def samples(self, leaf: Did, others: Sequence[Did]) -> list[Row]:
        """Properties that an event may have to pass the clause's filters, best first.

        Those that none of the other clauses' filters lets pass come first; what somebody really
        did comes before what is made up.
        """
        mine = self.tally(leaf)
        rival = [
            each.filters
            for each in map(self.tally, others)
            if each.filters != mine.filters and each.filters != exp.true()
        ]
        apart = [exp.not_(query("COALESCE(:it, FALSE)", it=each)) for each in rival]
        real = [
            self._real(leaf, conjunction([mine.filters, *limits]))
            for limits in ([apart, []] if apart else [[]])
        ]
        made_up = self._made_up(leaf)
        listed = [made_up, *real] if not leaf.where else [*real, made_up]
        return [row for row in listed if row is not None]

    def _real(self, leaf: Did, limits: Tree) -> Row | None:
        described = set(self.tally(leaf).described) | {
            name.removeprefix("described_")
            for each in limits.find_all(exp.Column)
            if (name := each.table).startswith("described_")
        }
        names = [name for name in self.columns if name not in ("customer", "event_key", "at")]
        rows = (
            self.catalogue.rows(self.event, described, self.family)
            .select(*(column(each, self.home) for each in names))
            .where(limits)
            .limit(1)
        )
        found = self.catalogue.engine.rows(rows)
        return dict(zip(names, found[0], strict=True)) if found else None

    def _made_up(self, leaf: Did) -> Row | None:
        """A row with every filtered property at a value that passes; None when there is none."""
        row: dict[str, Any] = {}
        described: dict[str, list[Tree]] = {}
        clock = self.catalogue.clock
        for name, comparison in leaf.where.items():
            found = self.catalogue.property(self.event, name, self.family)
            if found.described_by:
                limit = condition(
                    found.value, found.kind, comparison, moment=clock.moment, zone=clock.zone
                )
                described.setdefault(found.described_by, []).append(limit)
                continue
            tried = candidates(found.kind, [comparison], None, clock)
            held = verdicts(found.kind, [comparison], tried, self.catalogue)
            fits = [value for value, (holds,) in zip(tried, held, strict=True) if holds]
            if not fits:
                return None
            row[name] = fits[0]
        keys = {key: self._key(key, conjunction(limits)) for key, limits in described.items()}
        return None if None in keys.values() else row | keys

    def _key(self, key: str, limit: Tree) -> Any:
        rows = exp.select(column(key)).from_(table(f"described_{key}")).where(limit)
        return self.catalogue.engine.value(rows.order_by(column(key)).limit(1))

    def with_value(self, row: Row, name: str, value: Any) -> Row | None:
        """The row with a property set, by the key of what has it where it is looked up."""
        found = self.catalogue.property(self.event, name, self.family)
        if found.described_by is None:
            return {**row, name: value}
        key = self._key(found.described_by, found.value.eq(literal(value)))
        return None if key is None else {**row, found.described_by: key}

    def at(self, row: Row, moment: datetime, leaf: Did) -> Row:
        """The row at an instant, with its local day and hour unless the clause filters by them."""
        there = local(moment, self.catalogue.clock.zone)
        clock = {"local_date": there.date(), "local_hour": there.hour}
        kept = {name: row[name] for name in clock if name in leaf.where and name in row}
        return {**row, **clock, **kept, "at": moment}

    def known_values(self, name: str) -> list[Any]:
        """Some values that the property has in the data."""
        found = self.catalogue.property(self.event, name, self.family)
        home = f"described_{found.described_by}" if found.described_by else self.home
        rows = query(
            "SELECT DISTINCT :it FROM :t WHERE :it IS NOT NULL ORDER BY 1 LIMIT 50",
            it=found.value,
            t=table(home),
        )
        return [row[0] for row in self.catalogue.engine.rows(rows)]
