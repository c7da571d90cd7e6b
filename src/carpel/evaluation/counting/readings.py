"""Which tallies are read together, and the query that reads their rows.

One query for all of an event that are up to one end and not filtered, or filtered by one value of
one and the same property: most events are asked about so, by category for instance. What such a
filter asks for besides is a flag of each row. Any other filter is a query of its own.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce

from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, conjunction, literal, query
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import since
from carpel.evaluation.counting.figures import WORDS
from carpel.evaluation.counting.filters import Filter, common_limit, said, split_by, together
from carpel.evaluation.counting.rows import CUSTOMER, STRETCH
from carpel.evaluation.counting.verdicts import comparable
from carpel.evaluation.measures import Atom, Tally, covering, where_in
from carpel.evaluation.windows import Span
from carpel.language import Comparison

EDGES = {"first", "last"}
ORDER = ("at", "event_key")
"""What decides which row is the first, or the last."""
PART = "part"
FLAGS = "flags"
NUMBER, CODE = "number_", "code_"
WHOLE = ("min", "max", "first", "last")
"""Figures that are one of the values themselves: of whole numbers exact, beyond 2^53 too."""


def is_tally(atom: Atom) -> bool:
    """Whether an atom is a tally that can be counted in memory."""
    tally, comparison = atom.measure, atom.comparison
    if not isinstance(tally, Tally) or not isinstance(comparison, Comparison) or atom.relative:
        return False
    if tally.kind == "list":
        return False
    return tally.word in EDGES or (tally.word in WORDS and comparable(comparison, tally.kind))


@dataclass(frozen=True)
class Asked:
    """An atom with its tally, and the column that is read for it: empty for a count."""

    atom: Atom
    tally: Tally
    comparison: Comparison
    column: str = ""
    value: str | None = None
    """The one value that the filter asks for; None without one."""
    flag: int = 0
    """The bit of `flags` that the rows have which are meant; 0 when all are."""

    @property
    def numeric(self) -> bool:
        """Whether numbers are compared; otherwise the engine says how the values compare."""
        return comparable(self.comparison, self.tally.kind)


@dataclass(frozen=True)
class Reading:
    """Atoms whose rows are read by one query."""

    asked: Sequence[Asked]
    limit: Tree
    """The condition that a row has to meet to be counted at all."""
    split: Tree | None
    """The property by whose values the rows are told apart; None when there is one filter."""
    columns: Mapping[str, Tree]
    flags: Mapping[Tree, int]
    """What filters ask for besides, and the bit that says so."""
    starts: Sequence[datetime | None]
    """Where the windows begin, the latest first."""

    def query(self, catalogue: Catalogue) -> exp.Select:
        """The rows that any of the tallies counts."""
        tallies = [each.tally for each in self.asked]
        home = catalogue.event(tallies[0].event)
        rows = catalogue.rows(tallies[0].event, {key for each in tallies for key in each.described})
        parts = [aliased(self._part(self.split), PART)] if self.split else []
        flags = [aliased(_cast(_added(self.flags), "UINTEGER"), FLAGS)] if self.flags else []
        limits = [self.limit] if self.limit != exp.true() else []
        around = covering(each.span for each in tallies)
        return rows.select(
            aliased(_cast(catalogue.customer(home), "UINTEGER"), CUSTOMER),
            aliased(_cast(_stretch(column("at", home), self.starts), "USMALLINT"), STRETCH),
            *parts,
            *flags,
            *(aliased(value.copy(), name) for name, value in self.columns.items()),
            copy=False,
        ).where(conjunction([*limits, where_in(around, home)]), copy=False)

    @property
    def values(self) -> list[str]:
        """The values by which rows are told apart, in the order of their codes."""
        return sorted({each.value for each in self.asked if each.value is not None})

    def _part(self, split: Tree) -> Tree:
        """The code of a row's value; null for one that nobody asks about."""
        kind = exp.DataType(this=exp.DType.ENUM, expressions=list(map(said, self.values)))
        return exp.TryCast(this=split.copy(), to=kind)


