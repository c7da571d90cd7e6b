"""What an event may look like that passes a clause's filters."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, conjunction, literal, query, table
from carpel.evaluation.candidates import candidates, verdicts
from carpel.evaluation.comparisons import condition
from carpel.evaluation.edited import Doings, Row
from carpel.evaluation.windows import local
from carpel.language import Comparison, Did

SOME = 50
"""Values of a property looked at."""


class Samples:
    """Rows and values for one clause about an event."""

    def __init__(self, doings: Doings, leaf: Did) -> None:
        self.doings, self.leaf, self.tally = doings, leaf, doings.tally(leaf)
        self.catalogue = doings.catalogue

    def rows(self, others: Sequence[Did]) -> list[Row]:
        """Properties that an event may have, best first.

        Those that none of the other clauses' filters lets pass come first; what somebody really
        did comes before what is made up, unless anything will do.
        """
        rival = [
            each.filters
            for each in map(self.doings.tally, others)
            if each.filters not in (self.tally.filters, exp.true())
        ]
        apart = [exp.not_(query("COALESCE(:it, FALSE)", it=each)) for each in rival]
        real = [
            self._real(conjunction([self.tally.filters, *limits]))
            for limits in ([apart, []] if apart else [[]])
        ]
        listed = [*real, self._made_up] if self.leaf.where else [self._made_up, *real]
        return [row for row in listed if row is not None]

    def _real(self, limits: Tree) -> Row | None:
        described = set(self.tally.described) | {
            name.removeprefix("described_")
            for each in limits.find_all(exp.Column)
            if (name := each.table).startswith("described_")
        }
        names = [
            name for name in self.doings.columns if name not in ("customer", "event_key", "at")
        ]
        rows = (
            self.catalogue.rows(self.leaf.event, described, self.doings.family)
            .select(*(column(each, self.doings.home) for each in names))
            .where(limits)
            .limit(1)
        )
        found = self.catalogue.engine.rows(rows)
        return dict(zip(names, found[0], strict=True)) if found else None

    @cached_property
    def _made_up(self) -> Row | None:
        """A row with every filtered property at a value that passes; None when there is none."""
        own = {
            name: self._passing(found.kind, comparison)
            for name, comparison in self.leaf.where.items()
            if not (found := self.doings.property(self.leaf, name)).described_by
        }
        keys = {key: self._keys(key)[:1] for key in self._described}
        found_all = {**own, **keys}
        if not all(found_all.values()):
            return None
        return {name: values[0] for name, values in found_all.items()}

    def _passing(self, kind: str, comparison: Comparison) -> list[Any]:
        tried = candidates(kind, [comparison], None, self.catalogue.clock)
        held = verdicts(kind, [comparison], tried, self.catalogue)
        return [value for value, (holds,) in zip(tried, held, strict=True) if holds]

    @cached_property
    def _described(self) -> Mapping[str, list[Tree]]:
        """The filters on what is looked up, by the property that looks it up."""
        limits: dict[str, list[Tree]] = {}
        clock = self.catalogue.clock
        for name, comparison in self.leaf.where.items():
            found = self.doings.property(self.leaf, name)
            if found.described_by:
                limits.setdefault(found.described_by, []).append(
                    condition(
                        found.value, found.kind, comparison, moment=clock.moment, zone=clock.zone
                    )
                )
        return limits

    def _keys(self, key: str, *more: Tree) -> list[Any]:
        """Keys of things that are described as the filters want."""
        limits = [*self._described.get(key, []), *more]
        rows = (
            exp.select(column(key))
            .from_(table(f"described_{key}"))
            .where(conjunction(limits))
            .order_by(column(key))
            .limit(SOME)
        )
        return [row[0] for row in self.catalogue.engine.rows(rows)]

    def with_value(self, row: Row, value: Any) -> Row | None:
        """The row with the measured property set, by a key of what has it where it is looked up."""
        name = str(self.leaf.property)
        found = self.doings.property(self.leaf, name)
        if found.described_by is None:
            return {**row, name: value}
        keys = self._keys(found.described_by, found.value.eq(literal(value)))
        return {**row, found.described_by: keys[0]} if keys else None

    def at(self, row: Row, moment: datetime) -> Row:
        """The row at an instant, with its local day and hour unless the clause filters by them."""
        there = local(moment, self.catalogue.clock.zone)
        clock = {"local_date": there.date(), "local_hour": there.hour}
        kept = {name: row[name] for name in clock if name in self.leaf.where and name in row}
        return {**row, **clock, **kept, "at": moment}

    def values(self) -> list[Any]:
        """Values that the measured property has, those that pass the filters first."""
        return list(dict.fromkeys([*self.passing(), *self._occurring(exp.true())]))

    def passing(self) -> list[Any]:
        """Values of the measured property that pass the filters: that occur, and made up."""
        name = str(self.leaf.property)
        looked_up = self._keys(name) if name in self._described else []
        made_up = [(self._made_up or {}).get(name)]
        listed = [*self._occurring(self.tally.filters), *looked_up, *made_up]
        return [value for value in dict.fromkeys(listed) if value is not None]

    def _occurring(self, limits: Tree) -> list[Any]:
        value = self.doings.property(self.leaf, str(self.leaf.property)).value
        rows = self.catalogue.rows(self.leaf.event, set(self.tally.described), self.doings.family)
        rows = (
            rows.select(aliased(value, "it"))
            .distinct()
            .where(limits, query(":it IS NOT NULL", it=value))
            .order_by(column("it"))
            .limit(SOME)
        )
        return [row[0] for row in self.catalogue.engine.rows(rows)]
