"""Functions whose meaning differs between engines, each defined once, in Carpel's own sense."""

from carpel.engine.query import Tree, query

MONEY_DIGITS = 6
"""Sums are rounded to so many decimals: the order of adding must not decide a comparison."""


def fold(text: Tree) -> Tree:
    """Text with case and accents put aside: without marks, in small letters, ß as ss, ς as σ.

    The order matters: İ loses its dot as an accent before it becomes a small letter.
    """
    return query("REPLACE(REPLACE(LOWER(STRIP_ACCENTS(:x)), 'ß', 'ss'), 'ς', 'σ')", x=text)


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


def letters(text: Tree) -> Tree:
    """How many characters a text has."""
    return query("LENGTH(:x)", x=text)


def items(listed: Tree) -> Tree:
    """How many items a list has."""
    return query("ARRAY_LENGTH(:x)", x=listed)


def later_by(moment: Tree, seconds: Tree) -> Tree:
    """An instant, so many seconds later."""
    return query("(:x + TO_SECONDS(:seconds))", x=moment, seconds=seconds)


def day_of(moment: Tree) -> Tree:
    """The day of an instant, read as it stands."""
    return query("CAST(:x AS DATE)", x=moment)


def days_since_a_monday(day: Tree) -> Tree:
    """Whole days since a Monday long ago; negative before it."""
    return query("DATE_DIFF('day', DATE '1970-01-05', :day)", day=day)


def microseconds(moment: Tree) -> Tree:
    """Whole microseconds since 1970."""
    return query("EPOCH_US(:x)", x=moment)


def drawn(key: Tree, salt: str) -> Tree:
    """A number of 0 to below 1 by hash: the same for a key and a salt, on every engine."""
    return query(
        "CAST(CARPEL_HEX(SUBSTR(MD5(:salt || ':' || CAST(:key AS VARCHAR)), 1, 8)) AS DOUBLE) "
        "/ 4294967296.0",
        salt=salt,
        key=key,
    )


def kilometres(latitude: Tree, longitude: Tree, north: float, east: float) -> Tree:
    """The distance from a point along a great circle of a sphere of 6,371 km (haversine), to the
    millimetre: the last digits of a sine are every engine's own; null without both."""
    return query(
        """CASE WHEN :lat IS NOT NULL AND :lon IS NOT NULL THEN
           ROUND(2 * 6371.0 * ASIN(SQRT(LEAST(1.0, POWER(SIN(RADIANS(:north - :lat) / 2), 2)
           + COS(RADIANS(:lat)) * COS(RADIANS(:north))
           * POWER(SIN(RADIANS(:east - :lon) / 2), 2)))), 6) END""",
        lat=latitude,
        lon=longitude,
        north=north,
        east=east,
    )
