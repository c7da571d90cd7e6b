"""A whole rule as one readable SQL statement, to be pasted over the same tables.

Every measure is a named step, joined to everybody; SQL's own three-valued logic then gives the
same verdicts as the sets do. A step says what somebody without rows has: 0, or null.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from itertools import count

from pyroaring import BitMap
from sqlglot import exp

from carpel.engine.query import Tree, column, literal, name, query, table
from carpel.evaluation.atoms import Atoms
from carpel.evaluation.catalogue import Fact
from carpel.evaluation.leaves import is_given, leaves, plainly, segment_order
from carpel.evaluation.measures import Atom, Measure, Permission
from carpel.evaluation.relation import Relation
from carpel.evaluation.scans import CUSTOMER, scan, together
from carpel.evaluation.sets import Sets
from carpel.language import (
    All,
    Any,
    Did,
    Holds,
    Node,
    NoneOf,
    Not,
    People,
    RuleError,
    SegmentationRef,
    SegmentRef,
    Some,
    Trait,
)
from carpel.language import Sequence as SequenceOf

TOO_DEEP = (
    "the rule is nested too deep for one SQL statement; make an inner part a segment of its own "
    "and refer to it by name"
)


class Statement:
    """Writes the members of a rule as SQL."""

    def __init__(
        self,
        atoms: Atoms,
        segments: Mapping[str, Node],
        stored: Mapping[str, BitMap],
        given: Mapping[Node, Sets],
    ) -> None:
        self.catalogue, self.segments, self.stored = atoms.catalogue, segments, stored
        self._given, self._all_atoms = given, atoms
        self._atoms: dict[Node, Atom] = {}
        self._places: dict[Measure, tuple[str, str]] = {}

    def text(self, node: Node) -> str:
        """SQL that gives the keys of everybody who matches, ascending.

        Raises RuleError for a rule so deep that no database would read the statement.
        """
        try:
            return self.catalogue.engine.text(self.tree(node), pretty=True)
        except RecursionError:
            raise RuleError(TOO_DEEP) from None

    def tree(self, node: Node) -> exp.Select:
        """The same as a tree."""
        unfolded = segment_order([node], self.segments, self.stored.keys() - self.segments.keys())
        rules = [node, *(self.segments[each] for each in unfolded)]
        self._atoms = {leaf: self._all_atoms.of(leaf) for rule in rules for leaf in leaves(rule)}
        select = exp.select(column(CUSTOMER, "customers")).from_(table("customers"))
        for step, body in self._steps():
            select = select.with_(name(step), as_=body).join(
                table(step),
                join_type="LEFT",
                on=column(CUSTOMER, step).eq(column(CUSTOMER, "customers")),
            )
        return select.where(self._holds(node)).order_by(column(CUSTOMER, "customers"))

    def _steps(self) -> Iterable[tuple[str, exp.Select]]:
        called = {each.measure: _called(leaf) for leaf, each in reversed(self._atoms.items())}
        steps: set[str] = set()
        for group in together(each.measure for each in self._atoms.values()):
            step, values = _fresh(_title(group[0]), steps), set[str]()
            names = {measure: _fresh(called[measure], values) for measure in group}
            self._places |= {measure: (step, each) for measure, each in names.items()}
            yield step, scan({each: measure for measure, each in names.items()}, self.catalogue)

    def _holds(self, node: Node) -> Tree:
        if is_given(node) and node in self._given:
            return _of_sets(self._given[node])
        match node:
            case All(children):
                return _grouped(map(self._holds, children), exp.and_, exp.true())
            case Any(children):
                return _grouped(map(self._holds, children), exp.or_, exp.false())
            case NoneOf(children):
                return self._holds(Not(Any(children)))
            case Not(child):
                return exp.not_(self._holds(child))
            case Some(least, children):
                return _in_so_many(least, [self._holds(child) for child in children])
            case SegmentRef(segment):
                return self._segment(segment)
            case People(customers):
                return _listed(customers)
        return self._leaf(node)

    def _segment(self, segment: str) -> Tree:
        """Of whom it is not known is no member."""
        if segment in self.segments:
            return query("COALESCE(:rule, FALSE)", rule=self._holds(self.segments[segment]))
        return _listed(self.stored[segment])

    def _leaf(self, node: Node) -> Tree:
        each = self._atoms[plainly(node)]
        step, value = self._places[each.measure]
        found: Tree = column(value, step)
        if each.nothing is not None:
            found = query("COALESCE(:found, :nothing)", found=found, nothing=each.nothing)
        holds = each.holds(found, self.catalogue)
        if isinstance(node, Trait | Did) and node.missing == "match":
            return query("COALESCE(:holds, TRUE)", holds=holds)
        return holds


def _grouped(conditions: Iterable[Tree], join: Callable[..., Tree], nothing: Tree) -> Tree:
    listed = list(conditions)
    return join(*listed) if listed else nothing


def _in_so_many(least: int, conditions: Sequence[Tree]) -> Tree:
    """Known as soon as enough hold, or too many don't."""
    return query(
        "CASE WHEN :hold >= :least THEN TRUE WHEN :fail > :spare THEN FALSE END",
        hold=_added("CASE WHEN :it THEN 1 ELSE 0 END", conditions),
        fail=_added("CASE WHEN NOT :it THEN 1 ELSE 0 END", conditions),
        least=least,
        spare=len(conditions) - least,
    )


def _added(text: str, conditions: Sequence[Tree]) -> Tree:
    terms = (query(text, it=exp.paren(each.copy())) for each in conditions)
    return exp.paren(reduce(lambda a, b: exp.Add(this=a, expression=b), terms))


def _of_sets(sets: Sets) -> Tree:
    if not sets.unknown:
        return _listed(sets.yes)
    return query(
        "CASE WHEN :yes THEN TRUE WHEN NOT :unknown THEN FALSE END",
        yes=_listed(sets.yes),
        unknown=_listed(sets.unknown),
    )


def _listed(customers: Iterable[int]) -> Tree:
    keys = [literal(key) for key in customers]
    if not keys:
        return exp.false()
    return exp.In(this=column(CUSTOMER, "customers"), expressions=keys)


def _fresh(title: str, taken: set[str]) -> str:
    """A name not taken yet: with a number where it is."""
    numbered = (title if number == 1 else f"{title}_{number}" for number in count(1))
    name_ = next(each for each in numbered if each not in taken)
    taken.add(name_)
    return name_


def _called(leaf: Node) -> str:
    match leaf:
        case Trait(trait):
            return trait
        case Did():
            return f"{leaf.aggregate}_{leaf.property}" if leaf.property else "times"
        case SegmentationRef(segmentation):
            return segmentation
    return "found"


_CALLED: Mapping[type[Node], str] = {
    Did: "since_event",
    Holds: "contracts_held",
    SequenceOf: "went_through",
}


def _title(measure: Measure) -> str:
    match measure:
        case Fact(home):
            return f"of_{home}"
        case Permission(channel):
            return f"permission_{channel}"
        case Relation(node):
            return _CALLED[type(node)]
    return f"did_{measure.event}"
