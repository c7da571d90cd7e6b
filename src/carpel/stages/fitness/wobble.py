"""What rules that compare people with each other would say, had chance brought other people.

Thresholds follow from the people there are: the best tenth, scores from 1 to 5. Each draw takes
the people again, each as often as luck will have it (the bootstrap of Efron 1979; for ranks its
smooth form, Rubin 1981, whose cumulative weights are gaps of a Dirichlet), sets the thresholds
anew and judges the same people by them.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from carpel.engine.query import query, table
from carpel.evaluation import Evaluator, Sets
from carpel.evaluation.algebra import Algebra
from carpel.evaluation.bitmaps import bitmap
from carpel.evaluation.comparisons import RELATIVE
from carpel.evaluation.leaves import all_leaves, plainly
from carpel.evaluation.relative import frozen
from carpel.language import Node, People, SegmentationRef, SegmentRef, Trait
from carpel.specs import Rfm
from carpel.specs.rfm_groups import groups
from carpel.specs.standings import OTHER
from carpel.stages.fitness.ground import Ground
from carpel.stages.fitness.people import drawn
from carpel.stats.tails import Floats

DRAWS = 20
PEOPLE = 20_000
"""People who are judged anew in each draw; the thresholds are those of everybody."""
SEED = 20
"""So that the same data gives the same answer."""
FEWEST = 20
"""People who are compared with each other, for this to be looked at."""


class Wobble:
    """Draws people anew, for one build."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._draws: dict[str, list[BitMap] | None] = {}
        self._places: dict[str, dict[str, list[BitMap]]] = {}

    @cached_property
    def universe(self) -> BitMap:
        """The people who are judged."""
        return drawn(self.ground.everybody, PEOPLE)

    @cached_property
    def evaluator(self) -> Evaluator:
        """For clauses that do not wobble."""
        line = self.ground.line
        own = {name: rule for name, rule in self.ground.rules.items() if "." not in name}
        return Evaluator(
            line.engine, as_of=line.moment, zone=line.zone, segments=own, stored=self.ground.sets
        )

    def likenesses(self, segment: str) -> list[float]:
        """By draw: people in both, of those in either; none for a rule of fixed limits."""
        draws = self.draws(segment)
        if draws is None:
            return []
        now = self.ground.sets[segment] & self.universe
        return [
            now.intersection_cardinality(each) / len(now | each) if now or each else 1.0
            for each in draws
        ]

    def draws(self, segment: str) -> list[BitMap] | None:
        """Who would be in, by draw; None when that is fixed, or the rule is not known."""
        if segment not in self._draws:
            self._draws[segment] = None
            rule = self.ground.rules.get(segment)
            self._draws[segment] = self._of(rule) if rule is not None else None
        return self._draws[segment]

    def _of(self, rule: Node) -> list[BitMap] | None:
        wobbling = {leaf: found for leaf in all_leaves(rule) if (found := self._leaf(leaf))}
        if not wobbling:
            return None
        fixed = {
            plainly(leaf): self._fixed(leaf)
            for leaf in all_leaves(rule)
            if leaf not in wobbling and not isinstance(leaf, People)
        }
        segments = {leaf.segment for leaf in all_leaves(rule) if isinstance(leaf, SegmentRef)}
        members = {name: self.ground.sets.get(name, BitMap()) for name in segments}
        return [self._judged(rule, at, wobbling, fixed, members) for at in range(DRAWS)]

    def _judged(
        self,
        rule: Node,
        at: int,
        wobbling: dict[Node, list[Sets]],
        fixed: dict[Node, Sets],
        members: dict[str, BitMap],
    ) -> BitMap:
        drawn_now = {plainly(leaf): each[at] for leaf, each in wobbling.items()}
        moved = {
            leaf.segment: each[at].yes
            for leaf, each in wobbling.items()
            if isinstance(leaf, SegmentRef)
        }
        algebra = Algebra(self.universe, {**fixed, **drawn_now}, {**members, **moved})
        return algebra.sets(rule).yes & self.universe

    def _fixed(self, leaf: Node) -> Sets:
        if isinstance(leaf, SegmentationRef):
            sets = (self.ground.sets.get(f"{leaf.segmentation}.{p}", BitMap()) for p in leaf.places)
            return Sets(BitMap.union(BitMap(), *sets), BitMap())
        if isinstance(leaf, SegmentRef) and leaf.since is None:
            return Sets(self.ground.sets.get(leaf.segment, BitMap()), BitMap())
        return self.evaluator.sets(plainly(leaf))

    def _leaf(self, leaf: Node) -> list[Sets]:
        """The sets of a clause by draw; none when it does not wobble."""
        match leaf:
            case SegmentRef(segment, None):
                return [Sets(each, BitMap()) for each in self.draws(segment) or ()]
            case SegmentationRef(segmentation, places):
                return self._placed(segmentation, places)
            case Trait(_, comparison) if comparison.operator in RELATIVE:
                return self._compared(leaf)
        return []

    def _placed(self, segmentation: str, places: Sequence[str]) -> list[Sets]:
        """Places of an RFM map; nobody comes to those that no score leads to, by whatever luck."""
        of = self._rfm(segmentation)
        if of.keys().isdisjoint(places):
            return []
        stored = {
            p: [self.ground.sets.get(f"{segmentation}.{p}", BitMap())] * DRAWS for p in places
        }
        draws = zip(*(of.get(p, stored[p]) for p in places), strict=True)
        return [Sets(BitMap.union(BitMap(), *each), BitMap()) for each in draws]

    def _compared(self, leaf: Trait) -> list[Sets]:
        fact = self.evaluator.catalogue.trait(leaf.trait)
        found = self.ground.engine.fetch(
            query(
                """SELECT customer, CAST(:it AS DOUBLE) AS value FROM :t
                   WHERE :it IS NOT NULL ORDER BY value""",
                it=fact.value,
                t=table(fact.table),
            )
        )
        keys, values = _column(found, "customer"), np.asarray(found.column("value").to_numpy())
        if len(values) < FEWEST:
            return []
        unknown = self.universe - bitmap(found.column("customer"))
        dice = np.random.default_rng(SEED)
        drawn_sets = []
        for _ in range(DRAWS):
            again = np.repeat(values, dice.poisson(1.0, len(values)))
            inside = np.zeros(len(values), bool)
            for start, end in frozen(leaf.comparison, cast("Sequence[float]", again)).spans:
                low = -np.inf if start is None else start
                high = np.inf if end is None else end
                inside |= (values >= low) & (values < high)
            drawn_sets.append(Sets(BitMap(keys[inside]), unknown))
        return drawn_sets

    def _rfm(self, segmentation: str) -> dict[str, list[BitMap]]:
        """Who would be in each place of an RFM map, by draw; none when its scores are fixed."""
        if segmentation not in self._places:
            spec = self.ground.line.definitions.segmentations.get(segmentation)
            home = f"rfm_{segmentation}"
            there = isinstance(spec, Rfm) and self.ground.line.table_files(home)
            self._places[segmentation] = (
                self._scored(spec, home) if there and isinstance(spec, Rfm) else {}
            )
        return self._places[segmentation]

    def _scored(self, spec: Rfm, home: str) -> dict[str, list[BitMap]]:
        cutoffs = (spec.recency_cutoffs, spec.frequency_cutoffs, spec.monetary_cutoffs)
        if all(cutoffs):
            return {}
        found = self.ground.engine.fetch(
            query(
                """SELECT customer, -recency_days AS recency, frequency::DOUBLE AS frequency,
                          monetary, r, f, m FROM :t WHERE r IS NOT NULL ORDER BY customer""",
                t=table(home),
            )
        )
        keys = _column(found, "customer")
        if len(keys) < FEWEST:
            return {}
        judged = np.isin(keys, np.frombuffer(self.universe.to_array(), np.uint32))
        figures = [
            (np.asarray(found.column(name).to_numpy(), np.float64), _column(found, score))
            for name, score in (("recency", "r"), ("frequency", "f"), ("monetary", "m"))
        ]
        ordered = [np.sort(values) for values, _ in figures]
        names, cube = _map(spec)
        dice = np.random.default_rng(SEED)
        places: dict[str, list[BitMap]] = {name: [] for name in names}
        for _ in range(DRAWS):
            scores = [
                stated[judged] if fixed else _scores(values[judged], all_values, dice)
                for (values, stated), all_values, fixed in zip(
                    figures, ordered, cutoffs, strict=True
                )
            ]
            at = cube[scores[0] - 1, scores[1] - 1, scores[2] - 1]
            for number, name in enumerate(names):
                places[name].append(BitMap(keys[judged][at == number]))
        return {name: each for name, each in places.items() if any(each)}


def _scores(values: Floats, ordered: Floats, dice: np.random.Generator) -> NDArray[np.int64]:
    """1 + the fifths that are wholly below, had each fifth a little more or less than its share."""
    n = len(ordered)
    limits = np.cumsum(dice.dirichlet(np.full(5, n / 5)))[:4]
    edges = ordered[np.clip(np.ceil(limits * n).astype(int) - 1, 0, n - 1)]
    return 1 + np.searchsorted(edges, values, side="left")


def _map(spec: Rfm) -> tuple[list[str], NDArray[np.int64]]:
    """Names of places, and for each three scores the number of the place they lead to."""
    named = groups(spec)
    names = [*dict.fromkeys(group.name for group in named), OTHER.name]
    cube = np.full((5, 5, 5), len(names) - 1)
    for r, f, m in np.ndindex(5, 5, 5):
        held = next((g.name for g in named if g.holds(r + 1, f + 1, m + 1)), OTHER.name)
        cube[r, f, m] = names.index(held)
    return names, cube


def _column(found: object, name: str) -> NDArray[np.int64]:
    return np.asarray(found.column(name).to_numpy(), np.int64)  # type: ignore[attr-defined]
