"""Hillstrom's e-mail test, read as a finished experiment: published figures, nothing oversold."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn")

from carpel.stats.uplift import T, X, auuc, learn, qini
from carpel.stats.yes_no.columns import categories, numbers

DATA = os.environ.get("CARPEL_DATA")
pytestmark = pytest.mark.skipif(not DATA, reason="CARPEL_DATA names no folder of public data")
MENS, WOMENS, NONE = "Mens E-Mail", "Womens E-Mail", "No E-Mail"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (Path(DATA or "") / "hillstrom.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def column(rows, name) -> np.ndarray:
    return np.array([float(row[name]) for row in rows])


@pytest.mark.parametrize(
    ("arm", "visit", "conversion", "spend"),
    [
        (MENS, 0.18276, 0.01253, 1.42262),
        (WOMENS, 0.15140, 0.00884, 1.07720),
        (NONE, 0.10617, 0.00573, 0.65279),
    ],
)
def test_rates_of_the_arms(rows, arm, visit, conversion, spend):
    of = [row for row in rows if row["segment"] == arm]
    found = [column(of, name).mean() for name in ("visit", "conversion", "spend")]
    assert found == pytest.approx([visit, conversion, spend], abs=5.1e-6)


@pytest.mark.parametrize(
    ("score", "sign", "golden_qini", "golden_auuc"),
    [
        ("womens", 1, 0.064016, 0.029431),
        ("history", 1, 0.002622, 0.001048),
        ("recency", -1, -0.004520, -0.001970),
    ],
)
def test_golden_qini_and_auuc(rows, score, sign, golden_qini, golden_auuc):
    of = [row for row in rows if row["segment"] != MENS]
    treated = [row["segment"] == WOMENS for row in of]
    given = column(of, "visit"), sign * column(of, score), treated
    assert qini(*given) == pytest.approx(golden_qini, abs=5.1e-7)
    assert auuc(*given) == pytest.approx(golden_auuc, abs=5.1e-7)


def learned(rows, arm, kind):
    of = [row for row in rows if row["segment"] in (arm, NONE)]
    names = ("recency", "history", "mens", "womens", "newbie")
    columns = [numbers(name, column(of, name)) for name in names]
    columns += [categories(name, [row[name] for row in of]) for name in ("zip_code", "channel")]
    return learn(columns, column(of, "visit"), [row["segment"] == arm for row in of], kind=kind)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [T, X])
def test_the_model_of_the_mens_mail_is_not_oversold(rows, kind):
    found = learned(rows, MENS, kind)
    print(found.card.verdict)
    assert found.model is None and not found.card.used
    assert "no better than drawing people by lot: not used" in found.card.verdict
    assert found.card.qini is not None and found.card.real is not None
    assert found.card.qini.low < 0 < found.card.qini.high < 0.03
    assert found.card.real.low < 0
    assert found.card.real.effect == pytest.approx(0.18276 - 0.10617, abs=0.005)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [T, X])
def test_the_womens_mail_moves_some_more_than_others(rows, kind):
    found = learned(rows, WOMENS, kind)
    print(found.card.verdict)
    assert found.model is not None and found.card.qini is not None
    assert 0.01 < found.card.qini.low < found.card.qini.value < 0.0640 + 0.02
    assert found.card.bands[0].low > found.card.bands[-1].effect
