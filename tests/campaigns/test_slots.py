"""What stands in a slot for whom: the first rule that holds, the same always, nobody given away."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from carpel.campaigns.slots import Known, Visitor, by_address, shown, visitor
from carpel.campaigns.tokens import visitor_token
from carpel.specs import Slot
from carpel.store.addresses import address_hash

KEY = b"k" * 32
PEOPLE = [f"p{n}@mail.example" for n in range(4000)]
SLOT = Slot.model_validate(
    {
        "name": "home",
        "holdout": 0.2,
        "rules": [
            {"segment": "first", "content": {"title": "First"}},
            {
                "segment": "all",
                "variants": [
                    {"name": "a", "share": 0.25, "content": {"title": "A"}},
                    {"name": "b", "share": 0.75, "content": {"title": "B"}},
                ],
            },
        ],
        "fallback": {"title": "Welcome"},
    }
)


def known(stated: list[tuple[int, str]], **more: BitMap) -> Known:
    hashes, customers = by_address(KEY, stated)
    sets = {"first": BitMap(range(1000)), "all": BitMap(range(4000))}
    return Known("b", sets, hashes, customers, **more)


EVERYBODY = known(list(enumerate(PEOPLE)))


def of(address: str) -> Visitor:
    return visitor(KEY, visitor_token(KEY, address_hash(KEY, address)))


def test_shares_are_within_bounds_and_the_first_rule_decides():
    seen = Counter((it.segment, it.arm) for it in (shown(SLOT, EVERYBODY, of(p)) for p in PEOPLE))
    assert sum(n for (segment, _), n in seen.items() if segment == "first") == 1000
    assert abs(seen["first", "comparison"] - 200) < 70  # five standard deviations
    assert abs(seen["all", "comparison"] - 600) < 110
    assert abs(seen["all", "a"] - 600) < 110 and set(seen.values()) - {0}


@given(st.integers(0, 3999))
def test_somebody_sees_the_same_by_every_address(n):
    twice = known([*enumerate(PEOPLE), (n, "other@mail.example")])
    one, other = (shown(SLOT, twice, of(each)) for each in (PEOPLE[n], "other@mail.example"))
    assert one[:3] == other[:3] == shown(SLOT, EVERYBODY, of(PEOPLE[n]))[:3]


@given(st.text(max_size=700))
def test_whatever_a_site_says_of_a_visitor_somebody_unknown_sees_the_fallback(said):
    found = shown(SLOT, EVERYBODY, visitor(KEY, said))
    assert (found.segment, found.arm, found.content) == ("", "fallback", SLOT.fallback)
    assert not said or said not in found.visitor


def test_an_address_of_two_people_is_nobodys():
    shared = known([*enumerate(PEOPLE), (7, PEOPLE[9]), (9, PEOPLE[9])])
    assert shared.customer(address_hash(KEY, PEOPLE[9])) is None
    assert shared.customer(address_hash(KEY, PEOPLE[8])) == 8
    assert shown(SLOT, shared, of(PEOPLE[9])).arm == "fallback"


@pytest.mark.parametrize("by_the_build", [True, False])
def test_who_is_left_alone_sees_the_fallback_and_is_counted_as_nobody(by_the_build):
    held = known(list(enumerate(PEOPLE)), left_alone=BitMap([3] if by_the_build else []))
    said = frozenset() if by_the_build else frozenset([address_hash(KEY, PEOPLE[3])])
    assert shown(SLOT, held, of(PEOPLE[3]), said) == ("", "fallback", SLOT.fallback, "")
    assert shown(SLOT, held, of(PEOPLE[4]), said).segment == "first"
