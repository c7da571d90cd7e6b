"""Counting models on CDNOW, against the papers and against independent implementations.

Golden figures named `lifetimes` are of lifetimes 0.11.3 on the same histories; the long evidence
computes them again (tests/prove/test_oracles.py).
"""

import numpy as np
import pytest

pytest.importorskip("scipy")

from carpel.stats.buying.bg_nbd import BgNbd
from carpel.stats.buying.choosing import choose
from carpel.stats.buying.gamma_gamma import GammaGamma
from carpel.stats.buying.histories import grouped, histories
from carpel.stats.buying.intervals import expected, total
from carpel.stats.buying.pareto_nbd import ParetoNbd
from carpel.stats.buying.regularity import regularity

from .cdnow import UNTIL, cdnow

ONE = histories([2], [30.43], [38.86])
"""A person of the paper: two repeat purchases, the last in week 30.43 of 38.86."""


def test_bg_nbd_is_as_published_and_as_lifetimes_says():
    """Fader, Hardie and Lee (2005): .243, 4.414, .793, 2.426, -9582.4 and 1.226."""
    model, found = BgNbd.fitted(cdnow().weeks)
    assert [f"{each:.3f}" for each in model.values] == ["0.243", "4.414", "0.793", "2.426"]
    assert f"{found.log_likelihood:.1f}" == "-9582.4"
    assert f"{model.moments(ONE, 39)[0][0]:.3f}" == "1.226"
    assert model.moments(cdnow().weeks, 39)[0].sum() == pytest.approx(1653.4087, rel=1e-5)
    assert model.moments(ONE, 39)[0][0] == pytest.approx(1.2259068, rel=1e-5)
    assert model.alive(ONE)[0] == pytest.approx(0.7266092, rel=1e-5)
    assert model.unconditional(np.array([39.0]))[0] == pytest.approx(1.1950100, rel=1e-5)


def test_pareto_nbd_is_as_published_and_as_lifetimes_says():
    """Fader, Hardie and Lee (2005): .553, 10.578, .606, 11.669 and -9595.0."""
    model, found = ParetoNbd.fitted(grouped(cdnow().weeks)[0])
    assert [f"{each:.3f}" for each in model.values] == ["0.553", "10.578", "0.606", "11.669"]
    assert f"{found.log_likelihood:.1f}" == "-9595.0"
    assert model.moments(cdnow().weeks, 39)[0].sum() == pytest.approx(1665.5131, rel=1e-5)
    assert model.moments(ONE, 39)[0][0] == pytest.approx(1.4550988, rel=1e-5)
    assert model.alive(ONE)[0] == pytest.approx(0.8691157, rel=1e-5)
    assert model.unconditional(np.array([39.0]))[0] == pytest.approx(1.2134040, rel=1e-5)
    chances = model.chances(ONE, 39)
    counted = [chances.first()[0], *(chances.next()[0] for _ in range(3))]
    assert counted == pytest.approx([0.4080954, 0.2192656, 0.1517450, 0.0956515], rel=1e-5)


def test_gamma_gamma_is_as_published():
    """Fader and Hardie (2013) on the 946 people who bought again: 6.25, 3.74 and 15.44."""
    orders, mean = cdnow().repeat_values()
    model, found = GammaGamma.fitted(orders, mean)
    assert found.people == 946
    assert [f"{each:.2f}" for each in (model.p, model.q, model.v)] == ["6.25", "3.74", "15.44"]
    assert model.order_value(np.zeros(1), np.zeros(1))[0] == pytest.approx(
        model.p * model.v / (model.q - 1)
    )


def test_what_happened_lies_within_the_intervals_and_the_shortfall_is_said():
    weeks, happened = cdnow().weeks, cdnow().happened
    assert (happened.sum(), (happened > 0).sum()) == (1882, 684)
    choice = choose(cdnow().people, cdnow().at, UNTIL + 273, 273.0)
    assert choice.model is ParetoNbd and all(each.used for each in choice.verdicts)
    said = {each.model.name: each.sentence() for each in choice.verdicts}
    assert "foresaw 1,653 of the 1,882" in said["BG/NBD"] and "12.1% short" in said["BG/NBD"]
    assert "foresaw 1,666 of the 1,882" in said["Pareto/NBD"] and choice.reason in said.values()
    model, found = ParetoNbd.fitted(grouped(weeks)[0])
    each, together = expected(model, found, weeks, 39), total(model, found, weeks, 39)
    assert ((each.low <= happened) & (happened <= each.high)).mean() >= 0.95
    assert together.low < 1882 < together.high


def test_people_of_cdnow_buy_at_random():
    found = regularity(cdnow().people, cdnow().at)
    assert 0.9 < found.low < found.high < 1.3 and not found.fixed
