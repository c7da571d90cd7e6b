"""How two people are compared: one configuration for all data, cut down to what is stated.

A comparison is a list of levels from equal to different. Each level has a first guess at its m,
the share of true pairs that fall into it; training moves the guesses where the data can tell.
Distances are Jaro's and Levenshtein's: the engine computes them about ten times faster than
Damerau's, and the first forgives swapped neighbours as well.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

Comparison = dict[str, Any]


class Level(NamedTuple):
    """A condition, and the share of true pairs (m) that it holds for.

    With the share of random pairs (u) as well nothing of it is learnt from data: it is known.
    """

    condition: str
    m: float
    u: float | None = None


ELSE = "ELSE"
"""The condition of the last level: what differs altogether."""
NEAR = "jaro_winkler_similarity({l}, {r}) >= 0.9"
SIMILAR = "jaro_winkler_similarity({l}, {r}) >= 0.8"
SHORTENED = "starts_with({l}, {r}) OR starts_with({r}, {l})"
CALLED = '"formal_name_l" = "formal_name_r"'
SWAPPED = '"first_name_l" = "last_name_r" AND "first_name_r" = "last_name_l"'
ONE_SIGN = "jaro_similarity({l}, {r}) >= 0.9"
TWO_SIGNS = "jaro_similarity({l}, {r}) >= 0.83"
ONE_EDIT = "levenshtein({l}, {r}) <= 1"
TWO_EDITS = "levenshtein({l}, {r}) <= 2"
DAY_FOR_MONTH = "{l} = left({r}, 4) || right({r}, 2) || substr({r}, 5, 2)"
DATE_EDITED = "jaro_similarity({l}, {r}) >= 0.75 AND levenshtein({l}, {r}) <= 2"
ONE_NAME = 'coalesce("last_name_l" = "last_name_r", "first_name_l" = "first_name_r")'
NAMED = f'"mailbox_named_l" AND "mailbox_named_r" AND {ONE_NAME}'
SAME_DIGITS = '"mailbox_digits_l" = "mailbox_digits_r"'
DIGITS = "\"mailbox_digits_l\" <> '' AND \"mailbox_digits_r\" <> ''"
SLIP = f'{SAME_DIGITS} AND {TWO_EDITS} AND ("mailbox_l" = "mailbox_r" OR NOT ({NAMED}))'
ALIKE_LETTERS = 'jaro_winkler_similarity("mailbox_letters_l", "mailbox_letters_r") >= 0.92'
OTHER_DIGITS = f"{DIGITS} AND NOT ({SAME_DIGITS}) AND ({NAMED} OR {ALIKE_LETTERS})"
OTHER_NUMBER = """NOT contains("street_numbers_l", ' ' || "street_number_r" || ' ')
    AND NOT contains("street_numbers_r", ' ' || "street_number_l" || ' ')"""
CLOSE_MAILBOX = """NOT ("mailbox_named_l" AND "mailbox_named_r")
    AND jaro_winkler_similarity("mailbox_l", "mailbox_r")"""
"""Of two addresses that repeat names, the names alone are alike: those are compared already."""

LEVELS: Mapping[str, Sequence[Level]] = {
    "first_name": [
        Level(SWAPPED, 0.02),
        Level(CALLED, 0.02),
        Level(NEAR, 0.1),
        Level(SHORTENED, 0.02),
        Level(SIMILAR, 0.03),
    ],
    "last_name": [
        Level(SWAPPED, 0.02),
        Level(NEAR, 0.1),
        Level(SHORTENED, 0.02),
        Level(SIMILAR, 0.03),
    ],
    "birth_date": [Level(f"{ONE_SIGN} OR {DAY_FOR_MONTH}", 0.08), Level(DATE_EDITED, 0.04)],
    "birthday": [],
    "house_number": [Level(ONE_EDIT, 0.1)],
    "street": [
        Level(f"{OTHER_NUMBER} AND {SIMILAR}", 0.06, 0.24),
        Level(NEAR, 0.12),
        Level(SIMILAR, 0.05),
    ],
    "district": [Level(NEAR, 0.1), Level(SIMILAR, 0.05)],
    "city": [Level(NEAR, 0.1), Level(SIMILAR, 0.04)],
    "postcode": [Level(ONE_EDIT, 0.08), Level(TWO_EDITS, 0.04)],
    "region": [],
    "email": [
        Level(SLIP, 0.06),
        Level(OTHER_DIGITS, 0.03, 0.96),
        Level(f"{NAMED} AND {SAME_DIGITS} AND {DIGITS}", 0.32, 0.01),
        Level(NAMED, 0.1, 0.1),
        Level('"mailbox_l" = "mailbox_r"', 0.04),
        Level(f"{CLOSE_MAILBOX} >= 0.92", 0.05),
        Level(f"{CLOSE_MAILBOX} >= 0.8", 0.03),
    ],
    "phone": [Level(ONE_SIGN, 0.08), Level(TWO_SIGNS, 0.03)],
    "national_id": [Level(ONE_SIGN, 0.08), Level(TWO_SIGNS, 0.03)],
}
"""Between equal (what is left of 1) and different, for every role."""

DIFFERENT: Mapping[str, float] = {
    "first_name": 0.06,
    "last_name": 0.06,
    "birth_date": 0.04,
    "birthday": 0.06,
    "house_number": 0.12,
    "street": 0.12,
    "district": 0.2,
    "city": 0.12,
    "postcode": 0.12,
    "region": 0.08,
    "email": 0.2,
    "phone": 0.2,
    "national_id": 0.03,
}
"""First guess at the share of true pairs that differ altogether."""

FREQUENT = frozenset({"first_name", "last_name", "street", "district", "city", "postcode"})
"""Roles of which a rare value tells more than a common one."""

OWN = frozenset({"first_name", "birth_date", "birthday", "email", "national_id"})
"""Roles in which the people of one household differ; the others they share."""


def comparisons(roles: Sequence[str]) -> list[Comparison]:
    """The comparisons of these roles, as the matcher reads them."""
    named = {"first_name", "last_name"} <= set(roles)
    return [
        _comparison(role, [level for level in LEVELS[role] if named or level.condition != SWAPPED])
        for role in roles
    ]


def _comparison(role: str, levels: Sequence[Level]) -> Comparison:
    left, right = f'"{role}_l"', f'"{role}_r"'
    between = [_level(level, left, right) for level in levels]
    rest = 1 - DIFFERENT[role] - sum(level.m for level in levels if level.u is None)
    equal = _level(Level("{l} = {r}", rest), left, right)
    if role in FREQUENT:
        equal |= {"tf_adjustment_column": role, "tf_minimum_u_value": 0.00001}
    missing = {
        "sql_condition": f"{left} IS NULL OR {right} IS NULL",
        "is_null_level": True,
        "label_for_charts": "missing",
    }
    different = _level(Level(ELSE, DIFFERENT[role]), left, right)
    return {
        "output_column_name": role,
        "comparison_levels": [missing, equal, *between, different],
    }


def _level(level: Level, left: str, right: str) -> dict[str, Any]:
    condition = level.condition.format(l=left, r=right)
    said = {"sql_condition": condition, "label_for_charts": condition, "m_probability": level.m}
    if level.u is None:
        return said
    return said | {
        "u_probability": level.u,
        "fix_m_probability": True,
        "fix_u_probability": True,
    }
