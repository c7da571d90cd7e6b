"""Ten thousand codes: given while senders are killed, exported, redeemed, counted; none twice."""

import csv
import random
import re
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

import carpel

from ..channels.mailbox import Mailbox, mail_server
from ..project.post import FILES, NOW, write
from .test_killed_sends import Failing, at, disturbed, settled

pytestmark = pytest.mark.prove

CODES = 10_000
PEOPLE = 10_900
KILLS = 30
FILES_WITH_A_COUPON = {
    **FILES,
    "coupons/tea.yml": "generate: {prefix: TEA-}\npercent: 10\n",
    "segments/even.yml": "where: {trait: language, is: de}\n",
    "messages/hello.yml": "subject: '{{ coupon }}'\nmarkdown: Hello {{ coupon }}\n",
    "campaigns/spring.yml": "goal: {metric: order_rate, target: 0.3, by: 2026-12-31}\n"
    "audience: members\nchannel: news\nholdout: 0.1\ncoupon: tea\nvariants:\n"
    "  - {name: a, message: hello, share: 0.5}\n  - {name: b, message: hello, share: 0.5}\n",
}


def ready(folder: Path, port: int) -> Mapping[str, int]:
    for name, text in FILES_WITH_A_COUPON.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.replace("PORT", str(port)))
    till = (
        (folder / "sources/till.yml")
        .read_text()
        .replace("amount: amount", "amount: amount, coupon: code")
    )
    (folder / "sources/till.yml").write_text(till)
    people = [
        [n, f"p{n}@mail.example", "Ada", "Utrecht", ("de", "nl")[n % 2], "yes"]
        for n in range(PEOPLE)
    ]
    write(folder / "book.csv", "no mail first city lang may", people)
    write(folder / "till.csv", "no at amount code", [[1, NOW.isoformat(), 3, ""]])
    project = carpel.Project(folder, clock=at(0))
    project.run()
    assert project.make_coupons("tea", CODES) == CODES
    return project.approve("spring").arms


def arrived(mailbox: Mailbox) -> dict[int, str]:
    """By number of the person: the code that stands in what they got."""
    found: dict[int, str] = {}
    for address, content in mailbox.arrived:
        told = re.search(rb"^Subject: (TEA-\w+)", content, re.MULTILINE)
        assert told
        person = int(address[1:].partition("@")[0])
        assert person not in found
        found[person] = told[1].decode()
    return found


def test_ten_thousand_codes_are_given_once_and_counted_when_redeemed(
    tmp_path: Path, fresh_seed: int
) -> None:
    chance, kills, minutes = random.Random(fresh_seed), 0, 0
    with mail_server() as mailbox:
        arms = ready(tmp_path, mailbox.port)
        people = arms["a"] + arms["b"]
        assert 9_500 <= people <= CODES
        mailbox.on_rcpt = Failing(chance, [(0.02, "451 later")])
        mailbox.on_data = Failing(chance, [(0.01, "452 full")])
        while kills < KILLS and len(mailbox.addresses) < 0.95 * people:
            minutes += 1
            kills += disturbed(tmp_path, chance, minutes)
        minutes = settled(tmp_path, minutes)
        codes = arrived(mailbox)
    assert len(set(codes.values())) == len(codes) >= 0.95 * people

    project = carpel.Project(tmp_path, clock=at(minutes))
    assert project.ls("coupons")[0]["given"] == people
    out = project.export_coupons("tea", tmp_path / "codes.csv", shop="shopify")
    with out.open(newline="") as file:
        exported = {row["Code"] for row in csv.DictReader(file)}
    assert len(exported) == CODES and set(codes.values()) <= exported

    redeemed = chance.sample(sorted(codes), 3_000)
    day = (NOW + timedelta(days=1)).isoformat()
    rows: list[list[object]] = [[each, day, 10, codes[each]] for each in redeemed]
    write(tmp_path / "till.csv", "no at amount code", rows)
    later = carpel.Project(tmp_path, clock=lambda: NOW + timedelta(days=3))
    later.run(accept=True)
    page = later.show_campaign("spring")
    assert sum(row["redeemed"] for row in page.coupons) == 3_000
    assert sum(row["revenue"] for row in page.coupons) == 30_000
    assert {row["arm"]: row["given"] for row in page.coupons} == {"a": arms["a"], "b": arms["b"]}
    counted = Counter[str]()
    for row in page.coupon_segments:
        counted[row["segment"]] += row["redeemed"]
    assert counted["members"] == 3_000
    assert counted["even"] == sum(each % 2 == 0 for each in redeemed)
    print(f"{kills} kills, {len(codes)} codes arrived, {page.coupons}")
