"""The audience: each step leaves out whom it should, in order, and the counts add up."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from pyroaring import BitMap

from carpel.campaigns.approval import approved
from carpel.campaigns.audience import arm_of, audience, frozen, still_to_go, to_send
from carpel.campaigns.waterfall import STEPS
from carpel.errors import Refused
from carpel.store.addresses import address_hash
from carpel.store.deliveries import Claim, Receipt, Route
from carpel.store.sendings import sending
from carpel.store.suppressions import suppress

from .conftest import campaign, known

PEOPLE = [
    *known(*range(1, 101)),
    {"customer": 101, "email": "a@x.example", "may": True, "never": True},
    {"customer": 102, "may": True},
    {"customer": 103, "email": "c@x.example", "may": False},
    {"customer": 104, "email": "d@x.example"},
    {"customer": 105, "email": "P1@mail.example", "may": True},
]


def steps(found):
    return {step: list(gone) for step, gone in found.gone.items() if gone}


def adds_up(found) -> bool:
    rows = found.rows()
    apart = sum(map(len, found.gone.values())) == len(BitMap().union(*found.gone.values()))
    counted = rows[-1]["left"] == len(found.left) and rows[0]["people"] == found.start
    return apart and counted and [row["step"] for row in rows] == ["segment", *STEPS]


def delivered(desk, name, *keys, state="sent", passing=False):
    claims = [Claim(address_hash(desk.key, f"p{key}@mail.example"), key, "all") for key in keys]
    with sending(desk.ledger, desk.clock, Route(name, "news", "email"), "ada") as work:
        work.claim(claims)
        work.settle([Receipt(each.address, state, "", passing) for each in claims])


def test_every_step_leaves_out_whom_it_should(desk_of):
    one = campaign(holdout=0.2)
    desk = desk_of(PEOPLE, one)
    found = audience(desk, one)
    aside = found.gone["comparison"]
    assert steps(found) == {
        "do_not_contact": [101],
        "no_address": [102],
        "no_permission": [103, 104],
        "same_address": [105],
        "comparison": list(aside),
    }
    assert 8 <= len(aside) <= 35 and adds_up(found) and found.start == 105
    assert found.left == BitMap(range(1, 101)) - aside


def test_a_later_step_never_counts_whom_an_earlier_one_left_out(desk_of):
    person = {"customer": 1, "may": False, "never": True}
    found = audience(desk_of([person], campaign()), campaign())
    assert steps(found) == {"do_not_contact": [1]} and adds_up(found)


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ({"email": None, "may": True}, "Nobody here has an address for email"),
        ({"email": "a@x.example"}, "permit: [{channel: {constant: email}, granted: COLUMN}]"),
        ({"email": "a@x.example", "may": False}, "Nobody here gave permission by email"),
    ],
)
def test_an_audience_of_nobody_says_what_is_missing(desk_of, person, said):
    found = audience(desk_of([{"customer": 1, **person}]), campaign())
    assert said in found.because and not found.left


def test_without_a_column_of_addresses_the_mapping_is_named(desk_of):
    desk = desk_of([{"customer": 1, "may": True}])
    desk.engine.register("contacts", pa.table({"customer": [1]}))
    assert "identifiers: {email: COLUMN}" in audience(desk, campaign()).because
    assert "Nobody is in nobody" in audience(desk, campaign(audience="nobody")).because


def test_permission_is_for_the_purpose(desk_of):
    found = audience(desk_of(known(1)), campaign(purpose="service"))
    assert steps(found) == {"no_permission": [1]}
    assert "email for marketing (1)" in found.because


def test_the_list_of_ones_own_holds_for_any_address_in_any_record(desk_of):
    """And by key for who is known under another address since."""
    people, aliases = known(1, 2, 3, 4), [{"customer": 9, "survivor": 3}]
    records = [{"ref": n, "id_email": f"p{n}@mail.example"} for n in (1, 2, 3, 4)]
    records += [{"ref": 7, "id_email": "OLD@mail.example"}]
    whose = [{"ref": n, "customer": n} for n in (1, 2, 3, 4)] + [{"ref": 7, "customer": 2}]
    desk = desk_of(people, records=records, identities=whose, aliases=aliases)
    for address, customer in (("p1@mail.example", None), ("old@mail.example", None), ("x", 9)):
        hashed = [address_hash(desk.key, address)]
        suppress(desk.ledger, hashed, medium="email", reason="", at=desk.clock(), customer=customer)
    found = audience(desk, campaign(holdout=0.01))
    assert steps(found)["do_not_contact"] == [1, 2, 3]


def test_quiet_hours_are_those_of_each_persons_own_clock(desk_of):
    people = [
        *known(1, zone="Europe/Berlin"),
        *known(2, zone="America/New_York"),
        *known(3, zone="nowhere at all"),
        *known(4),
    ]
    one = campaign(quiet_hours={"start": "21:00", "end": "08:00"}, holdout=0.0001)
    desk = desk_of(people, one)
    assert steps(audience(desk, one)) == {"waits": [2]}  # 12:00 UTC is 07:00 in New York
    desk.clock.now = datetime(2026, 3, 1, 20, tzinfo=UTC)
    assert steps(audience(desk, one)) == {"waits": [1, 3, 4]}


def test_the_cap_counts_messages_of_other_campaigns_that_left_or_may_have(desk_of):
    one = campaign(cap={"messages": 2, "within_days": 7}, holdout=0.0001)
    desk = desk_of(known(1, 2, 3, 4), one, aliases=[{"customer": 14, "survivor": 4}])
    delivered(desk, "spring", 1, 2, 3, 14)
    delivered(desk, "summer", 1, state="uncertain")
    delivered(desk, "summer", 2, state="failed")
    delivered(desk, "autumn", 4)
    assert steps(audience(desk, one)) == {"capped": [1, 4]}
    desk.clock.on(days=8)
    assert steps(audience(desk, one)) == {}


def test_who_is_meant_by_several_gets_the_one_of_highest_priority(desk_of):
    low, high = campaign("low", priority=1), campaign("high", priority=2, holdout=0.3)
    desk = desk_of(known(*range(1, 101)), low, high)
    approved(desk, high, "ada")
    first = to_send(desk, high, approved(desk, high, "ada"))
    assert BitMap(steps(audience(desk, low))["other_campaign"]) == first
    assert "other_campaign" not in steps(audience(desk, high))
    delivered(desk, "high", *first)
    assert "other_campaign" not in steps(audience(desk, low))


def test_of_equal_ones_the_first_approved_comes_first(desk_of):
    one, two = campaign("one", holdout=0.0001), campaign("two", holdout=0.0001)
    desk = desk_of(known(1, 2), one, two)
    first = approved(desk, one, "ada")
    desk.clock.on(minutes=1)
    with pytest.raises(Refused, match="would reach nobody"):
        approved(desk, two, "ada")
    assert list(to_send(desk, one, first)) == [1, 2]


def test_what_was_frozen_stays_and_what_happened_since_counts(desk_of):
    one = campaign(holdout=0.2)
    desk = desk_of(PEOPLE, one)
    held = approved(desk, one, "ada")
    before = still_to_go(desk, one, held)
    assert adds_up(before) and before.rows() == audience(desk, one).rows()
    desk.sets["everybody"].clear()
    assert still_to_go(desk, one, held).rows() == before.rows()
    gone, kept = list(before.left)[:2]
    hashed = [address_hash(desk.key, f"p{gone}@mail.example")]
    suppress(desk.ledger, hashed, medium="email", reason="", at=desk.clock())
    delivered(desk, "win_back", kept)
    after = still_to_go(desk, one, held)
    assert adds_up(after) and after.start == 105
    assert steps(after)["do_not_contact"] == [gone, 101]
    assert kept in after.left and kept not in to_send(desk, one, held)


def test_somebody_contacted_who_then_unsubscribes_stays_counted_as_contacted(desk_of):
    one = campaign(holdout=0.0001)
    desk = desk_of(known(1, 2), one)
    held = approved(desk, one, "ada")
    delivered(desk, "win_back", 1)
    hashed = [address_hash(desk.key, "p1@mail.example")]
    suppress(desk.ledger, hashed, medium="email", reason="", at=desk.clock())
    assert list(still_to_go(desk, one, held).left) == [1, 2]


def test_a_failure_that_may_pass_waits_and_one_that_will_not_is_left(desk_of):
    one = campaign(holdout=0.0001)
    desk = desk_of(known(1, 2, 3), one)
    held = approved(desk, one, "ada")
    delivered(desk, "win_back", 1, state="failed", passing=True)
    delivered(desk, "win_back", 2, state="failed")
    delivered(desk, "win_back", 3, state="uncertain")
    assert list(to_send(desk, one, held)) == []
    desk.clock.on(minutes=16)
    assert list(to_send(desk, one, held)) == [1]


def test_after_a_merge_who_was_kept_aside_stays_so(desk_of):
    one = campaign(holdout=0.5)
    keys = range(1, 41)
    desk = desk_of(known(*keys), one)
    held = approved(desk, one, "ada")
    aside, other = next(iter(held.arms["comparison"])), next(iter(held.arms["all"]))
    merged = [{"customer": aside, "survivor": other}]
    later = desk_of(known(*(k for k in keys if k != aside)), one, aliases=merged)
    arms = arm_of(later, held)
    assert other in arms["comparison"] and other not in arms["all"]
    assert other not in to_send(later, one, held)
    assert adds_up(still_to_go(later, one, held))


def test_arms_hold_their_shares_and_do_not_change(desk_of):
    half = [{"name": n, "message": "hello", "share": 0.5} for n in "ab"]
    one = campaign(message=None, variants=half, holdout=0.1)
    desk = desk_of(known(*range(1, 4001)), one)
    _, arms = frozen(desk, one)
    assert 300 < len(arms["comparison"]) < 500
    assert abs(len(arms["a"]) - len(arms["b"])) < 250
    assert BitMap().union(*arms.values()) == desk.sets["everybody"]
    more = frozen(desk, campaign(message=None, variants=half, holdout=0.2))[1]
    assert arms["comparison"] < more["comparison"] and more["a"] < arms["a"]


def test_a_clock_set_back_lets_nothing_leave(desk_of):
    from carpel.campaigns.approval import ready_to_leave

    one = campaign()
    desk = desk_of(known(1, 2, 3), one)
    approved(desk, one, "ada")
    desk.clock.now -= timedelta(days=1)
    with pytest.raises(Refused, match="it was set back"):
        ready_to_leave(desk, one)


@pytest.mark.parametrize("holdout", [0.1, 0.25, 0.5])
def test_within_each_stratum_the_shares_are_exact_to_one_person(desk_of, holdout):
    zones = ["Europe/Berlin"] * 311 + ["Asia/Tokyo"] * 87 + [None] * 9 + ["UTC"] * 3
    people = [{**known(n)[0], "zone": zone} for n, zone in enumerate(zones, 1)]
    variants = [
        {"name": name, "message": "hello", "share": s} for name, s in (("a", 0.7), ("b", 0.3))
    ]
    one = campaign(stratify_by="timezone", holdout=holdout, message=None, variants=variants)
    desk = desk_of(people, one)
    found, arms = frozen(desk, one)
    wanted = {"comparison": holdout, "a": 0.7 * (1 - holdout), "b": 0.3 * (1 - holdout)}
    assert sum(map(len, arms.values())) == len(BitMap().union(*arms.values())) == len(people)
    for arm, share in wanted.items():
        assert abs(len(arms[arm]) - share * len(people)) <= 2
        for zone in set(zones):
            there = BitMap(n for n, each in enumerate(zones, 1) if each == zone)
            assert abs(len(arms[arm] & there) - share * len(there)) < 2.5
    for zone in set(zones):
        there = BitMap(n for n, each in enumerate(zones, 1) if each == zone)
        assert abs(len(arms["comparison"] & there) - holdout * len(there)) < 1
    assert found.gone["comparison"] == arms["comparison"] and adds_up(found)
    held = approved(desk, one, "ada")
    assert held.arms == arms and to_send(desk, one, held) == arms["a"] | arms["b"]


def test_strata_are_of_those_who_can_be_contacted(desk_of):
    """Who has no permission is in no group kept aside: they would not have got it anyway."""
    people = known(*range(1, 101), zone="UTC") + [
        {"customer": n, "email": f"p{n}@mail.example", "may": False, "zone": "Asia/Tokyo"}
        for n in range(101, 201)
    ]
    one = campaign(stratify_by="timezone", holdout=0.2)
    found, arms = frozen(desk_of(people, one), one)
    assert len(arms["comparison"]) == 20 and max(arms["comparison"]) <= 100
    assert len(found.left) == 80 and len(found.gone["no_permission"]) == 100


def test_strata_need_everybody_at_once():
    with pytest.raises(ValueError, match="one by one"):
        campaign(stratify_by="timezone", trigger={"enters": "everybody"})
