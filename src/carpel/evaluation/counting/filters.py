"""Filters that one query can serve: what it tells rows apart by, and what it flags besides."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from sqlglot import exp

from carpel.engine.query import Tree, conjunction

MOST_FLAGS = 31
"""So many flags fit into one number beside that of the row that has none."""


@dataclass(frozen=True)
class Filter:
    """A filter as one value of a property, and what it asks for besides."""

    value: str | None
    """None when any value will do."""
    besides: Tree

    @property
    def is_flagged(self) -> bool:
        """Whether it asks for anything besides."""
        return self.besides != exp.true()


def split_by(filters: Iterable[Tree]) -> Tree | None:
    """The property that most filters ask one value of."""
    common = Counter(
        part.this for each in filters for part in conditions_of(each) if _is_one_value(part)
    ).most_common(1)
    return common[0][0] if common else None


def together(filters: Collection[Tree], split: Tree | None) -> dict[Tree, Filter]:
    """Those filters that one query serves, told apart by a property.

    What has no value of it is read together with the rest only when all rows are read anyway.
    """
    apart = {each: _apart(each, split) for each in dict.fromkeys(filters)}
    if exp.true() not in apart:
        apart = {each: found for each, found in apart.items() if found.value is not None}
    besides = Counter(apart[each].besides for each in filters if each in apart)
    flagged = {exp.true(), *(each for each, _ in besides.most_common(MOST_FLAGS))}
    return {each: found for each, found in apart.items() if found.besides in flagged}


def common_limit(filters: Iterable[Filter], split: Tree | None) -> Tree:
    """The condition that all rows meet which any of these filters means, by the property alone."""
    values = [each.value for each in filters]
    known = sorted({each for each in values if each is not None})
    if split is None or None in values:
        return exp.true()
    return exp.In(this=split.copy(), expressions=[said(each) for each in known])


def said(value: str) -> exp.Literal:
    """A text as a literal."""
    return exp.Literal.string(value)


def _apart(filters: Tree, split: Tree | None) -> Filter:
    parts = list(conditions_of(filters))
    one = next((each for each in parts if _is_one_value(each) and each.this == split), None)
    if one is None:
        return Filter(None, filters)
    besides = conjunction(each for each in parts if each is not one)
    return Filter(str(one.expression.this), besides)


def conditions_of(filters: Tree) -> Iterator[Tree]:
    """The conditions that all have to be met; none where any row will do."""
    if isinstance(filters, exp.And):
        yield from filters.flatten()
    elif filters != exp.true():
        yield filters


def _is_one_value(condition: Tree) -> bool:
    """Whether a condition is no more than that a text is just this one."""
    if not isinstance(condition, exp.EQ) or not isinstance(condition.this, exp.Column):
        return False
    right = condition.expression
    return isinstance(right, exp.Literal) and bool(right.is_string)
