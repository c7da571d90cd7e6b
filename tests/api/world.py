"""A shop that has run, its mail server and the time."""

import re
from datetime import timedelta
from pathlib import Path

from carpel.errors import Refused

from ..channels.mailbox import Mailbox
from ..project.post import Shop, write
from .served import path_of


class World(Shop):
    """A shop that has run, its mail server, its pages, and the time."""

    def __init__(self, folder: Path, mailbox: Mailbox) -> None:
        super().__init__(folder)
        self.mailbox = mailbox
        self.edit("channels/news.yml", "port: 1\n", f"port: {mailbox.port}\n")
        self.edit("channels/news.yml", "unsubscribe_url: https://post.example/u/{token}\n", "")
        self.edit("campaigns/spring.yml", "holdout: 0.2", "holdout: 0\nno_holdout_because: a test")
        self.again("autumn")

    def again(self, name: str, purpose: str = "marketing") -> None:
        text = (self.folder / "campaigns/spring.yml").read_text()
        (self.folder / f"campaigns/{name}.yml").write_text(f"{text}purpose: {purpose}\n")

    def send(self, campaign: str, limit: int | None = None) -> list[str]:
        self.mailbox.arrived.clear()
        self.project.approve(campaign)
        self.project.send(campaign, limit=limit)
        return self.mailbox.addresses

    def link_of(self, address: str) -> str:
        return path_of(self.mailbox.message(address)["List-Unsubscribe"])

    def people(self, segment: str) -> int:
        """How many are in a segment."""
        return int(self.project.show_segment(segment).numbers["people"])

    def links(self, address: str) -> list[str]:
        """Every address of the message's words, in their order."""
        html = self.mailbox.message(address).get_body(("html",)).get_content()
        return re.findall(r'href="([^"]+)"', html)

    def send_all(self, campaign: str) -> list[str]:
        """Like `send`, where perhaps nobody is left."""
        try:
            return self.send(campaign)
        except Refused:
            return []

    def later(self) -> None:
        """A day later, with a run."""
        self.now += timedelta(days=1)
        self.project.run(accept=True)

    def another_file(self, heading: str, *rows: list[object]) -> None:
        write(self.folder / "more.csv", heading, list(rows))
        self.edit("sources/book.yml", "read: book.csv", "read: [book.csv, more.csv]")
        self.later()
