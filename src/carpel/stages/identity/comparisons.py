"""How two people are compared: one configuration for all data, cut down to what is stated.

A comparison is a list of levels from equal to different. Each level has a first guess at its m,
the share of true pairs that fall into it; training moves the guesses where the data can tell.
Distances are Jaro's and Levenshtein's: the engine computes them about ten times faster than
Damerau's, and the first forgives swapped neighbours as well.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Level = tuple[str, float]
Comparison = dict[str, Any]

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

LEVELS: Mapping[str, Sequence[Level]] = {
    "first_name": [
        (SWAPPED, 0.02),
        (CALLED, 0.02),
        (NEAR, 0.1),
        (SHORTENED, 0.02),
        (SIMILAR, 0.03),
    ],
    "last_name": [(SWAPPED, 0.02), (NEAR, 0.1), (SHORTENED, 0.02), (SIMILAR, 0.03)],
    "birth_date": [(f"{ONE_SIGN} OR {DAY_FOR_MONTH}", 0.08), (DATE_EDITED, 0.04)],
    "house_number": [(ONE_EDIT, 0.1)],
    "street": [(NEAR, 0.12), (SIMILAR, 0.05)],
    "district": [(NEAR, 0.1), (SIMILAR, 0.05)],
    "city": [(NEAR, 0.1), (SIMILAR, 0.04)],
    "postcode": [(ONE_EDIT, 0.08), (TWO_EDITS, 0.04)],
    "region": [],
    "email": [
        ('"mailbox_l" = "mailbox_r"', 0.06),
        ('jaro_winkler_similarity("mailbox_l", "mailbox_r") >= 0.92', 0.08),
        ('jaro_winkler_similarity("mailbox_l", "mailbox_r") >= 0.8', 0.04),
    ],
    "phone": [(ONE_SIGN, 0.08), (TWO_SIGNS, 0.03)],
    "national_id": [(ONE_SIGN, 0.08), (TWO_SIGNS, 0.03)],
}
"""Between equal (what is left of 1) and different, for every role."""

DIFFERENT: Mapping[str, float] = {
    "first_name": 0.06,
    "last_name": 0.06,
    "birth_date": 0.04,
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

OWN = frozenset({"first_name", "birth_date", "email", "national_id"})
"""Roles in which the people of one household differ; the others they share."""


def comparisons(roles: Sequence[str]) -> list[Comparison]:
    """The comparisons of these roles, as the matcher reads them."""
    named = {"first_name", "last_name"} <= set(roles)
    return [
        _comparison(role, [level for level in LEVELS[role] if named or level[0] != SWAPPED])
        for role in roles
    ]


def _comparison(role: str, levels: Sequence[Level]) -> Comparison:
    left, right = f'"{role}_l"', f'"{role}_r"'
    between = [_level(condition.format(l=left, r=right), m) for condition, m in levels]
    equal = _level(f"{left} = {right}", 1 - DIFFERENT[role] - sum(m for _, m in levels))
    if role in FREQUENT:
        equal |= {"tf_adjustment_column": role, "tf_minimum_u_value": 0.00001}
    missing = {
        "sql_condition": f"{left} IS NULL OR {right} IS NULL",
        "is_null_level": True,
        "label_for_charts": "missing",
    }
    return {
        "output_column_name": role,
        "comparison_levels": [missing, equal, *between, _level("ELSE", DIFFERENT[role])],
    }


def _level(condition: str, m: float) -> dict[str, Any]:
    return {"sql_condition": condition, "label_for_charts": condition, "m_probability": m}
