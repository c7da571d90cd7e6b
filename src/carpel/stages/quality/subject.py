"""What is looked at: the rows one source put in one staged table, and their columns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from carpel.engine.query import Tree, column, query, table
from carpel.specs import Source
from carpel.stages.base import Line

STAGED = "staged_event_"
PLACES = "staged_places"
OWN = frozenset(
    (
        "ref",
        "source",
        "file",
        "row",
        "first_seen_at",
        "event_key",
        "local_date",
        "local_hour",
        "loaded_at",
        "undeliverable",
    )
)
"""Columns that Carpel adds itself: nobody filled them in wrongly."""


@dataclass(frozen=True)
class Subject:
    """Rows of one source in one table."""

    source: str
    table: str
    kinds: Mapping[str, str]
    """Columns that come from the source, with the engine's types."""
    rows: Tree
    of: int
    """How many rows there are; of permissions how many the source's files have, as a row may give
    several or none."""

    @property
    def event(self) -> str:
        """The event's name; empty where the rows are not events."""
        return self.table.removeprefix(STAGED) if self.table.startswith(STAGED) else ""

    @property
    def permits(self) -> bool:
        """Whether these are permissions: counted by the rows of the file that give them."""
        return self.table == "staged_consents"

    def has(self, *names: str) -> bool:
        """Whether all these columns are there."""
        return all(name in self.kinds for name in names)

    def said(self, name: str) -> str:
        """A column as its owner knows it: `email` for `id_email`, with the event it is of."""
        if self.table == "records":
            return name.removeprefix("id_").removeprefix("t_")
        return f"{self.event}.{name}" if self.event else name


def subjects(line: Line, source: str) -> Iterator[Subject]:
    """Every staged table that holds rows of a source."""
    names = ("records", *line.tables("staged"), *line.tables("described"), "costs")
    for name in names:
        if name in line.tables():
            found = _subject(line, source, name)
            if found.of:
                yield found


def _subject(line: Line, source: str, name: str) -> Subject:
    kinds = line.engine.columns(name)
    rows = query("SELECT * FROM :t", t=table(name))
    if "source" in kinds:
        rows = query("SELECT * FROM :t WHERE source = :source", t=table(name), source=source)
    elif not _describes(line, source, name):
        rows = query("SELECT * FROM :t WHERE false", t=table(name))
    count = line.engine.value(query("SELECT count(*) FROM :rows AS r", rows=rows))
    if count and name == "staged_consents":
        count = read_rows(line, source)
    spec = line.definitions.sources.get(source)
    derived = OWN if spec is not None and spec.seen_at else OWN | {"seen_at"}
    others = _foreign(line, source, name) | _unsaid(spec, name, kinds)
    own = {each: kind for each, kind in kinds.items() if each not in derived | others}
    return Subject(source, name, own, rows, count)


def _foreign(line: Line, source: str, name: str) -> set[str]:
    """Columns of a shared table that only other sources fill: nothing is missing there."""
    filled = {each: set(_filled(spec, name)) for each, spec in line.definitions.sources.items()}
    return set().union(*filled.values()) - filled.get(source, set())


def _unsaid(source: Source | None, name: str, kinds: Mapping[str, str]) -> set[str]:
    """Columns of permissions, contracts and costs that this source never speaks of."""
    if source is None or name not in ("staged_consents", "staged_contracts", "costs", PLACES):
        return set()
    if name == PLACES:
        return {"name"} if source.account and source.account.name is None else set()
    told = {"staged_consents": source.permit, "staged_contracts": source.hold}
    spoken = {
        field for each in told.get(name, source.costs) for field, said in each if said is not None
    }
    return set(kinds) - spoken


def _filled(source: Source, name: str) -> Iterator[str]:
    if name == "records":
        yield from (f"id_{kind}" for kind in source.identifiers)
        yield from (f"t_{trait}" for trait in source.traits)
    for track in source.track:
        if name == f"{STAGED}{track.event}":
            yield from track.properties


def _describes(line: Line, source: str, name: str) -> bool:
    spec = line.definitions.sources.get(source)
    return spec is not None and name.removeprefix("described_") in spec.describes


def read_rows(line: Line, source: str) -> int:
    """How many rows of a source were read."""
    return int(
        line.engine.value(
            query('SELECT coalesce(sum("rows"), 0) FROM accounting WHERE source = :s', s=source)
        )
    )


def is_number(kind: str) -> bool:
    """Whether an engine's type is one of numbers."""
    return kind.split("(")[0] in (
        "DOUBLE",
        "FLOAT",
        "DECIMAL",
        "HUGEINT",
        "BIGINT",
        "INTEGER",
        "SMALLINT",
        "TINYINT",
        "UBIGINT",
        "UINTEGER",
        "USMALLINT",
        "UTINYINT",
    )


def is_time(kind: str) -> bool:
    """Whether an engine's type is a date or an instant."""
    return kind == "DATE" or kind.startswith("TIMESTAMP")


def absent(name: str, kind: str) -> Tree:
    """Nothing is there; for a text also when it is empty."""
    if kind == "VARCHAR":
        return query("coalesce(trim(:c), '') = ''", c=column(name))
    return query("(:c) IS NULL", c=column(name))
