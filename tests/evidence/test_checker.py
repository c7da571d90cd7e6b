"""No number and no claim gets past that the figures do not bear: a thousand attempts and more."""

import random
from dataclasses import replace

import pytest

from carpel.evidence import Evidence, Sentence, Unsupported, rejections
from carpel.evidence.supported import unsupported

from .made import AGE, COFFEE, HALF, INCOME, NEVER, ORDERS, REVENUE, SENTENCES
from .mutations import let_through


def test_a_thousand_mutations_are_all_refused(rng):
    assert let_through(SENTENCES, random.Random(int(rng.integers(2**32))), 1000) == []


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda each: f"{each.kind}-{each.evidence.of}")
def test_a_sentence_bears_itself(sentence):
    assert rejections(sentence.text, sentence) == ()
    assert unsupported(sentence.text, sentence.evidence) == ()


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        (
            SENTENCES[0],
            "On average these people order more often, with 131 orders in the last 365 days, "
            "while it is 22.5 for everyone else.",
        ),
        (SENTENCES[4], "Among them more have an income of 50-74K: 26 % vs 18 % for others."),
        (SENTENCES[6], "None of these people bought cat food in the last 365 days, versus 21 % "
                       "of everyone else."),
        (SENTENCES[11], "These people contribute 45 % of the revenue of the last 365 days, and "
                        "they are 14 % of all people."),
    ],
)  # fmt: skip
def test_rephrasing_is_let_through(sentence, text):
    assert rejections(text, sentence) == ()


@pytest.mark.parametrize(
    "text",
    [
        "They order more often: 131 orders in the last 365 days on average, against 22.5 for "
        "everybody.",
        "They order more often: 131 orders in the last 365 days, against 22.5 for everybody else.",
        "They order twice as often: 131 orders in the last 365 days on average, against 22.5 for "
        "everybody else.",
        "They order more often: one hundred and thirty-one orders in the last 365 days on average, "
        "against 22.5 for everybody else.",
        "They order more often: 22.5 orders in the last 365 days on average, against 131 for "
        "everybody else.",
        "Everybody else orders more often: 131 orders in the last 365 days on average, against "
        "22.5 for them.",
        "They don't order more often: 131 orders in the last 365 days on average, against 22.5 "
        "for everybody else.",
        "They order more often: 131 orders in the last 365 days on average, against 22.5 for "
        "everybody else. Write to them on Sunday.",
        "They order more often: ١٣١ orders in the last 365 days on average, against 22.5 for "
        "everybody else.",
        "They order more often: 131 orders in the last 365 days on average, against 22½ for "
        "everybody else.",
        "They order more often: 131 % orders in the last 365 days on average, against 22.5 for "
        "everybody else.",
        "They order more often: $131 orders in the last 365 days on average, against 22.5 for "
        "everybody else.",
        "They order mo\u200bre oft\u200ben: 131 orders nev\u200ber in the last 365 days on "
        "average, against 22.5 for everybody else.",
        "",
    ],
)
def test_cunning_is_refused(text):
    assert rejections(text, SENTENCES[0])


def test_a_claim_is_held_against_the_figures_themselves():
    less = "They order less often: 131 orders in the last 365 days on average, against 22.5 for "
    assert unsupported(f"{less}everybody else.", ORDERS)
    assert unsupported("They are older: 45.2 years on average, against 44.9 for others.", AGE)
    assert unsupported("45.2 years on average for everybody else.", AGE)
    assert unsupported("None of them have it, against 18 % of everybody else.", INCOME)
    assert unsupported("Do not assume that they order more often: 131 orders.", ORDERS)


@pytest.mark.parametrize(
    ("evidence", "changes"),
    [
        (ORDERS, {"n": 19}),
        (ORDERS, {"contrast_n": 3}),
        (ORDERS, {"value": float("nan")}),
        (ORDERS, {"contrast": None}),
        (ORDERS, {"low": 132.0}),
        (ORDERS, {"gap_low": -1.0}),
        (ORDERS, {"direction": "less"}),
        (INCOME, {"n": 20, "value": 0.2, "low": 0.1, "high": 0.4}),
        (REVENUE, {"value": 1.2, "high": 1.3, "gap_high": 1.2}),
        (HALF, {"n": 49}),
        (AGE, {"label": ""}),
    ],
)
def test_figures_that_carry_nothing_are_no_evidence(evidence, changes):
    with pytest.raises(Unsupported):
        replace(evidence, **changes)


def test_without_evidence_there_is_no_sentence():
    with pytest.raises(TypeError):
        Sentence("told")  # type: ignore[call-arg]
    with pytest.raises(Unsupported):
        Sentence("told", None)  # type: ignore[arg-type]
    with pytest.raises(Unsupported):
        Sentence("told", "They are rich.")  # type: ignore[arg-type]
    with pytest.raises(Unsupported):
        Sentence("assume", ORDERS)  # a clear difference cannot be denied
    with pytest.raises(TypeError):
        Evidence("mean", "age", "Age", 45.0)  # type: ignore[call-arg]


def test_sentences_are_said_well():
    said = [each.text.replace("\u00a0", " ") for each in SENTENCES]
    assert said == [
        "They order more often: 131 orders in the last 365 days on average, against 22.5 for "
        "everybody else.",
        "They are 45.2 years old on average, against 44.9 for everybody else.",
        "Do not assume that they are older, or younger: 45.2 years on average, against 44.9 for "
        "everybody else.",
        "They spend less on an order: $33.50 on average, against $1,240 for everybody else.",
        "More of them have an income of 50-74K: 26 %, against 18 % of everybody else.",
        "More of them bought coffee in the last 365 days: 26 %, against 18 % of everybody else.",
        "None of them bought cat food in the last 365 days, against 21 % of everybody else.",
        "2.1 % of them live in Neuburg, against under 0.1 % of everybody else.",
        "Nothing shows that more of them live in Neuburg, or fewer: 2.1 %, against under 0.1 % of "
        "everybody else.",
        "Half of them order 84 times or more in a year, against 7 for half of everybody else.",
        "Half of them spend €3,211 or more in a year, against €410 for half of everybody else.",
        "They bring 45 % of the revenue of the last 365 days; they are 14 % of all people.",
        "Not all of them are alike: 12 % order less often than half of everybody else.",
        "More of them order in May: 98 %, against 70 % of everybody else.",
        "“Cups 2 go, 90 days” is higher: 131 on average, against 22.5 for everybody else.",
    ]


def test_none_is_told_of_nobody_only():
    assert NEVER.value == 0 and "None" in Sentence("seldom", NEVER).text
    few = replace(NEVER, value=0.02, high=0.03, gap_low=-0.25, gap_high=-0.15)
    assert Sentence("seldom", few).text.startswith("Fewer of them bought")
    assert Sentence("told", COFFEE).text.startswith("More of them bought")
