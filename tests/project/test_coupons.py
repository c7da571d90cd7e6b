"""Coupons from being made to being redeemed, over a real mail server and an order file."""

import csv
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from carpel.errors import CarpelError, NotFound, ProjectError, Refused

from ..channels.mailbox import Mailbox, mail_server
from .post import NOW, Shop, write

pytestmark = pytest.mark.slow
TEA = "label: Ten off\ngenerate: {prefix: TEA-}\npercent: 10\nends_on: 2026-06-30\n"


class Post(Shop):
    """A copy of the shop whose spring campaign brings a coupon, and its mail server."""

    def __init__(self, folder: Path, mailbox: Mailbox) -> None:
        super().__init__(folder)
        self.mailbox = mailbox
        self.edit("channels/news.yml", "port: 1\n", f"port: {mailbox.port}\n")
        self.edit("campaigns/spring.yml", "channel: news", "channel: news\ncoupon: tea")
        for each in ("hello", "hallo"):
            self.edit(
                f"messages/{each}.yml", "markdown:", "preheader: Code {{ coupon }}\nmarkdown:"
            )
        self.write("coupons/tea.yml", TEA)

    def read_codes(self) -> dict[int, str]:
        """By number of the person: the code that arrived."""
        found = {}
        for address in self.mailbox.addresses:
            body = self.mailbox.message(address).get_body(["html"])
            assert body is not None
            (code,) = re.findall(r"Code ([\w-]+)", body.get_content())
            found[int(re.sub(r"\D", "", address))] = code
        return found


@pytest.fixture
def post(made: Path, tmp_path: Path) -> Iterator[Post]:
    shutil.copytree(made, tmp_path / "post")
    with mail_server() as mailbox:
        yield Post(tmp_path / "post", mailbox)


def order(post: Post, orders: list[list[object]]) -> None:
    """The till's file holds these orders now, with the coupon in each."""
    post.edit("sources/till.yml", "{amount: amount}", "{amount: amount, coupon: coupon}")
    write(post.folder / "till.csv", "no at amount coupon", orders)
    post.now += timedelta(days=3)
    post.project.run(accept=True)


def test_each_gets_a_code_of_their_own_and_orders_tell_who_redeemed_it(post: Post):
    assert post.project.check() == []
    assert post.project.make_coupons("tea", 70) == 70
    post.project.approve("spring")
    sent = post.project.send("spring").sent
    codes = post.read_codes()
    assert len(codes) == sent == len(set(codes.values()))
    assert post.project.ls("coupons")[0]["given"] == sent
    post.project.send("spring")
    assert post.read_codes() == codes

    first, second, third, fourth = sorted(codes)[:4]
    day = (NOW + timedelta(days=1)).isoformat()
    orders: list[list[object]] = [
        [first, day, 20, codes[first]],
        [first, day, 5, codes[first]],
        [second, day, 30, f"SUMMER, {codes[second].lower()}"],
        [fourth, day, 7, codes[third]],
        [fourth, day, 9, "TEA-NOBODYS"],
        [third, (NOW - timedelta(days=3)).isoformat(), 11, codes[third]],
        [third, day, 12, ""],
    ]
    order(post, orders)
    page = post.project.show_campaign("spring")
    assert page.coupons == [
        {"arm": "a", "given": sent, "redeemed": 3, "by_others": 1, "revenue": 62.0}
    ]
    told = {(row["segment"], row["arm"]): row for row in page.coupon_segments}
    assert told["members", "a"] == {
        "segment": "members",
        "arm": "a",
        "given": sent,
        "redeemed": 3,
    }


def test_a_code_for_everybody_counts_for_those_who_got_it(post: Post):
    post.write("coupons/tea.yml", "code: Spring10\namount: 3\n")
    post.project.approve("spring")
    sent = post.project.send("spring", limit=4).sent
    codes = post.read_codes()
    assert set(codes.values()) == {"Spring10"}
    stranger = next(n for n in range(60) if n not in codes)
    day = (NOW + timedelta(days=1)).isoformat()
    order(post, [[min(codes), day, 20, "SPRING10"], [stranger, day, 50, "Spring10"]])
    (row,) = post.project.show_campaign("spring").coupons
    assert row == {"arm": "a", "given": sent, "redeemed": 1, "by_others": 0, "revenue": 20.0}


