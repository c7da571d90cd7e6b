"""Mistakes that people, scanners and time make in a field, drawn at a set rate."""

from collections.abc import Sequence

from carpel.engine.query import Tree, column, literal, query
from carpel.testing.chance import draw, pick
from carpel.testing.names import CALLED, OTHER_LETTERS

KEY = "slip"
"""The column of `entries` that chance is drawn by: a number no other entry has."""

KINDS: dict[str, Sequence[str]] = {
    "first_name": ("typed", "typed", "scanned", "called", "called", "initial", "missing"),
    "last_name": ("typed", "typed", "typed", "scanned", "missing"),
    "birth_date": ("miskeyed", "miskeyed", "american", "missing", "missing"),
    "email": ("typed", "missing", "missing"),
    "phone": ("miskeyed", "missing", "missing"),
    "street": ("typed", "typed", "shortened", "missing"),
    "house_number": ("miskeyed", "missing"),
    "postcode": ("miskeyed", "missing"),
    "city": ("typed", "typed", "scanned", "missing"),
}
"""What may happen to a field; what stands twice happens twice as often."""


def spoil(seed: int, share: float) -> Tree:
    """The rows of `entries` with mistakes in this share of the fields."""
    fields = [
        query(
            "CASE WHEN :hit THEN :wrong ELSE :field END AS :field",
            field=column(field),
            hit=query(":draw < :share", draw=draw(seed, KEY, f"hit {field}"), share=share),
            wrong=_wrong(seed, field, kinds),
        )
        for field, kinds in KINDS.items()
    ]
    return query(
        "SELECT system, entry, person, family, updated_at, :fields FROM :turned",
        fields=fields,
        turned=_turned(seed, share),
    )


def _turned(seed: int, share: float) -> Tree:
    """Entries, a few with first and last name in each other's place."""
    return query(
        """(SELECT * REPLACE (
        CASE WHEN :turned THEN last_name ELSE first_name END AS first_name,
        CASE WHEN :turned THEN first_name ELSE last_name END AS last_name) FROM entries)""",
        turned=query(":draw < :share", draw=draw(seed, KEY, "turned"), share=share / 8),
    )


def _wrong(seed: int, field: str, kinds: Sequence[str]) -> Tree:
    """The field with one of these mistakes; NULL where it is missing."""
    wrong = query("NULL")
    for kind in dict.fromkeys(kinds):
        made = _MADE[kind](seed, field) if kind in _MADE else None
        if made is not None:
            wrong = query(
                "CASE WHEN :kind = :this THEN :made ELSE :wrong END",
                made=made,
                kind=pick(seed, KEY, f"kind {field}", literal(list(kinds))),
                this=kind,
                wrong=wrong,
            )
    return wrong


def _typed(seed: int, field: str) -> Tree:
    """A letter left out, doubled, put for another, or changed places."""
    at = query(
        "CAST(floor(:draw * length(:f)) AS INT)",
        f=column(field),
        draw=draw(seed, KEY, f"at {field}"),
    )
    letter = pick(seed, KEY, f"letter {field}", literal(list("aeinrstlo")))
    return query(
        """list_extract([
        left(:f, :at) || substr(:f, :at + 2),
        left(:f, :at + 1) || substr(:f, :at + 1),
        left(:f, :at) || :letter || substr(:f, :at + 2),
        left(:f, :at) || substr(:f, :at + 2, 1) || substr(:f, :at + 1, 1) || substr(:f, :at + 3)
        ], 1 + CAST(floor(4 * :way) AS INT))""",
        f=column(field),
        at=at,
        letter=letter,
        way=draw(seed, KEY, f"way {field}"),
    )


def _miskeyed(seed: int, field: str) -> Tree:
    """One of the last digits put for another."""
    return query(
        """left(:f, length(:f) - :back) || :digit || right(:f, :back - 1)""",
        f=column(field),
        back=query(
            "least(length(:f), 1 + CAST(floor(:draw * 5) AS INT))",
            f=column(field),
            draw=draw(seed, KEY, f"at {field}"),
        ),
        digit=pick(seed, KEY, f"digit {field}", literal(list("0123456789"))),
    )


def _american(_seed: int, field: str) -> Tree:
    """Day and month in each other's place, where that is a date."""
    return query(
        """CASE WHEN substr(:f, 9, 2) <= '12'
        THEN left(:f, 5) || substr(:f, 9, 2) || '-' || substr(:f, 6, 2) ELSE :f END""",
        f=column(field),
    )


def _scanned(seed: int, field: str) -> Tree:
    letter = pick(seed, KEY, f"scan {field}", literal(list(OTHER_LETTERS)))
    return query(
        "replace(:f, :letter, list_extract(map_extract(:scanner, :letter), 1))",
        f=column(field),
        letter=letter,
        scanner=query(
            "map(:seen, :read)",
            **{"seen": literal(list(OTHER_LETTERS)), "read": literal(list(OTHER_LETTERS.values()))},
        ),
    )


def _called(_seed: int, field: str) -> Tree:
    return query(
        "coalesce(list_extract(map_extract(map(:names, :called), :f), 1), :f)",
        f=column(field),
        names=literal(list(CALLED)),
        called=literal(list(CALLED.values())),
    )


def _initial(_seed: int, field: str) -> Tree:
    return query("left(:f, 1) || '.'", f=column(field))


def _shortened(_seed: int, field: str) -> Tree:
    return query("replace(:f, 'straße', 'str.')", f=column(field))


_MADE = {
    "typed": _typed,
    "miskeyed": _miskeyed,
    "american": _american,
    "scanned": _scanned,
    "called": _called,
    "initial": _initial,
    "shortened": _shortened,
}
