"""What a prediction stands on, for people to read."""

from dataclasses import dataclass

from carpel.stats.yes_no.judging import Judged
from carpel.stats.yes_no.leaks import LeftOut


@dataclass(frozen=True)
class Weight:
    """How much worse the model foresees when a column is shuffled among held-out people."""

    column: str
    log_loss: float


@dataclass(frozen=True)
class ModelCard:
    """Data, dates, figures on people the model had not seen, and whether it is used.

    `judged` is None when no model was tried; `verdict` then says why.
    """

    rows: int
    people: int
    outcomes: int
    unknown: int
    """Rows left out since their outcome is not known."""
    days: tuple[float, float] | None
    """First and last day of the profiles; None without dates."""
    time_honest: bool
    how: str
    model: str = ""
    calibration: str = ""
    judged: Judged | None = None
    used: bool = False
    verdict: str = ""
    columns: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    importance: tuple[Weight, ...] = ()
    """The columns that matter most first."""

    def sentences(self) -> tuple[str, ...]:
        """The card in sentences: the verdict, how it was judged, what was left out and why."""
        told = [self.verdict, self.how]
        if self.judged:
            off = self.judged.calibration_error
            told.append(f"What it says is off by {off:.1%} on average ({self.calibration})")
        told += [f"{each.column} is left out: {each.reason}" for each in self.left_out]
        return tuple(told)
