"""One campaign in many regions: apart, together, and nobody twice."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from carpel.errors import Refused

from ..channels.mailbox import Mailbox, mail_server
from .post import Shop, write

pytestmark = pytest.mark.slow
CAMPAIGN = """goal: {metric: order_rate, target: 0.3, by: 2026-12-31}
audience: known
channel: news
holdout: 0.2
message: hello
owner: bo
regions:
  by: language
  places:
    de: {message: hallo}
    dutch: {value: NL}
"""


@pytest.fixture
def mails() -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture
def chain(made: Path, tmp_path: Path, mails: Mailbox) -> Shop:
    shutil.copytree(made, tmp_path / "post")
    shop = Shop(tmp_path / "post")
    shop.edit("channels/news.yml", "port: 1\n", f"port: {mails.port}\n")
    shop.write("campaigns/day.yml", CAMPAIGN)
    shop.write("segments/known.yml", "where: {trait: city, is: Utrecht}\n")
    shop.project.run()
    return shop


def arms(shop: Shop, campaign: str) -> dict[str, int]:
    return {row["arm"]: row["people"] for row in shop.project.show_campaign(campaign).arms}


def test_regions_are_apart_and_add_up_to_the_whole(chain: Shop):
    assert [str(each) for each in chain.project.check()] == []
    parts = [chain.project.plan(f"day.{each}") for each in ("de", "dutch")]
    whole = chain.project.plan("day")
    for n, row in enumerate(whole.waterfall):
        assert row["people"] == sum(part.waterfall[n]["people"] for part in parts)
    assert whole.messages == sum(part.messages for part in parts) > 30
    assert all(
        part.overlaps == [r for r in part.overlaps if "day" not in r["campaign"]] for part in parts
    )


def test_together_each_in_their_own_words_and_once(chain: Shop, mails: Mailbox):
    approval = chain.project.approve("day")
    plan = chain.project.plan("day")
    assert approval.arms["all"] == plan.messages == chain.project.send("day").sent
    assert len(set(mails.addresses)) == len(mails.addresses) == plan.messages
    for address in mails.addresses:
        german = int("".join(filter(str.isdigit, address))) % 2 == 0
        assert mails.message(address)["Subject"].startswith("Hallo" if german else "Hi")
    page = chain.project.show_campaign("day")
    assert {row["region"]: row["sent"] for row in page.regions} == {
        each: chain.project.show_campaign(f"day.{each}").arms[-1]["sent"]
        for each in ("de", "dutch")
    } or sum(row["sent"] for row in page.regions) == plan.messages
    assert page.state == "approved" and chain.project.send("day").sent == 0


def test_apart_one_waits_for_its_own_approver(chain: Shop, mails: Mailbox):
    chain.edit("campaigns/day.yml", "{value: NL}", "{value: NL, approver: eva}")
    with pytest.raises(Refused, match=r"1 of 2 regions were done.*to be approved by eva"):
        chain.project.approve("day")
    with pytest.raises(Refused, match=r"1 of 2 regions.*Nobody has approved day.dutch"):
        chain.project.send("day")
    assert chain.project.show_campaign("day").state == "approved, draft"
    assert all(mails.message(each)["Subject"].startswith("Hallo") for each in mails.addresses)


def test_who_moves_gets_it_once_and_kept_aside_stays_aside(chain: Shop, mails: Mailbox):
    chain.project.approve("day.de")
    before = arms(chain, "day.de")
    chain.project.send("day.de")
    people = [[n, f"p{n}@mail.example", f"First{n}", "Utrecht", "nl", "yes"] for n in range(60)]
    write(chain.folder / "book.csv", "no mail first city lang may", people)
    chain.project.run()
    assert chain.project.plan("day.de").waterfall[0]["people"] == 0
    chain.project.approve("day.dutch")
    chain.project.send("day.dutch")
    assert len(set(mails.addresses)) == len(mails.addresses)
    left_out = {r["step"]: r["people"] for r in chain.project.plan("day.dutch").waterfall}
    assert left_out["other_campaign"] == sum(before.values())


def test_a_claim_of_another_region_holds_in_the_same_moment(chain: Shop):
    """Whatever was decided: two senders of two regions never claim one address."""
    from carpel.store.deliveries import Claim, Route
    from carpel.store.sendings import sending

    store = chain.project.session.store
    one, other = (Route(f"day.{each}", "news", "email") for each in ("de", "dutch"))
    wanted = [Claim("a", 1, "all"), Claim("b", 2, "all")]
    with (
        sending(store.ledger, store.clock, one, "x", ["day.dutch"]) as first,
        sending(store.ledger, store.clock, other, "x", ["day.de"]) as second,
    ):
        assert first.claim(wanted[:1]) == wanted[:1]
        assert second.claim(wanted) == wanted[1:]
        assert first.claim(wanted) == []


def test_the_budget_of_the_whole_is_of_all_regions(chain: Shop):
    chain.edit("campaigns/day.yml", "owner: bo", "owner: bo\nbudget: 30\ncosts: {per_message: 1}")
    chain.project.approve("day.de")
    with pytest.raises(Refused, match="and the other regions would cost"):
        chain.project.approve("day.dutch")


def test_a_region_that_cannot_be_is_told_with_its_line(chain: Shop):
    chain.edit("campaigns/day.yml", "{value: NL}", "{value: NL, message: hullo}")
    chain.edit("campaigns/day.yml", "by: language", "by: langage")
    said = [str(each) for each in chain.project.check()]
    assert any("no message 'hullo'" in each and "day.yml" in each for each in said)
    assert any("langage" in each and "day.yml:8" in each for each in said), said


def test_results_of_the_whole_are_those_of_its_regions_together(chain: Shop):
    text = (chain.folder / "campaigns/day.yml").read_text()
    text = text.replace("{message: hallo}", "{message: hallo, costs: {per_message: 2, fixed: 3}}")
    chain.write("campaigns/day.yml", f"{text}costs: {{per_message: 1, fixed: 7}}\n")
    chain.project.approve("day")
    chain.project.send("day")
    found = {each.campaign: each for each in chain.project.results()}
    assert set(found) == {"day", "day.de", "day.dutch"}
    whole, parts = found["day"], (found["day.de"], found["day.dutch"])
    assert whole.sent == sum(each.sent for each in parts) > 30
    assert [each.cost for each in parts] == [3 + 2 * parts[0].sent, parts[1].sent]
    assert whole.cost == 7 + sum(each.cost for each in parts)
    rates = {row["rate"]: row for row in whole.rates}
    assert (rates["arrived"]["value"], rates["unsubscribed"]["value"]) == (1, 0)
    assert rates["click-through"]["value"] is None and "links" in rates["click-through"]["note"]
    assert whole.caused is None and "no update" in whole.why
