"""Which tallies are read together, and the query that reads their rows.

One query for all of an event that are up to one end and not filtered, or filtered by one value of
one and the same property: most events are asked about so, by category for instance. Any other
filter is a query of its own.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, conjunction, query
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import since
from carpel.evaluation.counting.figures import WORDS
from carpel.evaluation.counting.rows import CUSTOMER, STRETCH
from carpel.evaluation.counting.verdicts import comparable
from carpel.evaluation.measures import Atom, Tally, covering, where_in
from carpel.evaluation.windows import Span
from carpel.language import Comparison

EDGES = {"first", "last"}
ORDER = ("at", "event_key")
"""What decides which row is the first, or the last."""
PART = "part"
NUMBER, CODE = "number_", "code_"


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

    @property
    def numeric(self) -> bool:
        """Whether numbers are compared; otherwise the engine says how the values compare."""
        return comparable(self.comparison, self.tally.kind)

    @property
    def value(self) -> str | None:
        """The one value that the filter asks for; None without a filter."""
        parted = _parted(self.tally.filters)
        return parted[1] if parted else None


@dataclass(frozen=True)
class Reading:
    """Atoms whose rows are read by one query."""

    asked: Sequence[Asked]
    split: Tree | None
    """The property by whose values the rows are told apart; None when there is one filter."""
    columns: Mapping[str, Tree]
    starts: Sequence[datetime | None]
    """Where the windows begin, the latest first."""

    def query(self, catalogue: Catalogue) -> exp.Select:
        """The rows that any of the tallies counts."""
        tallies = [each.tally for each in self.asked]
        home = catalogue.event(tallies[0].event)
        rows = catalogue.rows(tallies[0].event, {key for each in tallies for key in each.described})
        parts = [aliased(self._part(self.split), PART)] if self.split else []
        return rows.select(
            aliased(_cast(catalogue.customer(home), "UINTEGER"), CUSTOMER),
            aliased(_cast(_stretch(column("at", home), self.starts), "USMALLINT"), STRETCH),
            *parts,
            *(aliased(value.copy(), name) for name, value in self.columns.items()),
            copy=False,
        ).where(conjunction([*self._limits(), where_in(self._span, home)]), copy=False)

    @property
    def values(self) -> list[str]:
        """The values by which rows are told apart, in the order of their codes."""
        return sorted({each.value for each in self.asked if each.value is not None})

    def _part(self, split: Tree) -> Tree:
        """The code of a row's value; null for one that nobody asks about."""
        kind = exp.DataType(this=exp.DType.ENUM, expressions=list(map(_said, self.values)))
        return exp.TryCast(this=split.copy(), to=kind)

    @property
    def _span(self) -> Span:
        return covering(each.tally.span for each in self.asked)

    def _limits(self) -> Iterator[Tree]:
        filters = [each.tally.filters for each in self.asked]
        if exp.true() in filters:
            return
        if self.split is None:
            yield filters[0]
            return
        yield exp.In(this=self.split.copy(), expressions=list(map(_said, self.values)))


def readings(atoms: Iterable[Atom], catalogue: Catalogue) -> Iterator[Reading]:
    """How to read for all of these atoms."""
    for asked in _grouped(atoms, lambda it: (it.event, it.span.end)):
        split = _split(asked)
        shared = {exp.true(), *(t.filters for t in map(_tally, asked) if _is_part(t, split))}
        together = [each for each in asked if _tally(each).filters in shared]
        if together:
            yield _reading(together, split, catalogue)
        others = [each for each in asked if _tally(each).filters not in shared]
        for some in _grouped(others, lambda it: it.filters):
            yield _reading(some, None, catalogue)


def _grouped(atoms: Iterable[Atom], key: object) -> list[list[Atom]]:
    groups: dict[object, list[Atom]] = {}
    for atom in atoms:
        groups.setdefault(key(_tally(atom)), []).append(atom)  # type: ignore[operator]
    return list(groups.values())


def _split(atoms: Iterable[Atom]) -> Tree | None:
    """The property that most filters ask one value of."""
    parted = (_parted(_tally(each).filters) for each in atoms)
    common = Counter(each[0] for each in parted if each).most_common(1)
    return common[0][0] if common else None


def _is_part(tally: Tally, split: Tree | None) -> bool:
    parted = _parted(tally.filters)
    return parted is not None and parted[0] == split


def _parted(filters: Tree) -> tuple[Tree, str] | None:
    """The property and its value when a filter is no more than that a text is just this one."""
    if not isinstance(filters, exp.EQ) or not isinstance(filters.this, exp.Column):
        return None
    right = filters.expression
    literal = isinstance(right, exp.Literal) and right.is_string
    return (filters.this, str(right.this)) if literal else None


def _reading(atoms: Sequence[Atom], split: Tree | None, catalogue: Catalogue) -> Reading:
    names: dict[tuple[str, Tree], str] = {}
    asked = []
    for atom in atoms:
        assert isinstance(atom.comparison, Comparison)
        each = Asked(atom, _tally(atom), atom.comparison)
        what = _wanted(each)
        name = names.setdefault(what, f"{what[0]}{len(names)}") if what else ""
        asked.append(Asked(each.atom, each.tally, each.comparison, name))
    columns = {name: tree for (_, tree), name in names.items()}
    if any(each.tally.word in EDGES for each in asked):
        home = catalogue.event(asked[0].tally.event)
        columns |= {name: column(name, home) for name in ORDER}
    return Reading(asked, split, columns, _starts(each.tally.span for each in asked))


def _wanted(asked: Asked) -> tuple[str, Tree] | None:
    """What is read for an atom and how: as numbers, or as codes of whatever it is."""
    thing = asked.tally.thing
    if thing is None:
        return None
    if asked.tally.word == "distinct" or not asked.numeric:
        return CODE, thing
    return NUMBER, query("CAST(:x AS DOUBLE)", x=thing)


def _starts(spans: Iterable[Span]) -> list[datetime | None]:
    starts = {each.start for each in spans}
    known = sorted((each for each in starts if each is not None), reverse=True)
    return [*known, *([None] if None in starts else [])]


def _stretch(at: Tree, starts: Sequence[datetime | None], first: int = 0) -> Tree:
    """The number of the shortest window that an instant is in, found by halves."""
    if len(starts) == 1:
        return exp.Literal.number(first)
    half = len(starts) // 2
    edge = starts[half - 1]
    assert edge is not None  # only the last may be
    within, beyond = _stretch(at, starts[:half], first), _stretch(at, starts[half:], first + half)
    return exp.Case(ifs=[exp.If(this=since(at, edge), true=within)], default=beyond)


def _said(value: str) -> exp.Literal:
    return exp.Literal.string(value)


def _cast(tree: Tree, kind: str) -> Tree:
    return exp.cast(tree, kind, dialect="duckdb")


def _tally(atom: Atom) -> Tally:
    assert isinstance(atom.measure, Tally)
    return atom.measure
