"""A campaign's whole life over a real mail server: planned, approved, sent, once, and forgotten."""

import csv
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import carpel
from carpel.errors import ChannelError, NotFound, Refused
from carpel.store.audit import deeds

from ..channels.mailbox import Mailbox, mail_server
from ..channels.reports import complaint, dsn
from .post import FILES, NOW, PEOPLE, Shop, write

pytestmark = pytest.mark.slow


@pytest.fixture
def post(made: Path, tmp_path: Path) -> Iterator["Post"]:
    folder = tmp_path / "post"
    shutil.copytree(made, folder)
    with mail_server() as mailbox:
        yield Post(folder, mailbox)


class Post(Shop):
    """A copy of the shop that has run, and its mail server."""

    def __init__(self, folder: Path, mailbox: Mailbox) -> None:
        super().__init__(folder)
        self.mailbox = mailbox
        self.edit("channels/news.yml", "port: 1\n", f"port: {mailbox.port}\n")

    def arms(self, campaign: str = "spring") -> dict[str, dict[str, int]]:
        return {row["arm"]: row for row in self.project.show_campaign(campaign).arms}

    def waterfall(self, campaign: str = "spring") -> dict[str, int]:
        rows = self.project.show_campaign(campaign).waterfall
        left = rows[0]["people"] - sum(row["people"] for row in rows[1:])
        assert left == rows[-1]["left"]
        return {row["step"]: row["people"] for row in rows if row["people"]} | {"left": left}


def test_from_plan_to_sent_once(post: Post):
    plan = post.project.plan("spring")
    assert plan.messages == plan.waterfall[-1]["left"] == plan.arms[0]["people"]
    assert (plan.counted, plan.before) == (53, pytest.approx(3 / 53))  # within 14 days
    with pytest.raises(Refused, match="Nobody has approved"):
        post.project.send("spring")
    assert post.mailbox.addresses == []
    approval = post.project.approve("spring")
    assert approval.arms == {"comparison": 53 - plan.messages, "a": plan.messages}
    before = post.waterfall()
    sent = post.project.send("spring")
    assert (sent.sent, sent.failed, sent.uncertain, sent.left) == (plan.messages, 0, 0, 0)
    assert len(set(post.mailbox.addresses)) == len(post.mailbox.addresses) == plan.messages
    assert (
        post.waterfall()
        == before
        == {
            "segment": PEOPLE,
            "no_address": 1,
            "no_permission": 6,
            "comparison": 53 - plan.messages,
            "left": plan.messages,
        }
    )
    assert post.project.send("spring").sent == 0
    assert len(post.mailbox.addresses) == plan.messages
    assert post.arms()["a"]["sent"] == plan.messages and post.arms()["a"]["to_go"] == 0
    assert post.project.ls("campaigns")[1]["state"] == "approved"


def test_each_reads_what_is_meant_for_them(post: Post):
    post.project.approve("spring")
    post.project.send("spring")
    for address in post.mailbox.addresses:
        number = int(re.sub(r"\D", "", address))
        word = "Hallo" if number % 2 == 0 else "Hi"
        assert post.mailbox.message(address)["Subject"] == f"{word} First{number}"


def test_a_dry_run_writes_everybody_and_sends_nobody(post: Post):
    page = post.project.preview_message("spring", 1, everybody=True)
    assert page.rendered == post.project.plan("spring").messages and page.problems == {}
    assert len(page.shown) == 1 and page.shown[0]["subject"].startswith(("Hi", "Hallo"))
    assert post.mailbox.addresses == []


def test_a_test_goes_to_the_seeds_and_counts_for_nobody(post: Post):
    assert post.project.test_send("spring").sent == 1
    assert post.mailbox.addresses == ["office@post.example"]
    assert post.arms()["a"]["sent"] == 0


