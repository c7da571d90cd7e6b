"""Functions whose meaning differs between engines, each defined once, in Carpel's own sense."""

from carpel.engine.query import Tree, query

MONEY_DIGITS = 6
"""Sums are rounded to so many decimals: the order of adding must not decide a comparison."""


def fold(text: Tree) -> Tree:
    """Text with case and accents put aside."""
    return query("LOWER(STRIP_ACCENTS(:x))", x=text)


def contains(text: Tree, piece: Tree) -> Tree:
    """Whether the piece stands somewhere in the text, letter by letter."""
    return query("CONTAINS(:x, :piece)", x=text, piece=piece)


def starts_with(text: Tree, piece: Tree) -> Tree:
    """Whether the text begins with the piece."""
    return query("STARTS_WITH(:x, :piece)", x=text, piece=piece)


def ends_with(text: Tree, piece: Tree) -> Tree:
    """Whether the text ends with the piece."""
    return query("ENDS_WITH(:x, :piece)", x=text, piece=piece)


def matches(text: Tree, pattern: Tree) -> Tree:
    """Whether the pattern (RE2) is found somewhere in the text."""
    return query("REGEXP_MATCHES(:x, :pattern)", x=text, pattern=pattern)


def texts(items: Tree) -> Tree:
    """A list with its items as text."""
    return query("CAST(:items AS VARCHAR[])", items=items)


def has_any(items: Tree, wanted: list[Tree]) -> Tree:
    """Whether the list holds at least one of the wanted."""
    return query("LIST_HAS_ANY(:items, [:wanted])", items=items, wanted=wanted)


def has_all(items: Tree, wanted: list[Tree]) -> Tree:
    """Whether the list holds every one of the wanted."""
    return query("LIST_HAS_ALL(:items, [:wanted])", items=items, wanted=wanted)


def total(amount: Tree) -> Tree:
    """The sum, nulls aside; null when there is nothing to add."""
    return query("ROUND(SUM(:amount), :digits)", amount=amount, digits=MONEY_DIGITS)


def mean(amount: Tree) -> Tree:
    """The arithmetic mean, nulls aside; null when there is nothing."""
    return query("ROUND(AVG(:amount), :digits)", amount=amount, digits=MONEY_DIGITS)


def distinct(thing: Tree) -> Tree:
    """How many different values there are, nulls aside."""
    return query("COUNT(DISTINCT :thing)", thing=thing)


def earliest(thing: Tree, *order: Tree) -> Tree:
    """The value, not null, of the first row in this order."""
    return query("ARG_MIN(:thing, ROW(:order))", thing=thing, order=list(order))


def latest(thing: Tree, *order: Tree) -> Tree:
    """The value, not null, of the last row in this order."""
    return query("ARG_MAX(:thing, ROW(:order))", thing=thing, order=list(order))
