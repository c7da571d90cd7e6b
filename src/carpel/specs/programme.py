"""The quarters in which all campaigns together are held beside those kept aside from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

PROGRAMME = "programme"
"""What all campaigns together are called, as an experiment; a dot and the quarter follow."""
ASIDE, IN_CAMPAIGNS = "people kept aside", "people in campaigns"
"""Its groups, as they are said."""


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter of a calendar year, 1 to 4."""

    year: int
    number: int

    @property
    def name(self) -> str:
        """In names of experiments: `q2026_1`."""
        return f"q{self.year}_{self.number}"

    @property
    def called(self) -> str:
        """On screen."""
        return f"quarter {self.number} of {self.year}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def following(self) -> "Quarter":
        """The next one."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.following.first - timedelta(days=1)


def quarter_of(day: date) -> Quarter:
    """The quarter in which a day lies."""
    return Quarter(day.year, (day.month + 2) // 3)


def quarters(since: date, until: date) -> Iterator[Quarter]:
    """Every quarter that holds one of these days; none where `until` is before `since`."""
    each = quarter_of(since)
    while since <= until and each.first <= until:
        yield each
        each = each.following
