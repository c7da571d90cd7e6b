"""What a sending tool's export says is filed once, heeded, and known in the next run."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from carpel.errors import NotFound
from carpel.store.engagement import engaged

from .post import Shop

pytestmark = pytest.mark.slow
HEAD = "Email,Event,Timestamp,Bounce type,Apple privacy\n"


@pytest.fixture
def tool(made: Path, tmp_path: Path) -> Shop:
    """The shop after it has handed a campaign to its tool; the people of version a."""
    shutil.copytree(made, tmp_path / "post")
    shop = Shop(tmp_path / "post")
    shop.project.approve("list")
    shop.project.send("list")
    return shop


def sent_to(shop: Shop) -> list[str]:
    lines = (shop.folder / "exports/list-a-mailchimp.csv").read_text().splitlines()[1:]
    return [line.split(",")[0] for line in lines]


def kept_aside(shop: Shop) -> str:
    """Somebody of the comparison group."""
    files = "".join(file.read_text() for file in (shop.folder / "exports").iterdir())
    everybody = (f"p{n}@mail.example" for n in range(1, 60) if n % 10 and n != 5)
    return next(each for each in everybody if f"{each}," not in files)


def export(shop: Shop, *rows: str, head: str = HEAD) -> Path:
    file = shop.folder.parent / "export.csv"
    file.write_text(head + "\n".join(rows) + "\n")
    return file


def test_each_thing_counts_once_and_is_an_event_of_the_next_run(tool: Shop):
    ada, bo, cy, *_ = sent_to(tool)
    file = export(
        tool,
        f"{ada.upper()},Opened,2026-03-01 15:00,,",
        f"{ada},Clicked,2026-03-01 15:01,,",
        f"{bo},Opened,2026-03-01 15:02,,true",
        f"{cy},Opened,,,",
        "p0@mail.example,Opened,2026-03-01 15:03,,",
        "stranger@else.example,Clicked,2026-03-01 15:03,,",
    )
    found = tool.project.engagement("list", file)
    assert (found.opened, found.clicked, found.machines, found.known) == (2, 1, 1, 0)
    assert found.aside == {"not among those whom this campaign contacted": 2}
    again = tool.project.engagement("list", file)
    assert (again.opened, again.machines, again.known) == (0, 0, 4)
    assert tool.project.show_campaign("list").reacted == {"clicked": 1, "machines": 1, "opened": 2}
    tool.now += timedelta(days=1)
    tool.write("segments/readers.yml", "where: {did: email_opened, at_least: 1}\n")
    tool.write("segments/clickers.yml", "where: {did: email_clicked, at_least: 1}\n")
    tool.project.run()
    sizes = {row["segment"]: row["people"] for row in tool.project.ls("segments")}
    assert (sizes["readers"], sizes["clickers"]) == (1, 1)  # without a time, no event


def test_who_is_not_to_be_written_to_is_left_alone(tool: Shop):
    hard, soft, out, spam, *_ = sent_to(tool)
    before = tool.project.plan("spring").waterfall
    found = tool.project.engagement(
        "list",
        export(
            tool,
            f"{hard},Bounced,2026-03-01 15:00,Hard,",
            f"{soft},Bounced,2026-03-01 15:00,,",
            f"{out},Unsubscribed,,,",
            f"{spam},Marked as spam,,,",
            f"{kept_aside(tool)},Unsubscribed,,,",
        ),
    )
    assert (found.bounced, found.unsubscribed, found.complained) == (2, 2, 1)
    after = tool.project.plan("spring").waterfall
    gone = {b["step"]: b["people"] - a["people"] for a, b in zip(before, after, strict=True)}
    assert gone["do_not_contact"] == 4 and gone["no_permission"] == 0
    arms = tool.project.show_campaign("list").arms
    assert sum(row["failed"] for row in arms) == 2
    assert tool.project.show_campaign("list").came_back == {
        "complaint": 1,
        "soft": 1,
        "undeliverable": 1,
    }


def test_an_old_no_does_not_undo_a_newer_yes(tool: Shop):
    from carpel.store.addresses import address_hash
    from carpel.store.permissions import Word, note, withdrawn

    ada, bo, *_ = sent_to(tool)
    store = tool.project.session.store
    yes = Word(address_hash(store.key, ada), "email", "*", True, tool.now, "choices", "list")
    note(store.ledger, [yes])
    tool.project.engagement(
        "list",
        export(
            tool, f"{ada},Unsubscribed,2026-02-28 10:00,,", f"{bo},Unsubscribed,2026-02-28 10:00,,"
        ),
    )
    assert withdrawn(store.ledger, "email", "marketing") == {address_hash(store.key, bo)}


def test_nothing_personal_is_kept_and_erasing_leaves_nobody(tool: Shop):
    ada, *_ = sent_to(tool)
    tool.project.engagement("list", export(tool, f"{ada},Opened,2026-03-01 15:00,,"))
    store = tool.project.session.store
    assert ada not in repr(engaged(store.ledger))
    tool.project.erase(ada)
    (row,) = engaged(store.ledger)
    assert (
        row.address == ""
        and tool.project.engagement("list", export(tool, f"{ada},Opened,,,")).opened == 0
    )


def test_a_campaign_that_sent_nothing_is_not_found(tool: Shop):
    with pytest.raises(NotFound):
        tool.project.engagement("spring", export(tool, "a@b.example,Opened,,,"))
