"""Who is kept aside from all campaigns gets none, by whatever way it leaves, and stays so."""

from dataclasses import replace
from datetime import date, timedelta

import pyarrow as pa
import pytest
from pyroaring import BitMap

from carpel.campaigns.approval import approved
from carpel.campaigns.audience import audience, frozen, to_send
from carpel.campaigns.following import decided, ready_for
from carpel.campaigns.sequence import notice
from carpel.campaigns.slots import Known, Visitor, by_address, shown
from carpel.evaluation.contacts import OURS
from carpel.evaluation.kept_aside import could_be_contacted, drawn_aside, kept_aside
from carpel.specs import Slot
from carpel.specs.holdout import Holdout
from carpel.store.addresses import address_hash
from carpel.store.occasions import noted

from .conftest import NOW, campaign, known
from .test_following import ENTERS, entered

PEOPLE = known(*range(1, 1001))
BEFORE, AFTER = ((NOW + timedelta(days=n)).replace(tzinfo=None) for n in (-9, 9))
HELD = Holdout(share=0.2, since=date(2026, 1, 1))


def keeping(desk, holdout=HELD):
    project = desk.definitions.project.model_copy(update={"holdout": holdout})
    desk.definitions = replace(desk.definitions, project=project)
    return desk


def test_they_are_left_out_before_there_are_arms(desk_of):
    one = campaign(holdout=0.5)
    desk = keeping(desk_of(PEOPLE, one))
    aside = kept_aside(desk.engine, HELD)
    found, arms = frozen(desk, one)
    assert 150 < len(aside) < 250
    assert found.gone["all_campaigns"] == aside
    assert not BitMap().union(*arms.values()) & aside
    assert len(arms["comparison"]) == pytest.approx(400, abs=50)  # independent of being kept aside
    assert sum(map(len, found.gone.values())) + len(found.left) == found.start


def test_service_messages_reach_them(desk_of):
    one = campaign(purpose="service", holdout=0.1)
    desk = keeping(desk_of(PEOPLE, one))
    assert not audience(desk, one).gone["all_campaigns"]
    both = Holdout(share=0.2, since=date(2026, 1, 1), purposes=("marketing", "service"))
    assert keeping(desk_of(PEOPLE, one), both).kept_from("service")


def test_nobody_is_kept_aside_unless_said(desk_of):
    desk = desk_of(PEOPLE)
    assert not desk.kept_from("marketing")
    assert not audience(desk, campaign()).gone["all_campaigns"]


def test_whoever_was_kept_aside_stays_so_when_entries_are_joined(desk_of):
    aside = kept_aside(desk_of(PEOPLE).engine, HELD)
    one, other = min(aside), min(set(range(1, 1001)) - set(aside))
    people = [each for each in PEOPLE if each["customer"] != one]
    joined = desk_of(people, aliases=[{"customer": one, "survivor": other}])
    assert kept_aside(joined.engine, HELD) == (aside - BitMap([one])) | BitMap([other])


def test_a_larger_share_keeps_all_of_a_smaller_and_another_salt_others(desk_of):
    engine = desk_of(PEOPLE).engine
    small, large = (kept_aside(engine, Holdout(share=s, since=HELD.since)) for s in (0.1, 0.3))
    assert small < large
    assert kept_aside(engine, Holdout(share=0.1, since=HELD.since, salt="2027")) != small


def test_turned_on_after_an_approval_it_holds_all_the_same(desk_of):
    one = campaign(holdout=0.1)
    desk = desk_of(PEOPLE, one)
    held = approved(desk, one, "ada")
    before = to_send(desk, one, held)
    aside = kept_aside(desk.engine, HELD)
    assert before & aside
    assert to_send(keeping(desk), one, held) == before - aside


def test_nothing_begins_for_them(desk_of):
    one = campaign(trigger=ENTERS, holdout=0.1)
    came = entered((NOW + timedelta(days=1), list(range(1, 1001))))
    desk = keeping(desk_of(PEOPLE, one, movements=came))
    held = approved(desk, one, "ada")
    desk.clock.on(days=2)
    notice(desk, one, held)
    begun = {each.customer for each in noted(desk.ledger, one.name)}
    assert begun == set(range(1, 1001)) - set(kept_aside(desk.engine, HELD))


def test_who_is_on_the_way_when_it_is_turned_on_is_taken_out(desk_of):
    one = campaign(steps=[{"name": "first", "message": "hello"}], message=None, holdout=0.1)
    desk = desk_of(PEOPLE, one)
    notice(desk, one, approved(desk, one, "ada"))
    aside = kept_aside(desk.engine, HELD)
    keeping(desk)
    assert decided(desk, one, BitMap(range(1, 1001))).gone["all_campaigns"] == aside
    found = ready_for(desk, one, 0)
    assert found.people and not found.people & aside
    assert {row.state for _, row in found.moved} == {"stopped"}


def test_a_slot_shows_them_what_everybody_sees():
    slot = Slot.model_validate(
        {
            "name": "home",
            "holdout": 0.1,
            "rules": [{"segment": "all", "content": {"title": "For you"}}],
            "fallback": {"title": "Welcome"},
        }
    )
    key, people = b"k" * 32, [(n, f"p{n}@mail.example") for n in range(200)]
    hashes, customers = by_address(key, people)
    aside = BitMap(range(100))
    known_ = Known("b", {"all": BitMap(range(200))}, hashes, customers, kept_aside=aside)
    seen = {n: shown(slot, known_, Visitor(address_hash(key, mail))) for n, mail in people}
    assert all(seen[n].content == slot.fallback and not seen[n].segment for n in aside)
    assert any(seen[n].content != slot.fallback for n in range(100, 200))


def test_read_are_those_whose_own_key_was_drawn(desk_of):
    """Joining may follow from buying, so that it must not decide who is read in which group."""
    everybody = BitMap(range(1, 1001))
    drawn = drawn_aside(everybody, HELD)
    one, other = min(drawn), min(everybody - drawn)
    desk = desk_of(
        [p for p in PEOPLE if p["customer"] != one], aliases=[{"customer": one, "survivor": other}]
    )
    assert other in kept_aside(desk.engine, HELD)
    assert other not in drawn_aside(everybody - BitMap([one]), HELD)


def test_who_withdrew_since_could_have_been_contacted_then(desk_of):
    said = [
        {"at": BEFORE, "granted": True},  # 1 to 4: could
        {"at": None, "granted": True},
        {"at": AFTER, "granted": False},
        {"at": BEFORE, "granted": False, "source": OURS},
        {"at": AFTER, "granted": True},  # 5 to 7: could not
        {"at": BEFORE, "granted": False},
        {"at": None, "granted": True, "purpose": "service"},
        {"at": None, "granted": True, "channel": "post"},  # 8 has no street
    ]
    basic = {"channel": "email", "purpose": "marketing", "suppressed": False, "source": "book"}
    rows = [{**basic, "customer": n, **each} for n, each in enumerate(said, 1)]
    desk = desk_of(known(*range(1, 9)))
    desk.engine.register("consents", pa.Table.from_pylist(rows))
    since = NOW.replace(tzinfo=None)
    assert could_be_contacted(desk.engine, HELD, since) == BitMap([1, 2, 3, 4])
