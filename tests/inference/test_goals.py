"""Goals as people say them, and the errors that help when they are not understood."""

from datetime import date

import pytest

from carpel.errors import CarpelError
from carpel.inference import parse_goal


@pytest.mark.parametrize(("text", "metric", "target"), [
    ("repeat purchase rate 25% by 2027-06-30", "repeat_purchase_rate", 0.25),
    ("Repeat Purchase Rate of 25 % by 2027-06-30", "repeat_purchase_rate", 0.25),
    ("repeat_purchase_rate 0.25 by 2027-06-30", "repeat_purchase_rate", 0.25),
    ("active customers 12,000 by 2027-06-30", "active_customers", 12000),
    ("revenue €1.5m by 2027-06-30", "revenue", 1_500_000),
    ("revenue 250000 EUR until 2027-06-30", "revenue", 250_000)])  # fmt: skip
def test_a_goal_is_read(text: str, metric: str, target: float) -> None:
    goal = parse_goal(text)
    assert (goal.metric, goal.target, goal.by) == (metric, target, date(2027, 6, 30))


def test_a_goal_lies_ahead() -> None:
    with pytest.raises(CarpelError, match="has passed"):
        parse_goal("revenue 100 by 2027-06-30", after=date(2027, 6, 30))


@pytest.mark.parametrize(("text", "hint"), [
    ("repeat purchse rate 25% by 2027-06-30", "repeat purchase rate"),
    ("revenu 100 by 2027-06-30", "revenue"),
    ("churn 5% by 2027-06-30", "Known"),
    ("revenue 100 by next year", "not a date"),
    ("revenue 100 by 2027-02-30", "not a date"),
    ("repeat purchase rate 250% by 2027-06-30", "at most 100%"),
    ("more customers", "like: ")])  # fmt: skip
def test_a_goal_that_is_not_understood_says_why(text: str, hint: str) -> None:
    with pytest.raises(CarpelError, match=hint) as failure:
        parse_goal(text)
    assert failure.value.exit_code == 2


def test_a_currency_stands_apart_from_its_amount():
    assert parse_goal("revenue 100,000 EUR by 2027-06-30").label == "Revenue 100,000 EUR"
