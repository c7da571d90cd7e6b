"""What all criteria look at: the sets, what is measured of them, their past."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from pyroaring import BitMap

from carpel.engine.query import query, table
from carpel.evaluation.history import History
from carpel.evaluation.memberships import selected, stored_sets, stored_verdicts
from carpel.evaluation.movements import EVERYBODY
from carpel.evaluation.refunds import bought
from carpel.language import Node, SegmentationRef, references
from carpel.specs.places import places
from carpel.stages.base import Line

WINDOW_DAYS = 30
"""Days in which people are expected to react."""


class Ground:
    """Reads what the stages before have written, each thing once."""

    def __init__(self, line: Line) -> None:
        self.line, self.engine, self.moment = line, line.engine, line.moment
        self.history = History(line.engine)

    @cached_property
    def sets(self) -> dict[str, BitMap]:
        """Members of every segment of people that has any."""
        return {name: each for name, each in stored_sets(self.engine).items() if each}

    @cached_property
    def empty(self) -> list[str]:
        """Segments that nobody is in."""
        return [name for name in stored_sets(self.engine) if name not in self.sets]

    @cached_property
    def unknown(self) -> dict[str, int]:
        """Of how many people it is not known whether they belong."""
        verdicts = stored_verdicts(self.engine)
        return {name: len(each.unknown) for name, each in verdicts.items()}

    @cached_property
    def everybody(self) -> BitMap:
        """All the people there are."""
        return selected(self.engine, query("SELECT customer FROM customers"))

    @cached_property
    def sizes(self) -> dict[str, dict[str, Any]]:
        """Rows of `sizes` by segment."""
        rows = self.engine.fetch(query("SELECT * FROM sizes")).to_pylist()
        return {row["segment"]: row for row in rows}

    @cached_property
    def traits(self) -> dict[str, dict[str, Any]]:
        """Rows of `traits` by trait."""
        rows = self.engine.fetch(query("SELECT * FROM traits")).to_pylist()
        return {row["trait"]: row for row in rows}

    def called(self, segment: str) -> str:
        """What a segment is called on screen, in quotes."""
        label = self.sizes.get(segment, {}).get("label") or segment.rpartition(".")[2]
        return f"“{label}”"

    def trait_called(self, trait: str) -> str:
        """What a trait is called on screen."""
        return str(self.traits.get(trait, {}).get("label") or trait.replace("_", " "))

    @cached_property
    def rules(self) -> dict[str, Node]:
        """The rule of every segment of people, and of every place of a set."""
        found = self.line.definitions
        named: dict[str, Node] = {
            f"{name}.{place.name}": SegmentationRef(name, (place.name,))
            for name, spec in found.segmentations.items()
            for place in places(spec)
        }
        own = {n: spec.rule for n, spec in found.segments.items() if spec.unit == "customer"}
        return {**named, **own}

    def asks(self, segment: str) -> Mapping[str, set[str]]:
        """What a rule asks for, through the segments it names too: names by kind."""
        found: dict[str, set[str]] = {}
        waiting, seen = [segment], {segment}
        while waiting:
            rule = self.rules.get(waiting.pop())
            for each in references(rule) if rule is not None else ():
                found.setdefault(each.kind, set()).add(each.name)
                if each.kind == "segment" and each.name not in seen:
                    seen.add(each.name)
                    waiting.append(each.name)
        return found

    def ago(self, days: int) -> datetime:
        """The moment so many days before that of the build."""
        return self.moment - timedelta(days=days)

    def then(self, segment: str, days: int) -> BitMap | None:
        """Who was in so many days ago; None where history does not reach back so far."""
        began, moment = self.history.began(segment), self.ago(days)
        if began is None or began > moment:
            return None
        return self.history.members_at(segment, moment)

    @cached_property
    def everybody_then(self) -> BitMap | None:
        """All the people there were when the window began."""
        return self.then(EVERYBODY, WINDOW_DAYS)

    @cached_property
    def ordered(self) -> BitMap | None:
        """Who brought revenue in the last 30 days; None where the project knows of none."""
        revenue = self.line.definitions.project.revenue
        event = f"event_{revenue.event}"
        if not self.line.table_files(event):
            return None
        return selected(
            self.engine,
            query(
                """SELECT DISTINCT coalesce(a.survivor, e.customer)
                   FROM :event AS e LEFT JOIN aliases AS a ON a.customer = e.customer
                   WHERE e.at > :since AND e.at <= :until AND :bought""",
                event=table(event),
                bought=bought(self.engine.columns(event), "e"),
                since=self.ago(WINDOW_DAYS),
                until=self.moment,
            ),
        )
