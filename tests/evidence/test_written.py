"""One minus, in front of everything, wherever a figure is below nothing."""

import pytest

from carpel.evidence.written import THIN, money, number, percent


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (money(-5, "EUR"), "−€5.00"),
        (money(-1234, "CHF"), f"−CHF{THIN}1,234"),
        (money(-0.001, "EUR"), "€0.00"),
        (number(-5.5), "−5.50"),
        (percent(-0.5), f"−50{THIN}%"),
        (percent(-0.0001), f"a little under 0{THIN}%"),
        (percent(0.0), f"0{THIN}%"),
    ],
)
def test_a_figure_below_nothing(said: str, told: str) -> None:
    assert said == told
