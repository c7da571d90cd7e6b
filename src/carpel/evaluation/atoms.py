"""Atoms of leaves, with comparisons of people with each other frozen to thresholds."""

from collections.abc import Mapping
from dataclasses import replace

from pyroaring import BitMap

from carpel.engine.query import column, query
from carpel.evaluation.bitmaps import bitmap
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.measures import Atom, atom
from carpel.evaluation.relative import Ranges, frozen
from carpel.evaluation.scans import scan
from carpel.language import Comparison, Did, Node, RuleError, to_data
from carpel.store.files import digest


class Atoms:
    """Gives the atom of each leaf over one build.

    A threshold is worked out once and kept, by the digest of its leaf.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        universe: BitMap,
        thresholds: Mapping[str, Ranges] | None = None,
    ) -> None:
        self.catalogue, self.universe = catalogue, universe
        self.thresholds = dict(thresholds or {})

    def of(self, leaf: Node, family: str = "event") -> Atom:
        """The atom of a leaf; raises NotFound or RuleError when the data does not offer it."""
        found = atom(leaf, self.catalogue, family)
        if not found.relative:
            return found
        key = digest(to_data(leaf))
        if key not in self.thresholds:
            everybodys = found if family == "event" else atom(leaf, self.catalogue)
            self.thresholds[key] = self._frozen(everybodys)
        return replace(found, comparison=self.thresholds[key])

    def of_one(self, leaf: Node) -> Atom:
        """The same, by the layout that is quickest for one customer."""
        return self.of(
            leaf, self.catalogue.family(leaf.event) if isinstance(leaf, Did) else "event"
        )

    def _frozen(self, each: Atom) -> Ranges:
        if each.measure.kind not in ("integer", "number"):
            raise RuleError("people are compared with each other by numbers only")
        assert isinstance(each.comparison, Comparison)
        rows = self.catalogue.engine.fetch(
            query(
                "SELECT customer, CAST(:it AS DOUBLE) AS value FROM :rows AS r",
                it=column("value"),
                rows=scan({"value": each.measure}, self.catalogue),
            )
        )
        there = rows.column("customer").to_pylist()
        values = [
            value
            for key, value in zip(there, rows.column("value").to_pylist(), strict=True)
            if value is not None and key in self.universe
        ]
        if each.nothing is not None:
            values += [float(each.nothing)] * len(self.universe - bitmap(rows.column("customer")))
        return frozen(each.comparison, sorted(values))