def test_one_bad_address_holds_nobody_up_and_each_answer_is_accounted_for(post: Post):
    answers = {"p1@": "550 5.1.1 no", "p2@": "451 later", "p3@": "drop", "p4@": "421 full"}
    silent = {"p6@": "drop"}
    post.mailbox.on_rcpt = lambda it: next(
        (said for start, said in answers.items() if it.startswith(start)), "250 ok"
    )
    post.mailbox.on_data = lambda it: silent.get(it.split("@")[0] + "@", "250 ok")
    post.edit("campaigns/spring.yml", "holdout: 0.2", "holdout: 0\nno_holdout_because: a test")
    post.project.approve("spring")
    sent = post.project.send("spring")
    assert (sent.sent, sent.failed, sent.uncertain, sent.left) == (48, 4, 1, 0)
    page = post.project.show_campaign("spring")
    assert {(row["reason"], row["again"]) for row in page.failures} == {
        ("550 5.1.1", False),
        ("451", True),
        ("421", True),
        ("the connection broke", True),
        ("the connection broke after the message", False),
    }
    assert page.uncertain == 1 and page.waterfall[-1]["left"] == 53
    post.mailbox.on_rcpt = post.mailbox.on_data = lambda _: "250 ok"
    assert post.project.send("spring").sent == 0  # what may pass is left alone for a while
    post.now += timedelta(minutes=20)
    assert post.project.send("spring").sent == 3
    assert post.project.settle("spring", sent=False) == 1
    assert post.project.send("spring").sent == 1  # a person said that it had not left
    assert post.mailbox.addresses.count("p6@mail.example") == 2
    assert len(set(post.mailbox.addresses)) == 52
    assert post.arms()["a"] | {"arm": "a"} == {
        "arm": "a",
        "people": 53,
        "sent": 52,
        "failed": 1,
        "uncertain": 0,
        "claimed": 0,
        "to_go": 0,
    }


def test_without_a_server_nothing_is_claimed(post: Post):
    post.project.approve("spring")
    post.edit("channels/news.yml", f"port: {post.mailbox.port}", "port: 1")
    with pytest.raises(Refused, match="were edited after it was approved"):
        post.project.send("spring")
    post.project.approve("spring")
    with pytest.raises(ChannelError, match="it refuses connections"):
        post.project.send("spring")
    assert post.arms()["a"]["to_go"] == post.arms()["a"]["people"]


def test_unsubscribing_is_honoured_by_the_next_sending_and_no_import_undoes_it(post: Post):
    post.project.approve("spring")
    post.project.send("spring", limit=1)
    (first,) = post.mailbox.addresses
    link = post.mailbox.message(first)["List-Unsubscribe"]
    token = re.search(r"/u/([^>]+)>", link)[1]
    assert post.project.unsubscribe(token) and not post.project.unsubscribe(token)
    forged = "A" if token[-2] != "A" else "B"  # the last sign has bits that mean nothing
    with pytest.raises(Refused, match="no token"):
        post.project.unsubscribe(token[:-2] + forged + token[-1])
    number = int(re.sub(r"\D", "", first))
    write(
        post.folder / "more.csv",
        "no mail first city lang may",
        [[1000, first.upper(), f"First{number}", "Utrecht", "de", "yes"]],
    )
    post.edit("sources/book.yml", "read: book.csv", "read: [book.csv, more.csv]")
    post.now += timedelta(days=1)
    post.project.run(accept=True)
    post.edit("campaigns/list.yml", "channel: tool", "channel: news\npriority: 9")
    post.edit("campaigns/list.yml", "share: 0.5}\n  - {name: b, share: 0.5}", "message: hello}")
    assert post.waterfall("list")["do_not_contact"] >= 1
    post.project.approve("list")
    post.project.send("list")
    assert post.mailbox.addresses.count(first) == 1
    why = post.project.explain_campaign(first, "list")
    assert why.step == "do_not_contact" and why.deliveries == []


def test_a_person_on_the_list_is_left_alone(post: Post):
    post.project.approve("spring")
    assert post.project.suppress("p7@mail.example") == 1
    assert post.project.suppress("p7@mail.example") == 0
    post.project.send("spring")
    assert "p7@mail.example" not in post.mailbox.addresses
    assert post.project.explain_campaign("p7@mail.example", "spring").why == (
        "on the do-not-contact list"
    )


