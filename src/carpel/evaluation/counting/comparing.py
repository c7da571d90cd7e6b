"""Many figures, each compared in its own way, those with one number all at once."""

from collections.abc import Mapping, Sequence

import numpy as np

from carpel.evaluation.counting.rows import Array, Column
from carpel.evaluation.counting.verdicts import ORDERED, Flags, compared, ranked
from carpel.evaluation.fitting import fitted
from carpel.language import Comparison


class Comparing:
    """Compares figures of one kind; `asked` says which places compare how."""

    def __init__(self, asked: Mapping[Comparison, Sequence[int]], kind: str) -> None:
        self.kind, self.any = kind, bool(asked)
        ordered: dict[str, list[tuple[int, float]]] = {}
        self._others: list[tuple[Comparison, Array]] = []
        for comparison, places in asked.items():
            if comparison.operator in ORDERED and not isinstance(comparison.value, tuple):
                right = fitted(comparison.value, kind)
                ordered.setdefault(comparison.operator, []).extend((p, right) for p in places)
            else:
                self._others.append((comparison, np.array(places)))
        self._ordered = [
            (word, np.array([place for place, _ in some]), np.array([right for _, right in some]))
            for word, some in ordered.items()
        ]

    def held(self, values: Column) -> Flags:
        """The verdicts on one figure a place."""
        held = np.zeros(len(values.values), bool)
        there = np.ones(len(held), bool) if values.there is None else values.there.copy()
        said = [(p, ranked(values.taken_at(p), word, right)) for word, p, right in self._ordered]
        said += [(p, compared(values.taken_at(p), each, self.kind)) for each, p in self._others]
        for places, flags in said:
            held[places] = flags.values
            there[places] = True if flags.there is None else flags.there
        return Flags(held, there)
