"""What evaluating segments took when everybody was last looked at, held against a budget."""

from dataclasses import dataclass

from carpel.verbs.reader import Reader


@dataclass(frozen=True)
class Spent:
    """Seconds one segment took, what segments share split evenly, and rows of events it asks about.

    `most` is the project's budget for one segment in seconds; None where it has none.
    """

    segment: str
    seconds: float
    rows: int
    most: float | None

    @property
    def too_much(self) -> bool:
        """Whether it took longer than the budget."""
        return self.most is not None and self.seconds > self.most


def all_spent(reader: Reader) -> list[Spent]:
    """Of every segment and place of the build, of people and of accounts, the dearest first."""
    noted, most = reader.build.notes("segments"), _budget(reader)
    found = [
        Spent(name, each["seconds"], int(each["rows"]), most)
        for kind in ("costs", "account_costs")
        for name, each in noted.get(kind, {}).items()
    ]
    return sorted(found, key=lambda each: (-each.seconds, each.segment))


def spent(reader: Reader, segment: str) -> Spent | None:
    """Of one segment; None when the build has none of this name."""
    return next((each for each in all_spent(reader) if each.segment == segment), None)


def _budget(reader: Reader) -> float | None:
    return reader.definitions.project.builds.most_seconds_per_segment
