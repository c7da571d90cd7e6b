"""A made-up shop that writes to its people, and the mail server it writes by."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import carpel

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PEOPLE = 60
FILES = {
    "carpel.yml": "version: 1\nname: post\ntimezone: Europe/Berlin\nas_of: now\n"
    "identity: {probabilistic: false}\naccess: {approve_own: true}\n",
    "sources/book.yml": "read: book.csv\nkey: [no]\nidentifiers: {crm_id: no, email: mail}\n"
    "traits: {first_name: first, city: city, language: lang}\n"
    "permit:\n  - {channel: {constant: email}, granted: may}\n",
    "sources/till.yml": "read: till.csv\nidentifiers: {crm_id: no}\n"
    "track:\n  - {event: order_completed, at: at, properties: {amount: amount}}\n",
    "segments/members.yml": "where: {trait: city, is: Utrecht}\n",
    "channels/news.yml": "kind: smtp\nhost: 127.0.0.1\nport: PORT\nsecurity: none\n"
    "sender: Post <hello@post.example>\nunsubscribe_url: https://post.example/u/{token}\n"
    "timeout_seconds: 1\nseeds: [office@post.example]\npostal_address: Main Street 1\n",
    "channels/tool.yml": "kind: your_sender\ntool: mailchimp\n",
    "messages/hello.yml": "subject: Hi {{ first_name }}\nmarkdown: Hello {{ first_name }}\n"
    "fallbacks: {first_name: there}\n",
    "messages/hallo.yml": "subject: Hallo {{ first_name }}\nmarkdown: Hallo {{ first_name }}\n"
    "fallbacks: {first_name: du}\n",
    "campaigns/spring.yml": "goal: {metric: order_rate, target: 0.3, by: 2026-12-31}\n"
    "audience: members\nchannel: news\nholdout: 0.2\nvariants:\n  - name: a\n"
    "    message: hello\n    instead: [{message: hallo, language: de}]\n",
    "campaigns/list.yml": "goal: {metric: revenue_per_person, target: 40, by: 2026-12-31}\n"
    "audience: members\nchannel: tool\nholdout: 0.2\nvariants:\n"
    "  - {name: a, share: 0.5}\n  - {name: b, share: 0.5}\n",
}


class Shop:
    """A folder with the shop in it, and what time it is there."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, NOW

    @property
    def project(self) -> carpel.Project:
        return carpel.Project(self.folder, clock=lambda: self.now)

    def write(self, file: str, text: str) -> None:
        (self.folder / file).parent.mkdir(exist_ok=True)
        (self.folder / file).write_text(text)

    def edit(self, file: str, old: str, new: str) -> None:
        text = (self.folder / file).read_text()
        assert old in text
        self.write(file, text.replace(old, new))


def shop(folder: Path, port: int = 1) -> Path:
    """Sixty people; every tenth without permission, one without an address, half read German."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.replace("PORT", str(port)), encoding="utf-8")
    people = [
        [n, f"p{n}@mail.example" if n != 5 else "", f"First{n}", "Utrecht", ("de", "nl")[n % 2]]
        for n in range(PEOPLE)
    ]
    may = [["no" if n % 10 == 0 else "yes"] for n in range(PEOPLE)]
    write(
        folder / "book.csv",
        "no mail first city lang may",
        [a + b for a, b in zip(people, may, strict=True)],
    )
    orders = [[n, (NOW - timedelta(days=3 + n)).isoformat(), 10 + n] for n in range(0, PEOPLE, 3)]
    write(folder / "till.csv", "no at amount", orders)
    return folder


def write(path: Path, heading: str, rows: list[list[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([heading.split(" "), *rows])
