"""One experiment as a page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from carpel.reports.caused.calls import Call
from carpel.reports.tables import Rows


@dataclass(frozen=True)
class Version:
    """One arm beside the comparison group: the verdict, what it rests on, and by segment.

    `measures` has a row a metric: `label`, `here`, `there`, `change`, `likely`; `segments` a row
    a segment: `label`, `sign`, `word`, `n`, `m`, `here`, `there`, `change`, `likely`, and as
    numbers `value`, `low`, `high`; `details` what a statistician asks for.
    """

    called: str
    word: str
    verdict: str
    sign: str
    sentence: str
    settle: str
    money: str
    measures: Rows
    segments: Rows
    harmed: Rows
    """Segments in which it did harm, the surest first."""
    helped: Rows
    details: Rows
    narrowed: bool
    """Whether differences allow for what was known before."""


@dataclass(frozen=True)
class Caused:
    """What one experiment caused: `opening` is one sentence for it all."""

    name: str
    label: str
    kind: str
    opening: str
    measured: str
    """Since when, for how long, and about what."""
    versions: Sequence[Version]
    between: Sequence[str]
    """Versions beside each other, where there are several."""
    groups: Rows
    """A row a group: `called`, `people`, `meant`, `sent`."""
    uneven: str
    """Why nothing of it can be trusted, where the groups came out uneven."""
    giants: Sequence[str]
    """People whose figures outweigh those of others, said without saying who."""
    in_several: int
    over: bool = True
    """Whether everybody's time is over."""
    segmented: str = ""
    """Whether own messages by segment paid beside one for all, where a campaign asks it."""
    calls: Sequence[Call] = ()
    """Of all campaigns together in a quarter: what to do about each."""
    prices: Rows = field(default_factory=list)
    """A row a price, where arms differ by it: `price`, `people`, `bought`, `earns`, `likely`."""
    priced: str = ""
    """Which price earns most, or why that cannot be told."""

    @property
    def worst(self) -> str:
        """The verdict to be told of first."""
        words = {each.word for each in self.versions}
        order = ("uneven", "harm", "worked", "nothing_seen", "cannot_tell")
        return next((each for each in order if each in words), "cannot_tell")
