"""One customer's events with some added or taken away, to ask what would be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, table
from carpel.evaluation.candidates import typed
from carpel.evaluation.catalogue import Catalogue, Property
from carpel.evaluation.measures import Atom, Tally, atom, where_in
from carpel.evaluation.person import Reading, readings
from carpel.evaluation.relation import instead_of
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

    def property(self, leaf: Did, name: str) -> Property:
        """A property of the event."""
        return self.catalogue.property(leaf.event, name, self.family)

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
        measured = self.property(leaf, leaf.property).value if leaf.property else exp.null()
        rows = (
            self.catalogue.rows(self.event, set(tally.described), self.family)
            .where(tally.filters, where_in(tally.span, self.home))
            .select(
                *(column(each, self.home) for each in ("event_key", "at")), aliased(measured, "it")
            )
        )
        rows = instead_of(rows, self.home, self.rows(edit))
        return self.catalogue.engine.rows(rows.order_by(column("at"), column("event_key")))
