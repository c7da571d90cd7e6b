"""The long evidence: over a thousand simulated sets, intervals hold what they say."""

import numpy as np
import pytest

pytest.importorskip("scipy")

from carpel.stats.buying.bg_nbd import BgNbd
from carpel.stats.buying.intervals import expected, total
from carpel.stats.buying.pareto_nbd import ParetoNbd

from . import drawn

SETS = 1000
PERSONS_EVERY = 10
"""Of every so many sets the interval of each person is held against what they did."""


@pytest.mark.prove
@pytest.mark.parametrize(
    ("kind", "values", "draw", "people"),
    [
        (BgNbd, drawn.BG, drawn.bg_nbd, 2000),
        (ParetoNbd, drawn.PARETO, drawn.pareto_nbd, 3000),
    ],
    ids=["BG/NBD", "Pareto/NBD"],
)
def test_intervals_cover_what_they_say(kind, values, draw, people, fresh_seed):
    """Parameters and the cohort's total 92 to 98 %, each person at least 95 %, for nominal 95."""
    chance = np.random.default_rng(fresh_seed)
    held, together, persons = np.zeros(4), 0, []
    for number in range(SETS):
        each, later = draw(values, drawn.ages(people, chance), drawn.AHEAD, chance)
        model, found = kind.fitted(each)
        ends = found.intervals().values()
        held += [low <= true <= high for (_, low, high), true in zip(ends, values, strict=True)]
        cohort = total(model, found, each, drawn.AHEAD)
        together += cohort.low <= later.sum() <= cohort.high
        if number % PERSONS_EVERY == 0:
            known = expected(model, found, each, drawn.AHEAD)
            persons.append(((known.low <= later) & (later <= known.high)).mean())
    print(kind.name, held / SETS, together / SETS, np.mean(persons))
    assert ((held / SETS >= 0.92) & (held / SETS <= 0.98)).all()
    assert 0.92 <= together / SETS <= 0.98
    assert np.mean(persons) >= 0.95