def test_pause_resume_cancel(post: Post):
    with pytest.raises(NotFound):
        post.project.pause("spring")
    post.project.approve("spring")
    post.project.pause("spring")
    with pytest.raises(Refused, match="is paused"):
        post.project.send("spring")
    post.project.resume("spring")
    assert post.project.send("spring", limit=2).sent == 2
    post.project.cancel("spring")
    for deed in (post.project.send, post.project.resume, post.project.approve):
        with pytest.raises(Refused, match="cancelled"):
            deed("spring")
    assert len(post.mailbox.addresses) == 2


def test_who_gets_what_cannot_change_once_somebody_was_contacted(post: Post):
    post.project.approve("spring")
    post.project.send("spring", limit=1)
    post.edit("messages/hello.yml", "subject: Hi", "subject: Good day")
    with pytest.raises(Refused, match="edited"):
        post.project.send("spring")
    before = post.arms()
    post.project.approve("spring")
    assert post.arms() == before
    post.edit("campaigns/spring.yml", "holdout: 0.2", "holdout: 0.3")
    with pytest.raises(Refused, match="has contacted people"):
        post.project.approve("spring")


def test_nothing_leaves_early_late_or_over_budget(post: Post):
    post.edit("campaigns/spring.yml", "holdout", "schedule: {at: 2026-03-02T09:00}\nholdout")
    post.project.approve("spring")
    with pytest.raises(Refused, match="leaves on 2026-03-02 09:00"):
        post.project.send("spring")
    post.now = NOW.replace(day=2, hour=8)
    assert post.project.send("spring", limit=1).sent == 1  # nine o'clock in Berlin
    post.now = NOW.replace(year=2027)
    with pytest.raises(Refused, match="it is over"):
        post.project.send("spring")
    more = "holdout: 0.2\nbudget: 1\ncosts: {per_message: 1}"
    post.edit("campaigns/list.yml", "holdout: 0.2", more)
    with pytest.raises(Refused, match="budget is"):
        post.project.approve("list")


def test_files_for_a_tool_hold_everybody_but_the_comparison_group(post: Post, tmp_path: Path):
    post.project.approve("list")
    out = tmp_path / "out"
    out.mkdir()
    sent = post.project.send("list", to=out)
    rows = {}
    for path in sent.files:
        with Path(path).open(newline="", encoding="utf-8") as file:
            rows |= {row["Email Address"]: row["Tags"] for row in csv.DictReader(file)}
    arms = post.arms("list")
    assert len(rows) == sent.sent == arms["a"]["sent"] + arms["b"]["sent"]
    assert arms["comparison"]["sent"] == 0 and arms["comparison"]["people"] + sent.sent == 53
    assert post.project.send("list", to=out).files == []
    left, _ = deeds(post.project.session.store.ledger, "send")
    assert left.arguments["to"] == "out"


def test_an_erased_person_is_nowhere_in_campaigns_and_counts_stay(post: Post):
    post.project.approve("spring")
    post.project.send("spring")
    known = post.mailbox.addresses[0]
    key = post.project.key(known)
    post.project.suppress(known)
    arms = post.arms()
    post.project.erase(known)
    after = post.arms()["a"]
    assert after["sent"] == arms["a"]["sent"] and after["people"] == arms["a"]["people"] - 1
    with sqlite3.connect(post.folder / ".carpel" / "ledger.db") as connection:
        found = connection.execute("SELECT count(*) FROM deliveries WHERE customer = ?", [key])
        assert found.fetchone() == (0,)
        found = connection.execute("SELECT count(*) FROM suppressions WHERE customer IS NULL")
        assert found.fetchone() == (1,)
    connection.close()
    for file in (post.folder / ".carpel").rglob("*"):
        assert not file.is_file() or known.encode() not in file.read_bytes()


def test_nothing_personal_is_logged(post: Post):
    post.project.approve("spring")
    post.mailbox.on_rcpt = lambda it: f"550 5.1.1 <{it}> is unknown here"
    post.project.send("spring")
    content = (post.folder / ".carpel" / "ledger.db").read_bytes()
    assert b"@mail.example" not in content and b"First" not in content
    assert post.arms()["a"]["failed"] == post.arms()["a"]["people"]


