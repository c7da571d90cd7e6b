"""A fitted model that is worth using: chances, and the reasons for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from carpel.stats.yes_no.calibration import Calibration
from carpel.stats.yes_no.columns import Column, Floats
from carpel.stats.yes_no.models import Scorer, few_threads
from carpel.stats.yes_no.reasons import Reason, reasons


@dataclass(frozen=True)
class Model:
    """Scores, the curve that makes them chances, and the values that stand for everybody's."""

    scorer: Scorer
    curve: Calibration
    others: dict[str, Column]

    def chances(self, columns: Sequence[Column]) -> Floats:
        """The chance of yes for each row, 0 to 1; columns that the model doesn't use may be there.

        ValueError names a column that is missing.
        """
        own = self._own(columns)
        with few_threads(own):
            return self.curve.chances(self.scorer.scores(own))

    def reasons(self, columns: Sequence[Column], most: int = 3) -> list[tuple[Reason, ...]]:
        """For each row the few columns that moved its score most, the strongest first."""
        own = self._own(columns)
        with few_threads(own):
            return reasons(self.scorer, own, self.others, most)

    def _own(self, columns: Sequence[Column]) -> list[Column]:
        by_name = {each.name: each for each in columns}
        lacking = [name for name in self.others if name not in by_name]
        if lacking:
            raise ValueError(f"the model needs the column {lacking[0]!r}")
        return [by_name[name] for name in self.others]