def test_nothing_leaves_without_codes_for_all_or_after_the_last_day(post: Post):
    post.project.approve("spring")
    people = post.project.plan("spring").messages
    post.project.make_coupons("tea", people - 1)
    warned = f"the coupon tea has {people - 1} free codes, and {people} people are to get one"
    assert warned in post.project.plan("spring").warnings
    with pytest.raises(Refused, match=f"has {people - 1} free codes, and {people} people"):
        post.project.send("spring")
    assert post.mailbox.addresses == []
    assert post.project.send("spring", limit=3).sent == 3
    post.project.make_coupons("tea", 1)
    assert post.project.send("spring").sent == people - 3
    post.now += timedelta(days=150)
    with pytest.raises(Refused, match="was good until 2026-06-30"):
        post.project.send("spring")


def test_previews_and_tests_give_nobodys_code_away(post: Post):
    post.project.make_coupons("tea", 70)
    shown = post.project.preview_message("spring", 2).shown
    assert all("SAMPLE-CODE" in each["html"] for each in shown)
    post.project.test_send("spring")
    assert post.project.ls("coupons")[0]["given"] == 0


def test_a_coupon_edited_after_approval_does_not_leave(post: Post):
    post.project.make_coupons("tea", 70)
    post.project.approve("spring")
    post.edit("coupons/tea.yml", "percent: 10", "percent: 90")
    with pytest.raises(Refused, match="edited"):
        post.project.send("spring")


def test_files_get_the_code_as_a_column(post: Post):
    post.project.make_coupons("tea", 70)
    post.edit("campaigns/list.yml", "channel: tool", "channel: tool\ncoupon: tea")
    post.write("channels/tool.yml", "kind: your_sender\ntool: mailchimp\ncolumns: {Code: coupon}\n")
    post.project.approve("list")
    codes = []
    for file in post.project.send("list").files:
        with Path(file).open(newline="", encoding="utf-8") as opened:
            codes += [row["Code"] for row in csv.DictReader(opened)]
    assert len(set(codes)) == len(codes) > 30 and all(each.startswith("TEA-") for each in codes)


def test_codes_of_a_shop_come_in_and_ours_go_out(post: Post, tmp_path: Path):
    post.write("coupons/tea.yml", "percent: 10\nends_on: 2026-06-30\nlabel: Ten off\n")
    lines = "Discount code,Uses\nAAA-1,0\naaa-1,0\nBBB_2,0\nno code!,0\n=1+1,0\n,\n"
    (tmp_path / "codes.csv").write_text(lines)
    found = post.project.load_coupons("tea", tmp_path / "codes.csv")
    assert (found.added, found.known, found.unusable) == (2, 1, 2)
    again = post.project.load_coupons("tea", tmp_path / "codes.csv", column="discount CODE")
    assert (again.added, again.known) == (0, 3)
    (tmp_path / "bare.txt").write_text("CCC3\nDDD4\n")
    assert post.project.load_coupons("tea", tmp_path / "bare.txt").added == 2
    shopify = post.project.export_coupons("tea", tmp_path / "shop.csv", shop="shopify")
    rows = shopify.read_text().splitlines()
    assert rows[:2] == ["Title,Command,Code", "Ten off,MERGE,AAA-1"] and len(rows) == 5
    woo = post.project.export_coupons("tea", tmp_path / "woo.csv", shop="woocommerce")
    with woo.open(newline="") as file:
        row = next(csv.DictReader(file))
    assert (row["post_title"], row["discount_type"], row["coupon_amount"]) == (
        "AAA-1",
        "percent",
        "10.0",
    )
    assert (row["usage_limit"], row["expiry_date"]) == ("1", "2026-06-30")


def test_what_cannot_be_done_says_what_to_do(post: Post, tmp_path: Path):
    with pytest.raises(NotFound, match="Did you mean 'tea'"):
        post.project.make_coupons("teas", 5)
    with pytest.raises(NotFound, match="shop"):
        post.project.export_coupons("tea", tmp_path / "x.csv", shop="etsy")
    with pytest.raises(CarpelError, match="has no codes"):
        post.project.export_coupons("tea", tmp_path / "x.csv")
    post.edit("campaigns/spring.yml", "coupon: tea", "coupon: tee")
    with pytest.raises(ProjectError, match="there is no coupon 'tee'"):
        post.project.plan("spring")
    post.edit("campaigns/spring.yml", "\ncoupon: tee", "")
    with pytest.raises(ProjectError, match="promises a coupon"):
        post.project.plan("spring")