def test_backup_and_restore_bring_campaigns_back(post: Post, tmp_path: Path):
    post.project.approve("spring")
    post.project.send("spring", limit=3)
    archive = post.project.backup(tmp_path / "backup.zip")
    arms = post.arms()
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    carpel.Project(fresh, clock=lambda: post.now).restore(archive)
    back = carpel.Project(fresh, clock=lambda: post.now)
    assert {row["arm"]: row for row in back.show_campaign("spring").arms} == arms
    for name in ("book.csv", "till.csv"):
        shutil.copy(post.folder / name, fresh / name)
    back.send("spring")
    assert len(set(post.mailbox.addresses)) == len(post.mailbox.addresses) == arms["a"]["people"]


def test_a_run_sends_nothing(post: Post):
    post.project.approve("spring")
    post.now += timedelta(days=1)
    post.project.run()
    assert post.mailbox.addresses == []


@pytest.mark.parametrize(
    "question", ["plan", "approve", "send", "show_campaign", "preview_message"]
)
def test_a_campaign_that_is_not_there_is_not_found(post: Post, question: str):
    ask: Callable[[str], object] = getattr(post.project, question)
    with pytest.raises(NotFound, match="Did you mean 'spring'"):
        ask("sprnig")


def test_files_of_the_shop_are_sound(post: Post):
    assert post.project.check() == [] and set(FILES) <= {
        str(each.relative_to(post.folder)) for each in post.folder.rglob("*.yml")
    }


def test_a_merge_keeps_what_was_sent_and_so_does_taking_it_back(post: Post):
    post.edit("campaigns/spring.yml", "holdout: 0.2", "holdout: 0\nno_holdout_because: a test")
    post.project.approve("spring")
    post.project.send("spring")
    keys = {post.project.key(f"p{n}@mail.example") for n in (1, 3)}
    book = (post.folder / "book.csv").read_text()
    (post.folder / "book.csv").write_text(book.replace("p3@", "p1@").replace("First3,", "First1,"))
    post.now += timedelta(days=1)
    post.project.run(accept=True)
    merged = post.project.key("p1@mail.example")
    assert merged == min(keys)
    assert len(post.project.explain_campaign(f"key:{merged}", "spring").deliveries) == 2
    assert post.project.send("spring").sent == 0
    assert post.arms()["a"]["sent"] == 53 and post.arms()["a"]["people"] == 52
    (post.folder / "book.csv").write_text(book)
    post.now += timedelta(days=1)
    post.project.run(accept=True)
    assert post.project.send("spring").sent == 0
    assert len(post.mailbox.addresses) == len(set(post.mailbox.addresses)) == 53
    assert post.arms()["a"]["sent"] == 53 and post.waterfall()["left"] >= 52


def test_what_comes_back_is_read_from_a_folder_and_the_next_campaign_honours_it(post: Post):
    post.edit(
        "channels/news.yml", "sender:", "bounces: {address: 'b+{token}@post.example'}\nsender:"
    )
    post.project.approve("spring")
    sent = post.project.send("spring", limit=3).sent
    assert sent == 3
    arrived = post.folder / "arrived"
    arrived.mkdir()
    paths = post.mailbox.return_paths
    marks = [path.removeprefix("b+").partition("@")[0] for path in paths]
    (arrived / "1.eml").write_bytes(dsn("", to=paths[0]))
    (arrived / "2.eml").write_bytes(complaint(marks[1]))
    (arrived / "3.eml").write_bytes(dsn("a" * 48))
    found = post.project.bounces(arrived)
    assert (found.undeliverable, found.complaints, sum(found.aside.values())) == (1, 1, 1)
    assert post.project.bounces(arrived).undeliverable == 0
    page = post.project.show_campaign("spring")
    assert page.came_back == {"undeliverable": 1, "complaint": 1}
    assert post.arms()["a"]["failed"] == 1 and post.arms()["a"]["sent"] == 2
    post.project.approve("list")
    assert post.waterfall("list")["do_not_contact"] == 2
    assert b"@mail.example" not in (post.folder / ".carpel" / "ledger.db").read_bytes()


