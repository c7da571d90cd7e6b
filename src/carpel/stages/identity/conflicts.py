"""When two people cannot be one."""

from carpel.engine.query import Tree, query

NAME_LIKE = 0.85
"""Jaro-Winkler similarity from which two first names may be one name, misspelt."""
COMMON_NAME_LIKE = 0.92
"""The same for two names that are both common."""


def alike(a: str, b: str) -> Tree:
    """Whether two cleaned names may be one: misspelt, shortened or an initial; NULL if unknown."""
    return query(
        f"""(jaro_winkler_similarity({a}, {b}) >= :least
                      OR starts_with({a}, {b}) OR starts_with({b}, {a}))""",
        least=NAME_LIKE,
    )


def same_birth(a: str, b: str) -> Tree:
    """Whether two birth dates of eight digits may be one: a slip of a finger, or day for month."""
    return query(f"""(levenshtein({a}, {b}) <= 1
                      OR (levenshtein({a}, {b}) = 2 AND jaro_similarity({a}, {b}) >= 0.95)
                      OR {a} = left({b}, 4) || right({b}, 2) || substr({b}, 5, 2))""")


def same_birthday(a: str, b: str) -> Tree:
    """The same for two birthdays without a year, four digits."""
    return query(f"levenshtein({a}, {b}) <= 1 OR {a} = right({b}, 2) || left({b}, 2)")


def other_name(a: str, b: str) -> Tree:
    """Whether two aliased feature rows have first names that are not one name; NULL if unknown."""
    return query(
        f"""NOT :alike AND {a}.formal_name <> {b}.formal_name AND NOT coalesce(
        {a}.first_name = {b}.last_name OR {a}.last_name = {b}.first_name, false)""",
        alike=alike(f"{a}.first_name", f"{b}.first_name"),
    )


def contradictory(a: str, b: str) -> Tree:
    """Whether names or birth dates of two aliased feature rows say that they are two people.

    A family differs in first names, father and son of one name in birth dates. A last name may
    change, so that alone says so only where no first names are known.
    """
    return query(
        f"""coalesce(:other, false) OR coalesce(NOT :birth, false)
                     OR coalesce(NOT (:birthday), false)
                     OR coalesce(({a}.first_name IS NULL OR {b}.first_name IS NULL)
                                 AND NOT :last, false)""",
        other=other_name(a, b),
        birth=same_birth(f"{a}.birth_date", f"{b}.birth_date"),
        birthday=same_birthday(f"{a}.birthday", f"{b}.birthday"),
        last=alike(f"{a}.last_name", f"{b}.last_name"),
    )


def two_names(a: str, b: str) -> Tree:
    """Whether two aliased feature rows have first names that are both common, and not one name.

    Two common names that are a little alike are still two, Joanna is no Johannes; a rare first
    name says less, it may be a slip.
    """
    return query(
        f"""coalesce({a}.common_name AND {b}.common_name AND {a}.formal_name <> {b}.formal_name
                     AND jaro_winkler_similarity({a}.first_name, {b}.first_name) < :least
                     AND NOT starts_with({a}.first_name, {b}.first_name)
                     AND NOT starts_with({b}.first_name, {a}.first_name)
                     AND NOT coalesce({a}.first_name = {b}.last_name
                                      OR {a}.last_name = {b}.first_name, false), false)""",
        least=COMMON_NAME_LIKE,
    )


def another_person(a: str, b: str) -> Tree:
    """Whether two aliased feature rows are two people however alike they are.

    Brothers, sisters and twins share everything but first names, and the number that the state
    gives to one person only.
    """
    return query(
        f"""(:two) AND NOT coalesce(
        jaro_similarity({a}.national_id, {b}.national_id) >= 0.9, false)""",
        two=two_names(a, b),
    )
