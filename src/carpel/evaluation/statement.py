"""A whole rule as one readable SQL statement, to be pasted over the same tables.

Every measure is a named step, joined to everybody; SQL's own three-valued logic then gives the
same verdicts as the sets do. A step says what somebody without rows has: 0, or null.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import count

from pyroaring import BitMap
from sqlglot import exp

from carpel.engine.query import Tree, column, literal, name, query, table
from carpel.evaluation.catalogue import Catalogue, Fact
from carpel.evaluation.leaves import all_leaves, plainly, segment_order
from carpel.evaluation.measures import Atom, Measure, Permission, atom
from carpel.evaluation.scans import CUSTOMER, scan, together
from carpel.language import (
    All,
    Any,
    Did,
    Node,
    NoneOf,
    Not,
    People,
    SegmentationRef,
    SegmentRef,
    Trait,
)


class Statement:
    """Writes the members of a rule as SQL."""

    def __init__(
        self, catalogue: Catalogue, segments: Mapping[str, Node], stored: Mapping[str, BitMap]
    ) -> None:
        self.catalogue, self.segments, self.stored = catalogue, segments, stored
        self._atoms: dict[Node, Atom] = {}
        self._places: dict[Measure, tuple[str, str]] = {}

    def text(self, node: Node) -> str:
        """SQL that gives the keys of everybody who matches, ascending."""
        return self.catalogue.engine.text(self.tree(node), pretty=True)

    def tree(self, node: Node) -> exp.Select:
        """The same as a tree."""
        unfolded = segment_order([node], self.segments, self.stored.keys() - self.segments.keys())
        rules = [node, *(self.segments[each] for each in unfolded)]
        self._atoms = {
            plainly(leaf): atom(plainly(leaf), self.catalogue)
            for rule in rules
            for leaf in all_leaves(rule)
            if not isinstance(leaf, SegmentRef | People)
        }
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
        match node:
            case All(children):
                return _grouped(map(self._holds, children), exp.and_, exp.true())
            case Any(children):
                return _grouped(map(self._holds, children), exp.or_, exp.false())
            case NoneOf(children):
                return self._holds(Not(Any(children)))
            case Not(child):
                return exp.not_(self._holds(child))
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
    return "permitted"


def _title(measure: Measure) -> str:
    match measure:
        case Fact(home):
            return f"of_{home}"
        case Permission(channel):
            return f"permission_{channel}"
    return f"did_{measure.event}"
