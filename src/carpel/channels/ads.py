"""People as hashes that advertising platforms know them by.

Normalised as each of them asks before SHA-256: addresses trimmed and in lower case; numbers in
E.164, with the plus for Google and without it for Meta. LinkedIn takes addresses alone. Dots and
what stands behind a plus belong to an address and stay.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from carpel.channels.base import Outcome, Person, Ready
from carpel.channels.mail import is_address
from carpel.channels.rows import filed, unwritable, write_rows
from carpel.channels.your_sender import EVERYBODY
from carpel.specs import AudienceExport
from carpel.specs.ads import Platform

HEADINGS: Mapping[Platform, Sequence[str]] = {
    "google": ("Email", "Phone"),
    "meta": ("email", "phone"),
    "linkedin": ("email",),
}
"""The columns as each platform calls them."""
E164 = re.compile(r"\+[1-9]\d{6,14}")


class AudienceExportCarrier:
    """Writes who is to be added to a list, a file an arm."""

    batch = EVERYBODY

    def __init__(self, spec: AudienceExport, campaign: str, to: Path) -> None:
        self._spec, self._campaign, self._to = spec, campaign, to
        self.fields: Sequence[str] = ("phone",) if "phone" in _lower(spec.platform) else ()
        self.written: Sequence[Path] = ()

    def check(self) -> Sequence[str]:
        """Whether files can be written where they should."""
        return unwritable(self._to)

    def render(self, person: Person) -> Ready:
        """A row of hashes: of the address, and of the number where one is known and asked for."""
        if not is_address(person.address.strip()):
            return Ready(person.key, "", person.arm, problem="not an e-mail address")
        number = person.values.get("phone")
        row = hashed(self._spec.platform, person.address, str(number or ""))
        return Ready(person.key, person.address, person.arm, row)

    def send(self, batch: Sequence[Ready]) -> Iterator[Outcome]:
        """Write those who are to be added."""
        return self.write(batch, "add")

    def write(self, batch: Sequence[Ready], what: str) -> Iterator[Outcome]:
        """Write them, a file an arm: `add`, `remove`, or `all` who are on the list now."""
        platform = self._spec.platform

        def write(arm: str, rows: list[Any]) -> None:
            name = f"{self._campaign}-{arm}-{platform}-{what}"
            path = write_rows(self._to, name, HEADINGS[platform], sorted(rows))
            self.written = (*self.written, path)

        return filed(batch, write)

    def close(self) -> None:
        """Nothing is open."""


def hashed(platform: Platform, address: str, number: str) -> list[str]:
    """The row of one person; a number that is none in E.164 is left empty."""
    plain = {"email": "".join(address.split()).lower(), "phone": _number(platform, number)}
    return [_hash(plain[each]) for each in _lower(platform)]


def _number(platform: Platform, number: str) -> str:
    if not E164.fullmatch(number):
        return ""
    return number if platform == "google" else number.removeprefix("+")


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest() if text else ""


def _lower(platform: Platform) -> list[str]:
    return [each.lower() for each in HEADINGS[platform]]
