"""Which traits a rule asks for itself, or goes along with: that those differ is no finding."""

import numpy as np

from carpel.specs import Clusters
from carpel.stages.fitness.ground import Ground
from carpel.stages.fitness.people import FactsOf
from carpel.stats.relation import correlations
from carpel.stats.tails import Floats

ALONG = 0.6
"""Correlation of ranks, or of shares, from which one trait goes along with another."""


class Used:
    """Looks at what goes with what, once, in a sample of everybody."""

    def __init__(self, ground: Ground, facts: FactsOf) -> None:
        self.ground, self.facts = ground, facts
        self._keys = list(facts.columns)
        self._columns = _stacked([facts.columns[key] for key in self._keys], len(facts.sample))
        self._along: dict[str, set[str]] = {}

    def by(self, segment: str) -> set[str]:
        """Traits that the rule of a segment asks for, and those that go along with them."""
        asked = self.ground.asks(segment)
        named = set(asked.get("trait", ()))
        origins = [
            f"{kind} {name}"
            for kind in ("segmentation", "event")
            for name in sorted(asked.get(kind, ()))
        ]
        if any(self._looks_at_all(name) for name in asked.get("segmentation", ())):
            return {trait for trait, _ in self._keys}
        named |= self._chosen(asked.get("segmentation", set()))
        along = (self._along_with(each) for each in (*(f"trait {t}" for t in named), *origins))
        return set(named).union(*along)

    def _looks_at_all(self, segmentation: str) -> bool:
        spec = self.ground.line.definitions.segmentations.get(segmentation)
        return isinstance(spec, Clusters) and not spec.traits

    def _chosen(self, segmentations: set[str]) -> set[str]:
        """The traits that groups were looked for in."""
        specs = (self.ground.line.definitions.segmentations.get(each) for each in segmentations)
        return {trait for spec in specs if isinstance(spec, Clusters) for trait in spec.traits}

    def _along_with(self, origin: str) -> set[str]:
        if origin not in self._along:
            kind, _, name = origin.partition(" ")
            columns = (
                [each for key, each in self.facts.columns.items() if key[0] == name]
                if kind == "trait"
                else self.facts.measures.get(origin, [])
            )
            self._along[origin] = self._going_with(columns)
        return self._along[origin]

    def _going_with(self, columns: list[Floats]) -> set[str]:
        if not columns or not self._keys:
            return set()
        known = [(~np.isnan(each)).astype(float) for each in columns]
        asked = _stacked([*columns, *known], len(self.facts.sample))
        found = correlations(asked, self._columns)
        close = np.abs(found).max(axis=0) >= ALONG
        return {self._keys[at][0] for at in np.flatnonzero(close)}


def _stacked(columns: list[Floats], rows: int) -> Floats:
    return np.column_stack(columns) if columns else np.empty((rows, 0))
