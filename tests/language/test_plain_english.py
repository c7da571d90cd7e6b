"""Rules as sentences of plain English, against sentences that were read by people."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from carpel.language import All, Any, Comparison, Did, Node, NoneOf, Not, Period, parse_text, plain
from carpel.language.plain import plain_comparison, plain_doings, plain_value

WORDS = {
    "order": "Order completed",
    "vip": "Very good",
    "gold": "Gold",
    "amount": "Amount",
    "age": "Age",
    "orders_365d": "Orders, 365 days",
    "spend_all": "Spend, all time",
    "recency_days": "Days since last order",
}
LINES = (Path(__file__).parent / "plain_english.txt").read_text(encoding="utf-8").splitlines()
PAIRS = list(zip(LINES[::2], LINES[1::2], strict=True))
"""A rule as text, then its sentence."""


@pytest.mark.parametrize(("text", "sentence"), PAIRS, ids=LINES[::2])
def test_a_rule_reads_as_its_sentence(text: str, sentence: str) -> None:
    assert plain(parse_text(text), WORDS) == sentence.strip()


EMPTY = [
    (All(()), "without any condition"),
    (Any(()), "of whom there are none"),
    (NoneOf(()), "without any condition"),
    (Not(All(())), "of whom there are none"),
    (Not(Any(())), "without any condition"),
    (NoneOf((All(()),)), "of whom there are none"),
]


@pytest.mark.parametrize(("node", "said"), EMPTY)
def test_a_group_of_nothing_holds_for_everybody_or_nobody(node: Node, said: str) -> None:
    assert plain(node) == f"People {said}."


def test_the_parts_of_a_sentence_are_said_by_themselves() -> None:
    did = parse_text("did order(amount > 5) in 1 week zone own")
    assert isinstance(did, Did)
    assert plain_doings(did) == "“order” where amount is more than 5 in the last week" + (
        " on their own clocks"
    )
    assert plain_doings(did, WORDS).startswith("“Order completed” where amount")
    assert plain_comparison(Comparison("not_in_last", Period(2, "days"))) == (
        "is not in the last 2 days"
    )


VALUES = [
    (None, "not known"),
    (True, "yes"),
    (False, "no"),
    (1234567, "1,234,567"),
    (0.5, "0.5"),
    (date(2026, 1, 5), "5 January 2026"),
    (datetime(2026, 1, 5, 7, 3, tzinfo=UTC), "5 January 2026, 07:03"),
    ("Bonn", "“Bonn”"),
    (["a", 1], "“a” and 1"),
    ([], "nothing"),
    (Period(1, "days"), "day"),
    (Period(1500, "days"), "1,500 days"),
]


@pytest.mark.parametrize(("value", "told"), VALUES)
def test_a_value_is_told_as_it_is_said(value: object, told: str) -> None:
    assert plain_value(value) == told


STATES = [
    ("subscribed = true", "Has a plan", "who have a plan"),
    ("subscribed = false", "Has a plan", "who have no plan"),
    ("not subscribed = true", "Has a plan", "who have no plan"),
    ("past_due = true", "Is past due", "who are past due"),
    ("past_due = false", "Is past due", "who are not past due"),
    ("again = false", "Has bought again", "who have not bought again"),
    ("agreed = true", "Has an opinion", "who have an opinion"),
    ("good = true", "Goodness", "whose goodness is yes"),
]


@pytest.mark.parametrize(("text", "label", "told"), STATES)
def test_what_is_yes_or_no_is_said_as_a_state(text: str, label: str, told: str) -> None:
    name = text.removeprefix("not ").split()[0]
    assert plain(parse_text(text), {name: label}) == f"People {told}."
