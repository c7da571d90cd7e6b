"""Angles stand on evidence; what has none is not drafted, what is private is passed over."""

from dataclasses import replace

import pytest

from carpel.drafts import angles
from carpel.errors import NotFound
from carpel.evidence import Sentence

from .said import LESS, MORE, NEW, PRIVATE, SENTENCES, TIMES, TOPIC, bought


def test_each_angle_stands_on_its_own_evidence():
    found = angles(SENTENCES)
    assert [(each.angle, each.name) for each in found.in_turn()] == [
        ("topic", "COFFEE"),
        ("time", "saturday"),
        ("new", "Baked Goods"),
        ("time", "weekend"),
        ("time", "evening"),
    ]
    assert found.missing == [] and found.passed_over == []
    assert found.reasons[0].because == (
        "More of them bought coffee in the last 365 days: 62\u00a0%, against 33\u00a0% of "
        "everybody else. (312 people)"
    )


@pytest.mark.parametrize(
    ("sentences", "missing"),
    [
        (PRIVATE, {"What they buy", "When they buy", "What is new to them"}),
        ([TOPIC], {"When they buy", "What is new to them"}),
        ([NEW, *TIMES], {"What they buy"}),
    ],
)
def test_what_has_no_evidence_is_said_to_be_missing(sentences, missing):
    assert {title for title, _ in angles(sentences).missing} == missing


def test_nothing_that_is_told_of_people_is_an_angle():
    assert angles(PRIVATE).reasons == []


@pytest.mark.parametrize(
    ("change", "taken"),
    [
        ({}, True),
        ({"value": 0.08, "low": 0.07, "high": 0.09, "contrast": 0.02, "gap_low": 0.01}, False),
        ({"of": "favourite_brand", "contrast": 0.6, "gap_low": 0.01}, False),
        ({"direction": "open", "contrast": 0.6, "gap_low": -0.03}, True),
        ({"of": "favourite_feature", "direction": "open", "gap_low": -0.03}, True),
        ({"direction": "open", "value": 0.4, "low": 0.3, "high": 0.5, "gap_low": -0.1}, False),
        ({"direction": "less", "contrast": 0.9, "gap_low": -0.4, "gap_high": -0.2}, False),
    ],
    ids=["apart", "rare", "hardly apart", "common", "feature", "not common", "less"],
)
def test_a_favourite_is_spoken_of_where_it_stands_out_or_is_that_of_most(change, taken):
    it = replace(MORE, **{"of": "favourite_category", "label": "Favourite", **change})
    assert bool(angles([Sentence("told", it)]).reasons) is taken


@pytest.mark.parametrize(
    "name",
    [
        "COLD AND FLU", "Baby Food", "BEER", "Diät", "Schwangerschaft", "wijnen", "Kosher", "Halal",
        "Incontinence", "HISPANIC", "Asian Food", "Ramadan", "Sexual_Health", "Ethnicity", "BABY",
        "Condoms", "Ｂｅｅｒ", "Sterke drank",
    ],
)  # fmt: skip
def test_what_is_private_is_never_spoken_of_whatever_it_is_called(name):
    for called in ({}, {name: "little things"}):
        found = angles(bought(name), called)
        assert found.reasons == []
        assert found.passed_over == [(name, "it may touch on something private")]


@pytest.mark.parametrize(
    "name",
    ["Cheese", "DVD", "cold cuts", "Butter", "Unisex", "Babylon", "Spices & extracts", "Käse"],
)
def test_plain_names_are_spoken_of(name):
    assert [each.name for each in angles(bought(name)).reasons] == [name]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("FD WRAPS/BAGS", "tills"), ("FRZN FOOD", "tills"), ("4711", "tills"),
        ("tea\u202e", "tills"), ("{{ x }}", "tills"),
        ("tea\n# x", "tills"), ("<b>tea</b>", "tills"), ("50% tea", "tills"), ("ho" * 31, "long"),
        ("Best sellers", "promises"), ("Sale", "promises"), ("Free gifts", "promises"),
        ("Other", "names nothing"), ("Cheapest tea", "promises"), ("Angebote", "promises"),
    ],
)  # fmt: skip
def test_names_that_are_none_for_people_are_passed_over(name, why):
    found = angles(bought(name))
    assert found.reasons == [] and why in found.passed_over[0][1]


def test_the_user_gives_a_name_of_the_data_words_for_people():
    (found,) = angles(bought("FD WRAPS/BAGS"), {"fd wraps/bags": "bags"}).reasons
    assert (found.name, found.called) == ("FD WRAPS/BAGS", "bags")
    with pytest.raises(NotFound, match="name in the evidence 'fd wrasp'"):
        angles(bought("FD WRAPS/BAGS"), {"FD WRASP": "bags"})


def test_the_night_is_left_alone():
    night = replace(TIMES[1].evidence, part="night")
    assert angles([Sentence("told", night)]).reasons == []


def test_a_time_that_is_not_clear_is_none():
    unclear = replace(LESS, of="favourite_weekday", label="Favourite weekday", part="Sunday")
    assert angles([Sentence("told", unclear)]).reasons == []
