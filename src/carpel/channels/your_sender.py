"""The tool one sends with already: a CSV an arm, in the columns that its import knows.

The comparison group is never handed to a channel, so it is in no file.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from carpel.channels.base import Outcome, Person, Ready
from carpel.channels.rows import cell, filed, unwritable, write_rows
from carpel.specs.channel import YourSender
from carpel.specs.senders import Medium

EVERYBODY = 10_000_000
"""All in one go: a file is there whole or not at all."""
ADDRESSES: Mapping[str, Mapping[Medium, str]] = {
    "klaviyo": {"email": "Email", "sms": "Phone Number"},
    "mailchimp": {"email": "Email Address", "sms": "SMS Phone Number"},
    "hubspot": {"email": "Email", "sms": "Phone Number"},
}
"""What each tool's import calls the address, which stands first."""
KNOWN: Mapping[str, Mapping[str, str]] = {
    "klaviyo": {
        "First Name": "first_name",
        "Last Name": "last_name",
        "City": "city",
        "Country": "country",
    },
    "mailchimp": {"First Name": "first_name", "Last Name": "last_name"},
    "hubspot": {
        "First Name": "first_name",
        "Last Name": "last_name",
        "City": "city",
        "Country/Region": "country",
    },
}
"""Further columns that each tool knows by name, and what stands in them."""
OURS: Mapping[str, tuple[str, ...]] = {
    "klaviyo": ("Carpel campaign", "Carpel version"),
    "mailchimp": ("Tags",),
    "hubspot": ("Carpel campaign", "Carpel version"),
}
"""By which columns results can be told apart later."""


class YourSenderCarrier:
    """Writes a file an arm into a folder."""

    batch = EVERYBODY

    def __init__(self, spec: YourSender, campaign: str, to: Path) -> None:
        self._spec, self._campaign, self._to = spec, campaign, to
        self._columns = {**KNOWN[spec.tool], **spec.columns}
        self.fields: Sequence[str] = tuple(dict.fromkeys(self._columns.values()))
        self.written: Sequence[Path] = ()

    def check(self) -> Sequence[str]:
        """Whether files can be written where they should."""
        return unwritable(self._to)

    def render(self, person: Person) -> Ready:
        """A row: address, what is known, campaign and arm."""
        if not person.address.strip() or not person.address.isprintable():
            return Ready(person.key, "", person.arm, problem="not an address")
        known = [person.values.get(each) for each in self._columns.values()]
        row = [person.address, *known, *self._marks(person.arm)]
        return Ready(person.key, person.address, person.arm, [cell(each) for each in row])

    def send(self, batch: Sequence[Ready]) -> Iterator[Outcome]:
        """Write all rows, a file an arm; one that is there already stays, and another is added."""
        return filed(batch, self._write)

    def close(self) -> None:
        """Nothing is open."""

    def _write(self, arm: str, rows: list[list[Any]]) -> None:
        heading = ADDRESSES[self._spec.tool][self._spec.medium]
        whole = [heading, *self._columns, *OURS[self._spec.tool]]
        path = write_rows(self._to, f"{self._campaign}-{arm}-{self._spec.tool}", whole, rows)
        self.written = (*self.written, path)

    def _marks(self, arm: str) -> list[str]:
        if self._spec.tool == "mailchimp":
            return [f"{self._campaign} {arm}"]
        return [self._campaign, arm]
