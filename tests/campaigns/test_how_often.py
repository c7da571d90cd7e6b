"""Who asked for fewer messages gets fewer, from the next sending on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pyroaring import BitMap

from carpel.campaigns.audience import audience
from carpel.campaigns.how_often import asked_less
from carpel.specs import Preferences
from carpel.store.addresses import address_hash
from carpel.store.answers import Answer, keep
from carpel.store.deliveries import Claim, Receipt, Route
from carpel.store.sendings import sending

from .conftest import NOW, campaign, known

PAGE = {
    "name": "choose",
    "kind": "preferences",
    "title": "Choose",
    "asks": [
        {
            "name": "how_often",
            "ask": "How often?",
            "options": {"weekly": "A", "monthly": "B", "any": "C"},
            "days": {"weekly": 7, "monthly": 30},
        }
    ],
}


@pytest.fixture
def desk(desk_of):
    """Four people who had a message ten days ago; one that had none."""
    made = desk_of(known(1, 2, 3, 4, 5), campaign())
    pages = {"choose": Preferences.model_validate(PAGE)}
    made.definitions = replace(made.definitions, pages=pages)
    made.clock.on(days=-10)
    hashes = [address_hash(made.key, f"p{k}@mail.example") for k in (1, 2, 3, 4)]
    route = Route("autumn", "news", "email")
    with sending(made.ledger, made.clock, route, "ada") as at_work:
        at_work.claim([Claim(h, k, "all") for k, h in enumerate(hashes, 1)])
        at_work.settle([Receipt(h, "sent") for h in hashes])
    made.clock.on(days=10)
    return made


def say(desk, **answers: str) -> None:
    told = [
        Answer(address_hash(desk.key, f"{who}@mail.example"), "choose", "how_often", said, NOW, "")
        for who, said in answers.items()
    ]
    keep(desk.ledger, told)


def test_an_answer_is_a_cap_until_its_days_are_over(desk):
    spec = campaign()
    assert asked_less(desk, spec, "email") == BitMap()
    say(desk, p1="monthly", p2="weekly", p3="any", p5="monthly")
    assert asked_less(desk, spec, "email") == BitMap([1])  # of 2 the week is over, 5 had none
    found = audience(desk, spec)
    assert found.gone["capped"] == BitMap([1]) and found.left | found.gone["comparison"] == BitMap(
        [2, 3, 4, 5]
    )
    desk.clock.on(days=20, minutes=1)
    assert asked_less(desk, spec, "email") == BitMap()


def test_the_last_word_counts_and_may_be_taken_back(desk):
    say(desk, p1="monthly")
    say(desk, p1="any")
    assert asked_less(desk, campaign(), "email") == BitMap()
    say(desk, p1="monthly")
    say(desk, p1="")
    assert asked_less(desk, campaign(), "email") == BitMap()


def test_only_for_what_the_page_is_about(desk):
    say(desk, p1="monthly")
    assert asked_less(desk, campaign(purpose="service"), "email") == BitMap()
    assert asked_less(desk, campaign(), "sms") == BitMap()


def test_ones_own_cap_and_the_campaigns_hold_both(desk):
    say(desk, p1="monthly")
    spec = campaign(cap={"messages": 1, "within_days": 14})
    assert audience(desk, spec).gone["capped"] == BitMap([1, 2, 3, 4])
    assert audience(desk, spec.model_copy(update={"cap": None})).gone["capped"] == BitMap([1])


def test_messages_of_the_campaign_itself_do_not_hold_it_up(desk):
    say(desk, p1="monthly")
    assert asked_less(desk, campaign("autumn"), "email") == BitMap()
    assert NOW - desk.clock() == timedelta()
