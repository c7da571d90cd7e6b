"""Ten experiments with many equal scores, the same on every machine: drawn by our salted hash."""

import numpy as np

from carpel.stats.assignment import unit

SETS = 10
"""How many there are; each has its own size, share treated, base rate and number of scores."""


def tied(which: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outcomes, scores and arms of one."""
    people = np.arange(60 + 140 * which, dtype=np.uint64)
    drawn = {name: unit(people, f"tied {which} {name}") for name in ("score", "arm", "outcome")}
    levels = 2 + 3 * which
    score = np.floor(drawn["score"] * levels) / levels
    treated = drawn["arm"] < 0.3 + 0.05 * which
    chance = 0.15 + 0.04 * which + (score - 0.4) * 0.3 * treated
    return (drawn["outcome"] < chance).astype(float), score, treated.astype(float)
