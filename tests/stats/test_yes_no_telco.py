"""Telco churn: no dates, so cross-validated and marked as such; a planted leak; shuffled labels."""

import os
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn")

from carpel.stats.yes_no import Column, categories, learn, numbers
from carpel.stats.yes_no.judging import auc

DATA = os.environ.get("CARPEL_DATA")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA, reason="CARPEL_DATA names no folder of public data"),
]


@pytest.fixture(scope="module")
def telco() -> tuple[list[Column], np.ndarray]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(Path(DATA or "") / "telco_churn.parquet")
    words = {name for name in table.column_names if pa.types.is_string(table[name].type)}
    columns = [
        categories(name, table[name].to_pylist())
        if name in words
        else numbers(name, table[name].to_numpy())
        for name in table.column_names
        if name != "churn"
    ]
    return columns, np.array(table["churn"].to_pylist()) == "Yes"


def test_churn_is_foreseen_with_honest_chances_and_a_planted_leak_is_caught(telco, rng):
    columns, churned = telco
    flipped = churned ^ (rng.random(len(churned)) < 0.01)
    leak = categories("closing_letter", np.where(flipped, "sent", "none").tolist())
    found = learn([*columns, leak], churned)
    card = found.card
    assert card.used and card.judged is not None and found.model is not None, card.verdict
    assert card.judged.auc >= 0.84 and card.judged.calibration_error <= 0.03
    assert card.judged.log_loss < 0.42 < card.judged.naive_log_loss
    assert (card.rows, card.outcomes, card.days, card.time_honest) == (7_043, 1_869, None, False)
    assert "Not time-honest" in " ".join(card.sentences())
    left = {each.column: each for each in card.left_out}
    assert set(left) == {"closing_letter", "rownames"}
    assert left["closing_letter"].leak and "AUC" in left["closing_letter"].reason
    assert card.importance[0].column == "contract"
    few = [each.take(np.arange(40)) for each in columns]
    assert auc(found.model.chances(few), churned[:40])[0] > 0.7
    assert all(1 <= len(each) <= 3 for each in found.model.reasons(few))


def test_shuffled_churn_is_not_used(telco, rng):
    columns, churned = telco
    some = rng.choice(len(churned), 1_500, replace=False)
    found = learn([each.take(some) for each in columns], rng.permutation(churned[some]))
    assert found.model is None and found.card.verdict.endswith("not used")
