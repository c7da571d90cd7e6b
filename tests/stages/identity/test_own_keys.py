"""Two own keys of one system are two people: a third record alike to both does not join them."""

import random
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from carpel.stages.base import Line
from carpel.stages.identity import Identity
from carpel.stages.identity.agglomeration import agglomerate
from carpel.store.builds import Build
from carpel.testing.line import CLOCK, entries, line_with, read, take
from carpel.testing.people import RECORDED, population

COLUMNS = {**RECORDED, "crm": "id_crm_id", "shop": "id_customer_id"}
NORA = {"first_name": "Nora", "last_name": "Quistorp", "city": "Wien"}
FIRST = {
    **NORA,
    "shop": "K1",
    "email": "n.quistorp@one.example",
    "street": "Lindengasse",
    "house_number": "12",
    "postcode": "1070",
}
SECOND = {**NORA, "shop": "K2", "email": "sunflower@two.example", "birth_date": "1981-03-09"}
THIRD = {**FIRST, "shop": None, "email": None, "crm": "C9", "birth_date": "1981-03-09"}


def known(people: int, seed: int) -> list[dict[str, Any]]:
    """Entries of two systems, each with its system's own key."""
    systems = population(people, seed=seed).systems.items()
    return [
        {**row, system: f"{system}{row['entry']}"}
        for system, entries in systems
        for row in entries.to_pylist()
    ]


def night(folder: Path, rows: list[dict[str, Any]], before: Line | None = None) -> Line:
    line = line_with(folder, {"records": entries(rows, COLUMNS)})
    if before is not None:
        line.parent = Build("before", None, CLOCK, CLOCK, before.parts)
    return take(line, [Identity()])


def customers(line: Line) -> dict[int, int]:
    return {row["ref"]: row["customer"] for row in read(line, "identities")}


@pytest.mark.slow
def test_a_row_alike_to_two_customers_joins_one_of_them_alone(tmp_path: Path) -> None:
    pytest.importorskip("splink")
    rows = [*known(300, seed=11), FIRST, SECOND, THIRD]
    line = night(tmp_path, rows)
    assert line.parts["identity"].notes["probabilistic"] == "done"
    third = len(rows)
    first, second = third - 2, third - 1
    found = customers(line)
    assert found[first] != found[second]
    assert found[third] == found[first]
    assert len(set(found.values())) < 0.7 * len(rows)


@pytest.mark.slow
def test_nor_does_a_row_that_joined_one_of_them_the_night_before(tmp_path: Path) -> None:
    pytest.importorskip("splink")
    rows = [*known(300, seed=11), FIRST, THIRD]
    before = night(tmp_path, rows)
    after = customers(night(tmp_path, [*rows, SECOND], before))
    first, third, second = len(rows) - 1, len(rows), len(rows) + 1
    assert customers(before)[third] == customers(before)[first]
    assert {ref: after[ref] for ref in customers(before)} == customers(before)
    assert after[third] == after[first] != after[second]


Edge = tuple[int, int]


def drawn(chance: random.Random, count: int) -> list[Edge]:
    pairs = ((chance.randint(1, 14), chance.randint(1, 14)) for _ in range(count))
    return [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]]


def held(
    labels: dict[int, int], keys: Iterable[tuple[int, str, str]]
) -> dict[tuple[int, str], dict[int, str]]:
    """Who holds which key of a kind, by cluster and kind."""
    found: defaultdict[tuple[int, str], dict[int, str]] = defaultdict(dict)
    for node, kind, value in keys:
        found[labels.get(node, node), kind][node] = value
    return found


@pytest.mark.parametrize("seed", range(40))
def test_no_cluster_holds_two_own_keys_of_one_system(seed: int) -> None:
    chance = random.Random(seed)
    keys = [(n, kind, str(n)) for n in range(1, 15) for kind in "ab" if chance.random() < 0.4]
    edges = drawn(chance, 25)
    labels = agglomerate(edges, [], keys)
    clusters = held(labels, keys)
    assert all(len(set(holders.values())) == 1 for holders in clusters.values())
    kinds = {cluster: {k for c, k in clusters if c == cluster} for cluster, _ in clusters}
    for a, b in edges:
        one, other = labels[a], labels[b]
        assert one == other or kinds.get(one, set()) & kinds.get(other, set()), "needlessly two"


@pytest.mark.parametrize("seed", range(40))
def test_two_own_keys_in_a_cluster_are_backed_by_those_who_hold_them(seed: int) -> None:
    chance = random.Random(seed)
    keys = [(n, kind, str(n)) for n in range(1, 15) for kind in "ab" if chance.random() < 0.4]
    edges = drawn(chance, 25)
    having = {(node, kind) for node, kind, _ in keys}
    backed = [
        (a, b, kind) for a, b in edges[::2] for kind in "ab" if {(a, kind), (b, kind)} <= having
    ]
    clusters = held(agglomerate(edges, [], keys, backed), keys)
    for (_, kind), holders in clusters.items():
        pairs = [(a, b) for a, b, k in backed if k == kind and a in holders and b in holders]
        assert len(set(agglomerate(pairs, []).values())) == (1 if len(holders) > 1 else 0)
        assert len(holders) == 1 or {n for pair in pairs for n in pair} == set(holders)
