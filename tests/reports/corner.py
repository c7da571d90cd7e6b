"""A corner shop for reports: personal values with marks that can be looked for, two updates."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from carpel.project import Project

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FILES = {
    "carpel.yml": "version: 1\nname: corner\nlabel: Corner <Shop>\ntimezone: Europe/Berlin\n"
    "currency: EUR\ncountry: DE\nas_of: now\nrevenue: {tax: included}\n"
    "identity: {probabilistic: false}\n",
    "goals/back.yml": "version: 1\nlabel: Come back\nmetric: repeat_purchase_rate\ntarget: 0.9\n"
    "by: 2026-12-31\n",
    "goals/money.yml": "version: 1\nmetric: revenue\ntarget: 100\nby: 2026-12-31\n",
    "goals/people.yml": "version: 1\nmetric: active_customers\ntarget: 500\nby: 2026-12-31\n",
    "segmentations/rfm.yml": "version: 1\nkind: rfm\nlabel: RFM\n",
    "segmentations/lifecycle.yml": "version: 1\nkind: lifecycle\nlabel: lifecycle\n",
    "segments/tea.yml": "version: 1\nlabel: Tea drinkers\nobjective: Thank them\naction: A card\n"
    "where: {did: order_completed, where: {category: tea}, at_least: 1, within: 90 days}\n",
    "segments/grown.yml": "version: 1\nlabel: Grown-ups\nwhere: {trait: age, ge: 30}\n",
    "segments/may.yml": "version: 1\nlabel: May be written to\nwhere: {consent: email}\n",
    "segments/nobody.yml": "version: 1\nlabel: Nobody here\nwhere: {trait: age, ge: 130}\n",
    "channels/tool.yml": "kind: your_sender\ntool: hubspot\n",
    "campaigns/tea_letter.yml": "label: A letter about tea\naudience: may\nchannel: tool\n"
    "goal: {metric: order_rate, target: 0.5, by: 2026-12-31}\nowner: marketing\n"
    "variants: [{name: a, share: 0.5}, {name: b, share: 0.5}]\n",
    "campaigns/no_letter.yml": "audience: nobody\nchannel: tool\nowner: marketing\n"
    "goal: {metric: revenue_per_person, target: 50, by: 2026-12-31}\n",
    "sources/book.yml": "version: 1\nlabel: Address book\nread: book.csv\nkey: [no]\n"
    "identifiers: {crm_id: no, email: email, phone: phone}\n"
    "traits: {first_name: first, last_name: last, birth_date: born, city: city, gender: sex}\n",
    "sources/till.yml": "version: 1\nlabel: Till\nread: till.csv\nidentifiers: {crm_id: no}\n"
    "track:\n  - event: order_completed\n    at: at\n"
    "    properties: {order_id: {column: order, type: text}, amount: amount, category: kind}\n",
    "sources/leave.yml": "version: 1\nlabel: Permissions\nread: leave.csv\n"
    "identifiers: {crm_id: no}\n"
    "permit:\n  - {channel: channel, granted: answer, at: at, proof: how}\n",
}


def shop(folder: Path, people: int = 120) -> Path:
    """A project with the updates of two days; gives its folder."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    dice = Random(7)
    numbers = [f"K{each:04d}" for each in range(people)]
    _write(
        folder / "book.csv",
        ["no", "email", "phone", "first", "last", "born", "city", "sex"],
        [
            [
                no,
                f"qz{no.lower()}@example.org",
                "+49 30 901820" if each % 9 else "none such",
                f"Qzfirst{no}",
                f"Qzlast{no}",
                f"{1950 + each % 60}-05-0{1 + each % 9}",
                ("Berlin", "Bonn", "")[each % 3],
                ("f", "m")[each % 2],
            ]
            for each, no in enumerate(numbers)
        ],
    )
    _write(folder / "till.csv", ["no", "order", "at", "amount", "kind"], _orders(dice, numbers))
    _write(
        folder / "leave.csv",
        ["no", "channel", "answer", "at", "how"],
        [
            [
                no,
                "email",
                "yes" if each % 3 else "no",
                "2025-01-01" if each % 2 else "",
                "form" if each % 4 else "",
            ]
            for each, no in enumerate(numbers)
        ],
    )
    Project(folder, clock=lambda: NOW - timedelta(days=40)).run()
    Project(folder, clock=lambda: NOW).run()
    project = Project(folder, clock=lambda: NOW)
    project.approve("tea_letter")
    project.send("tea_letter")
    return folder


def _orders(dice: Random, numbers: list[str]) -> list[list[str]]:
    """Some buy often, some have stopped; two rows cannot be used."""
    orders = []
    for each, no in enumerate(numbers[: len(numbers) * 3 // 4]):
        last = 300 if each % 5 == 0 else dice.randint(1, 60)
        for nth in range(1 + each % 7):
            at = NOW - timedelta(days=last + 21 * nth, hours=dice.randint(0, 9))
            orders.append(
                [
                    no,
                    f"B{each}-{nth}",
                    at.isoformat(),
                    f"{dice.randint(300, 9000) / 100}",
                    ("tea", "bread")[(each + nth) % 2],
                ]
            )
    return [
        *orders,
        ["K0001", "B-x", "no day at all", "12.34", "tea"],
        ["K0002", "B-y", "", "1.00", "tea"],
    ]


def _write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
