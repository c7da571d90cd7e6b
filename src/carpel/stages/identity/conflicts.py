"""When two people cannot be one, and clusters that respect it."""

from collections import defaultdict
from collections.abc import Iterable

from carpel.engine.query import Tree, query

NAME_LIKE = 0.85
"""Jaro-Winkler similarity from which two first names may be one name, misspelt."""


def alike(a: str, b: str) -> Tree:
    """Whether two cleaned names may be one: misspelt, shortened or an initial; NULL if unknown."""
    return query(
        f"""(jaro_winkler_similarity({a}, {b}) >= :least
                      OR starts_with({a}, {b}) OR starts_with({b}, {a}))""",
        least=NAME_LIKE,
    )


def same_birth(a: str, b: str) -> Tree:
    """Whether two birth dates of eight digits may be one: a slip of a finger, or day for month."""
    return query(f"""(damerau_levenshtein({a}, {b}) <= 1
                      OR {a} = left({b}, 4) || right({b}, 2) || substr({b}, 5, 2))""")


def contradictory(a: str, b: str) -> Tree:
    """Whether names or birth dates of two aliased feature rows say that they are two people.

    A family differs in first names, father and son of one name in birth dates. A last name may
    change, so that alone says so only where no first names are known.
    """
    return query(
        """coalesce(NOT :first AND NOT coalesce(:swapped, false), false)
                    OR coalesce(NOT :birth, false)
                    OR coalesce((:first) IS NULL AND NOT :last, false)""",
        first=alike(f"{a}.first_name", f"{b}.first_name"),
        swapped=query(f"""{a}.first_name = {b}.last_name
                                   OR {a}.last_name = {b}.first_name"""),
        birth=same_birth(f"{a}.birth_date", f"{b}.birth_date"),
        last=alike(f"{a}.last_name", f"{b}.last_name"),
    )


def agglomerate(
    edges: Iterable[tuple[int, int]],
    apart: Iterable[tuple[int, int]],
) -> dict[int, int]:
    """Join nodes along edges, in their order, unless the joined cluster held a pair kept apart.

    Gives the cluster (its smallest node) of every node that an edge names.
    """
    parent: dict[int, int] = {}
    enemies: defaultdict[int, set[int]] = defaultdict(set)
    for a, b in apart:
        enemies[a].add(b)
        enemies[b].add(a)
    for a, b in edges:
        low, high = sorted((_root(parent, a), _root(parent, b)))
        if low == high or high in enemies[low]:
            continue
        parent[high] = low
        for enemy in enemies.pop(high, set()):
            enemies[enemy].discard(high)
            enemies[enemy].add(low)
            enemies[low].add(enemy)
    return {node: _root(parent, node) for node in list(parent)}


def _root(parent: dict[int, int], node: int) -> int:
    parent.setdefault(node, node)
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node
