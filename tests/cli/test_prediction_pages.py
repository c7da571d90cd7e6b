"""A prediction on the screen, in the words of the people who read it."""

from carpel.cli.predictions import prediction_page
from carpel.verbs.cards import Model, PredictionPage

BAND = {"people": 500, "foreseen": 0.12, "effect": 0.084, "low": 0.05, "high": 0.118}
LAST = {"people": 501, "foreseen": 0.01, "effect": -0.02, "low": -0.05, "high": 0.01}


def page(**arms) -> PredictionPage:
    model = Model(
        True, "told well", "X-learner", 4_000, None, None, None, arms=arms, bands=[BAND, LAST]
    )
    return PredictionPage("letter_adds", "What the letter adds", "uplift", [], (model,))


def test_what_an_action_was_to_add_stands_beside_what_it_added(capsys):
    prediction_page(page(treated=2_000, control=2_100, both=3))
    said = capsys.readouterr().out
    assert "Told by 2,000 people who got it and 2,100 of the comparison group; 3 in both" in said
    assert "12.0 %" in said and "8.4 % (5.0 % to 11.8 %)" in said
    assert "-2.0 % (-5.0 % to 1.0 %)" in said and said.index("8.4 %") < said.index("-2.0 %")


def test_groups_that_share_nobody_are_not_said_to(capsys):
    prediction_page(page(treated=2_000, control=2_100, both=0))
    assert "in both" not in capsys.readouterr().out