def test_a_new_server_begins_slowly_and_may_send_more_each_day_it_sends(post: Post):
    post.edit("channels/news.yml", "sender:", "warm_up: {first_day: 4, growth: 2}\nsender:")
    plan = post.project.plan("spring")
    assert plan.messages > 4 + 8 + 16 and plan.days_needed == 14 + 3
    post.project.approve("spring")
    sent = []
    for _ in range(3):
        sent.append(post.project.send("spring").sent)
        with pytest.raises(Refused, match=f"has sent the {sent[-1]} messages that it may today"):
            post.project.send("spring")
        post.now += timedelta(days=2)
    assert sent == [4, 8, 16]
    post.edit("channels/news.yml", "sender:", "most_per_day: 5\nsender:")
    post.project.approve("spring")
    assert post.project.send("spring", limit=3).sent == 3
    assert post.project.send("spring").sent == 2


def test_two_sendings_at_once_do_not_pass_the_day_together(post: Post):
    """Both ask how much room there is before either has claimed anything."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from carpel.verbs import campaign_deeds

    post.edit("channels/news.yml", "sender:", "most_per_day: 20\nsender:")
    post.write("campaigns/autumn.yml", (post.folder / "campaigns/spring.yml").read_text())
    for name in ("spring", "autumn"):
        post.project.approve(name)
    together, asked = Barrier(2), campaign_deeds.most_now

    def both_asked(*given):
        found = asked(*given)
        together.wait(30)
        return found

    with pytest.MonkeyPatch.context() as patched, ThreadPoolExecutor(2) as threads:
        patched.setattr(campaign_deeds, "most_now", both_asked)
        done = list(threads.map(lambda name: post.project.send(name), ("spring", "autumn")))
    assert sum(each.sent for each in done) == len(post.mailbox.addresses) == 20
    assert all(each.left >= 0 for each in done)


def test_each_team_has_its_page(post: Post, tmp_path: Path):
    post.edit("campaigns/spring.yml", "channel: news\n", "channel: news\noffer: Tea for two\n")
    found = post.project.brief("spring", "service", to=tmp_path / "brief.html")
    plan, facts, asked = post.project.plan("spring"), dict(found.facts), dict(found.questions)
    assert facts["What is promised"] == "Tea for two" and facts["Ask"] == "local"
    kept = plan.arms[1]["people"]
    many = f"53 people: version a {53 - kept}, kept aside to compare with {kept}"
    assert facts["How many"] == many
    assert found.open[0].startswith("Until when does the offer hold?")
    assert asked["How long does it hold?"] == "Nobody has said so yet: ask local."
    no_address = "no address for this channel (1)"
    assert no_address in asked["Why did somebody else get it, and not I?"]
    assert [each["subject"] for each in found.messages] == ["Hi there"]
    page = (tmp_path / "brief.html").read_text()
    assert "<code>carpel suppress WHO</code>" in page and "src=" not in page
    post.edit("campaigns/spring.yml", "offer: Tea", "offer_until: 2026-05-31\noffer: Tea")
    sales = post.project.brief("spring", "sales")
    assert dict(sales.facts)["Until"] == "2026-05-31" and not sales.questions
    assert dict(sales.facts)["What it is for"] == plan.goal
    with pytest.raises(NotFound, match="team"):
        post.project.brief("spring", "board")


def test_links_to_ones_own_site_say_which_version_they_are_of(post: Post):
    for name in ("hello", "hallo"):
        post.edit(
            f"messages/{name}.yml", "markdown: H", "markdown: '[H](https://post.example/x)'\n# "
        )
    post.project.approve("spring")
    post.project.send("spring")
    told = "utm_source=news&utm_medium=email&utm_campaign=spring&utm_content=a"
    for address in post.mailbox.addresses:
        plain, html = post.mailbox.message(address).iter_parts()
        assert f"(https://post.example/x?{told})" in plain.get_content()
        assert told.replace("&", "&amp;") in html.get_content()
        assert "token" not in plain.get_content() and plain.get_content().count("utm_source") == 1
    (marked,) = post.project.marked_links()
    assert (marked.campaign, marked.sites) == ("spring", ("post.example",))
    post.edit("carpel.yml", "name: post", "name: post\nsites: []")
    assert post.project.marked_links() == []
    post.edit("carpel.yml", "sites: []", "sites: [https://post.example]")
    assert "is no domain" in str(post.project.check()[0])