def readings(atoms: Iterable[Atom], catalogue: Catalogue) -> Iterator[Reading]:
    """How to read for all of these atoms."""
    for some in _grouped(atoms, lambda it: (_tally(it).event, _tally(it).span.end)):
        asked = [(each, _tally(each).filters) for each in some]
        split = split_by(filters for _, filters in asked)
        shared = together([filters for _, filters in asked], split)
        if shared:
            met = [(each, shared[filters]) for each, filters in asked if filters in shared]
            yield _reading(met, common_limit(shared.values(), split), split, catalogue)
        others = [each for each, filters in asked if filters not in shared]
        for alike in _grouped(others, lambda it: _tally(it).filters):
            met = [(each, Filter(None, exp.true())) for each in alike]
            yield _reading(met, _tally(alike[0]).filters, None, catalogue)


def _grouped(atoms: Iterable[Atom], key: Callable[[Atom], Hashable]) -> list[list[Atom]]:
    groups: dict[Hashable, list[Atom]] = {}
    for atom in atoms:
        groups.setdefault(key(atom), []).append(atom)
    return list(groups.values())


def _reading(
    atoms: Sequence[tuple[Atom, Filter]], limit: Tree, split: Tree | None, catalogue: Catalogue
) -> Reading:
    names: dict[tuple[str, Tree], str] = {}
    flags: dict[Tree, int] = {}
    asked = []
    for atom, meant in atoms:
        assert isinstance(atom.comparison, Comparison)
        each = Asked(atom, _tally(atom), atom.comparison, value=meant.value)
        what = wanted(each)
        name = names.setdefault(what, f"{what[0]}{len(names)}") if what else ""
        flag = flags.setdefault(meant.besides, 1 << len(flags)) if meant.is_flagged else 0
        asked.append(replace(each, column=name, flag=flag))
    columns = {name: tree for (_, tree), name in names.items()}
    if any(each.tally.word in EDGES for each in asked):
        home = catalogue.event(asked[0].tally.event)
        columns |= {name: column(name, home) for name in ORDER}
    starts = _starts(each.tally.span for each in asked)
    return Reading(asked, limit, split, columns, flags, starts)


def _added(flags: Mapping[Tree, int]) -> Tree:
    """One number of all flags of a row."""
    bits: list[Tree] = [
        exp.Case(ifs=[exp.If(this=each.copy(), true=literal(bit))], default=literal(0))
        for each, bit in flags.items()
    ]
    return reduce(lambda some, more: exp.Add(this=some, expression=more), bits)


def wanted(asked: Asked) -> tuple[str, Tree] | None:
    """What is read for an atom and how: as numbers, or as codes of whatever it is."""
    thing = asked.tally.thing
    if thing is None:
        return None
    if asked.tally.word == "distinct" or not asked.numeric:
        return CODE, thing
    return NUMBER, query(f"CAST(:x AS {'BIGINT' if is_whole(asked) else 'DOUBLE'})", x=thing)


def is_whole(asked: Asked) -> bool:
    """Whether a figure is had of whole numbers."""
    return asked.tally.kind == "integer" and asked.tally.word in WHOLE


def _starts(spans: Iterable[Span]) -> list[datetime | None]:
    starts = {each.start for each in spans}
    known = sorted((each for each in starts if each is not None), reverse=True)
    return [*known, *([None] if None in starts else [])]


def _stretch(at: Tree, starts: Sequence[datetime | None], older: int = 0) -> Tree:
    """How many stretches are older than that of an instant, found by halves."""
    if len(starts) == 1:
        return exp.Literal.number(older)
    half = len(starts) // 2
    edge = starts[half - 1]
    assert edge is not None  # only the last may be
    rest = len(starts) - half
    within, beyond = _stretch(at, starts[:half], older + rest), _stretch(at, starts[half:], older)
    return exp.Case(ifs=[exp.If(this=since(at, edge), true=within)], default=beyond)


def _cast(tree: Tree, kind: str) -> Tree:
    return exp.cast(tree, kind, dialect="duckdb")


def _tally(atom: Atom) -> Tally:
    assert isinstance(atom.measure, Tally)
    return atom.measure
