"""What the tables of a build offer to rules: traits, events, their properties, places."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlglot import exp
from sqlglot.errors import SqlglotError

from carpel.engine.base import Engine
from carpel.engine.query import Tree, column, query, table
from carpel.errors import CarpelError, NotFound
from carpel.evaluation.comparisons import Clock, kind_of
from carpel.evaluation.refunds import bought


@dataclass(frozen=True)
class Fact:
    """A value a customer has one of: the table it is in, its expression there and its kind."""

    table: str
    value: Tree
    kind: str


@dataclass(frozen=True)
class Property:
    """A property of an event: its expression, kind, and the property that looks it up, if any."""

    value: Tree
    kind: str
    described_by: str | None = None


class Catalogue:
    """Reads from the engine which tables and columns there are, each once."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine, self.clock = engine, clock
        self._columns: dict[str, dict[str, str]] = {}
        self._known_traits: dict[str, Fact] = {}
        self._known_properties: dict[tuple[str, str, str], Property] = {}
        self.meant: dict[Hashable, tuple[Tree, frozenset[str]]] = {}
        """What `evaluation.relation.conditions` made already: trees take long to make."""

    def clock_of(self, zone: str) -> Clock:
        """The build's moment on the clocks of a zone; the project's without one."""
        return Clock(self.clock.moment, ZoneInfo(zone)) if zone else self.clock

    @cached_property
    def tables(self) -> frozenset[str]:
        """Names of the tables that can be read."""
        return frozenset(self.engine.tables())

    def columns(self, name: str) -> Mapping[str, str]:
        """Columns of a table and their types; none when the table is not there."""
        if name not in self._columns:
            self._columns[name] = self.engine.columns(name) if name in self.tables else {}
        return self._columns[name]

    @cached_property
    def merged(self) -> bool:
        """Whether any customer's events stand under a former key."""
        return "aliases" in self.tables and bool(
            self.engine.value(query("SELECT count(*) FROM aliases"))
        )

    @cached_property
    def traits(self) -> dict[str, tuple[str, str, str]]:
        """Traits of this build: kind, table and expression, by name."""
        rows = (
            self.engine.rows(
                query("SELECT trait, type, :t, expression FROM traits", t=column("table"))
            )
            if "traits" in self.tables
            else []
        )
        return {trait: (kind, home, text) for trait, kind, home, text in rows}

    def trait(self, name: str) -> Fact:
        """Where a trait's value is; raises NotFound."""
        if name not in self.traits:
            raise NotFound("trait", name, self.traits)
        if name not in self._known_traits:
            kind, home, text = self.traits[name]
            self._known_traits[name] = Fact(home, _trait_value(text, kind, self.clock), kind)
        return self._known_traits[name]

    def place(self, segmentation: str) -> Fact:
        """Where the place of a customer in a segmentation is; raises NotFound."""
        known = [each for each in self.columns("standings") if each != "customer"]
        if segmentation not in known:
            raise NotFound("segmentation", segmentation, known)
        return Fact("standings", column(segmentation), "text")

    def event(self, name: str, family: str = "event") -> str:
        """The table of an event; raises NotFound."""
        if f"{family}_{name}" not in self.tables:
            prefix = f"{family}_"
            raise NotFound(
                "event",
                name,
                (each.removeprefix(prefix) for each in self.tables if each.startswith(prefix)),
            )
        return f"{family}_{name}"

    def family(self, event: str) -> str:
        """Which layout of an event is quickest for one customer."""
        return "activity" if f"activity_{event}" in self.tables else "event"

    def keys(self, customer: int) -> list[int]:
        """The keys under which the events of a customer stand: today's and former ones."""
        former = (
            self.engine.rows(
                query("SELECT customer FROM aliases WHERE survivor = :it ORDER BY 1", it=customer)
            )
            if self.merged
            else []
        )
        return [customer, *(int(row[0]) for row in former)]

    def property(self, event: str, name: str, family: str = "event") -> Property:
        """A property of an event, its own or of something it names; raises NotFound."""
        key = event, name, family
        if key not in self._known_properties:
            self._known_properties[key] = self._property(event, name, self.event(event, family))
        return self._known_properties[key]

    def _property(self, event: str, name: str, home: str) -> Property:
        own = self.columns(home)
        if name in own:
            return Property(column(name, home), kind_of(own[name]))
        for key in own:
            described = self.columns(f"described_{key}")
            if name in described:
                return Property(column(name, f"described_{key}"), kind_of(described[name]), key)
        raise NotFound(f"property of {event}", name, _offered(own, self))

    def rows(self, event: str, described: set[str], family: str = "event") -> exp.Select:
        """The rows of an event beside what describes them; nothing is selected yet."""
        home = self.event(event, family)
        rows = exp.select().from_(table(home))
        if (counts := bought(self.columns(home), home)) != exp.true():
            rows = rows.where(counts)
        for key in sorted(described):
            other = f"described_{key}"
            rows = rows.join(
                table(other), join_type="LEFT", on=column(key, home).eq(column(key, other))
            )
        if self.merged:
            rows = rows.join(
                table("aliases"),
                join_type="LEFT",
                on=column("customer", home).eq(column("customer", "aliases")),
            )
        return rows

    def customer(self, home: str) -> Tree:
        """The key under which the customer of an event lives today."""
        key: Tree = column("customer", home)
        if not self.merged:
            return key
        return query("COALESCE(:survivor, :key)", survivor=column("survivor", "aliases"), key=key)


def _offered(own: Mapping[str, str], catalogue: Catalogue) -> set[str]:
    """The columns of an event, and those of what they look up."""
    looked_up = {name for key in own for name in catalogue.columns(f"described_{key}")}
    return set(own) | looked_up


def _trait_value(text: str, kind: str, clock: Clock) -> Tree:
    """A trait's expression over the columns of its table, for the build's moment."""
    try:
        value = query(text, as_of=clock.moment)
    except (SqlglotError, KeyError) as error:
        raise CarpelError(f"The expression of a trait cannot be read: {text}") from error
    return _number_only(value) if kind == "number" else value


def _number_only(value: Tree) -> Tree:
    """What is not a number (0 divided by 0) is missing."""
    return query("NULLIF(:x, CAST('NaN' AS DOUBLE))", x=value)
