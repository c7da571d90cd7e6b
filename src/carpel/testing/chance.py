"""Chance in SQL: drawn from a hash of a seed, a row's key and a salt, so that it repeats."""

from carpel.engine.query import Tree, column, query

STEPS = 1_000_003


def draw(seed: int, key: str, salt: str) -> Tree:
    """A number from 0 up to 1, the same for a row's key (a column) whenever it is asked."""
    return query(
        "(hash(:seed, :key, :salt) % :steps) / :steps",
        seed=seed,
        key=column(key),
        salt=salt,
        steps=STEPS,
    )


def chance(seed: int, key: str, salt: str, share: float) -> Tree:
    """True for this share of the keys."""
    return query(":draw < :share", draw=draw(seed, key, salt), share=share)


def pick(seed: int, key: str, salt: str, among: Tree, lean: float = 1.0) -> Tree:
    """One of a list; with a lean above 1 the first ones more often."""
    return query(
        "list_extract(:among, 1 + CAST(floor(power(:draw, :lean) * len(:among)) AS INT))",
        among=among,
        draw=draw(seed, key, salt),
        lean=lean,
    )
