"""Names in rules about accounts are those of accounts; of the other side it is said how to ask."""

import pytest

from carpel.language import parse
from carpel.manifest.names import unknown_names
from carpel.manifest.rules import Ruled
from carpel.manifest.yaml import Written
from carpel.specs import Definitions, Project, Segment, Source

SOURCE = {
    "name": "crm",
    "read": "x.csv",
    "identifiers": {"email": "mail"},
    "traits": {"city": "town"},
    "account": {"key": "company", "traits": {"branch": "branch"}},
}
SEGMENTS = [
    Segment(name="large", unit="account", where=parse({"trait": "people", "at_least": 9})),
    Segment(name="locals", where=parse({"trait": "city", "is": "Bonn"})),
]
DEFINITIONS = Definitions(
    Project(name="firm"),
    sources={"crm": Source.model_validate(SOURCE)},
    segments={each.name: each for each in SEGMENTS},
)

WRONG = [
    ({"account": {"trait": "brnach", "is": "bank"}}, "account trait 'brnach'", "branch"),
    ({"account": {"trait": "total_agee", "at_least": 3}}, "account trait", "total_age"),
    ({"account": {"people": {"where": {"trait": "brnach", "is": 1}}}}, "no trait", ""),
    ({"account": {"trait": "city", "is": "Bonn"}}, "account trait 'city'", "people: {where:"),
    ({"account": {"people": {"where": {"trait": "ctiy", "is": 1}}}}, "no trait 'ctiy'", "city"),
    (
        {"trait": "seats_used", "at_least": 1},
        "no trait 'seats_used'",
        "account: {trait: seats_used",
    ),
    ({"account": {"segment": "locals"}}, "account segment 'locals'", "people: {where: {segment:"),
    ({"segment": "large"}, "no segment 'large'", "account: {segment: large}"),
    ({"account": {"segment": "lrage"}}, "account segment 'lrage'", "large"),
]


@pytest.mark.parametrize(("data", "told", "hint"), WRONG)
def test_an_unknown_name_is_suggested_from_its_own_side(data, told, hint):
    rule = Ruled(parse(data))
    (problem,) = unknown_names(rule, DEFINITIONS, {"age"}, Written("rule"))
    assert told in problem.message and hint in problem.action


@pytest.mark.parametrize(
    "data",
    [
        {"trait": "mean_age", "at_least": 3},
        {"all": [{"trait": "branch", "is": "bank"}, {"segment": "large"}]},
        {"people": {"where": {"all": [{"trait": "age", "at_least": 3}, {"segment": "locals"}]}}},
    ],
)
def test_names_of_accounts_are_known_where_a_rule_is_about_them(data):
    assert not unknown_names(Ruled(parse(data), (), True), DEFINITIONS, {"age"}, Written("rule"))
