"""Clusters made edge by edge, the strongest first, that never hold what must stay apart."""

from collections import defaultdict
from collections.abc import Iterable

Pair = tuple[int, int]


def agglomerate(
    edges: Iterable[Pair],
    apart: Iterable[Pair],
    keys: Iterable[tuple[int, str, str]] = (),
    backed: Iterable[tuple[int, int, str]] = (),
) -> dict[int, int]:
    """Join nodes along edges, in their order, unless the joined cluster held a pair kept apart.

    Nor are two clusters joined that hold different `keys` (node, kind, value) of one kind, unless
    a pair `backed` for that kind, one of each, says that who has them is one all the same.
    Gives the cluster (its smallest node) of every node that an edge names.
    """
    clusters = _Clusters(apart, keys, backed)
    for a, b in edges:
        clusters.join(a, b)
    return {node: clusters.root(node) for node in list(clusters.parent)}


class _Clusters:
    """A union-find whose clusters know their enemies, their keys and who backs their union."""

    def __init__(
        self,
        apart: Iterable[Pair],
        keys: Iterable[tuple[int, str, str]],
        backed: Iterable[tuple[int, int, str]],
    ) -> None:
        self.parent: dict[int, int] = {}
        self.enemies: defaultdict[int, set[int]] = defaultdict(set)
        self.keys: defaultdict[int, dict[str, set[str]]] = defaultdict(dict)
        self.backed: defaultdict[int, dict[int, set[str]]] = defaultdict(dict)
        for a, b in apart:
            self.enemies[a].add(b)
            self.enemies[b].add(a)
        for node, kind, value in keys:
            self.keys[node].setdefault(kind, set()).add(value)
        for a, b, kind in backed:
            self.backed[a].setdefault(b, set()).add(kind)
            self.backed[b].setdefault(a, set()).add(kind)

    def root(self, node: int) -> int:
        """The smallest node of its cluster."""
        self.parent.setdefault(node, node)
        while self.parent[node] != node:
            self.parent[node] = self.parent[self.parent[node]]
            node = self.parent[node]
        return node

    def join(self, a: int, b: int) -> None:
        """Make one cluster of those of two nodes, where nothing speaks against it."""
        low, high = sorted((self.root(a), self.root(b)))
        if low != high and high not in self.enemies[low] and self._one_by_keys(low, high):
            self.parent[high] = low
            self._inherit(low, high)

    def _one_by_keys(self, low: int, high: int) -> bool:
        mine, theirs = self.keys[low], self.keys[high]
        backed = self.backed[low].get(high, set())
        return all(mine[kind] == theirs[kind] or kind in backed for kind in mine.keys() & theirs)

    def _inherit(self, low: int, high: int) -> None:
        for enemy in self.enemies.pop(high, set()):
            self.enemies[enemy].discard(high)
            self.enemies[enemy].add(low)
            self.enemies[low].add(enemy)
        for kind, values in self.keys.pop(high, {}).items():
            self.keys[low].setdefault(kind, set()).update(values)
        for other, kinds in self.backed.pop(high, {}).items():
            del self.backed[other][high]
            if other != low:
                self.backed[other].setdefault(low, set()).update(kinds)
                self.backed[low].setdefault(other, set()).update(kinds)
