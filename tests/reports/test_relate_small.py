"""What explains a figure of few people, from columns alone."""

import numpy as np
import pytest

from carpel.errors import CarpelError
from carpel.verbs.relate import _related

PEOPLE = 60
ROWS = {name: {"label": name} for name in ("near", "once", "other")}


def columns() -> dict[str, np.ndarray]:
    """`once` differs only among those of whom `near` is not known."""
    rng = np.random.default_rng(3)
    near = rng.normal(size=PEOPLE)
    once = np.ones(PEOPLE)
    near[:5], once[:5] = np.nan, 0
    return {"near": near, "once": once, "other": rng.normal(size=PEOPLE)}


def test_what_is_the_same_for_all_who_can_be_looked_at_is_left_out_and_said() -> None:
    given = columns()
    outcome = np.nan_to_num(given["near"]) + given["other"] + 2 * given["once"]
    found = _related("spend", outcome, given, ROWS, named=False)
    assert {row["trait"] for row in found.rows} == {"near", "other"} and found.n == PEOPLE - 5
    assert "the same for everybody" in found.left_out["once"]


def test_named_by_somebody_it_is_an_error() -> None:
    with pytest.raises(CarpelError, match="the same for everybody"):
        _related("spend", np.arange(PEOPLE, dtype=float), columns(), ROWS, named=True)
