"""What is recommended: what goes with what somebody had, never what they had, or what all like."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from pyroaring import BitMap

from carpel.campaigns.desk import Desk
from carpel.campaigns.recommending import RECOMMENDED, recommend
from carpel.engine.query import query, table
from carpel.errors import NotFound
from carpel.specs import Recommend

from .conftest import NOW, known

COFFEE = [f"coffee {n}" for n in range(8)]
TEA = [f"tea {n}" for n in range(8)]
PEOPLE = 120


def purchases(seed: int = 1) -> list[dict[str, Any]]:
    """Half like coffee, half tea; everybody has milk, and nobody has anything of both."""
    random, rows = Random(seed), []
    for key in range(1, PEOPLE + 1):
        mine = random.sample(COFFEE if key % 2 else TEA, 4)
        rows += [_row(key, each, random.randint(1, 50)) for each in ["milk", *mine]]
    return rows


def _row(key: int, item: str, days: float) -> dict[str, Any]:
    at = (NOW - timedelta(days=days)).replace(tzinfo=None)
    return {"customer": key, "at": at, "product_id": item, "name": item.upper()}


@pytest.fixture
def found(desk_of: Callable[..., Desk]) -> Callable[..., dict[int, list[str]]]:
    def of(
        rows: Sequence[dict[str, Any]], people: Sequence[int], segment: Any = None, **said: Any
    ) -> dict[int, list[str]]:
        desk = desk_of(known(*range(1, PEOPLE + 20)), purchases=rows)
        inside = BitMap(segment if segment is not None else range(1, PEOPLE + 20))
        recommend(desk, Recommend(**said), BitMap(people), inside)
        listed = desk.engine.rows(query("SELECT * FROM :t", t=table(RECOMMENDED)))
        assert "rec_had" not in desk.engine.tables()
        return dict(listed)

    return of


def test_what_goes_with_what_they_had_and_never_what_they_had(found):
    rows = purchases()
    had: dict[int, set[str]] = {}
    for row in rows:
        had.setdefault(row["customer"], set()).add(row["product_id"])
    for key, things in found(rows, range(1, PEOPLE + 1)).items():
        assert len(things) == len(set(things)) == 3
        assert not set(things) & had[key]
        assert set(things) <= set(COFFEE if key % 2 else TEA), key


def test_who_had_nothing_gets_what_all_like_and_the_segment_most(found):
    rows = purchases() + [_row(key, "cups", 5) for key in range(1, 60)]
    newcomer = PEOPLE + 5
    assert found(rows, [newcomer])[newcomer][:2] == ["milk", "cups"]
    of_tea = found(rows, [newcomer], segment=range(2, PEOPLE, 2), count=6)[newcomer]
    assert of_tea[0] == "milk" and sum(each in TEA for each in of_tea) >= 4


def test_some_things_only_and_some_never(found):
    rows = purchases()
    only = found(rows, [1, 2], where={"product_id": {"in": TEA}}, count=8)
    assert set(only[1]) == set(TEA) and set(only[2]) < set(TEA)
    never = found(rows, [2], never=tuple(TEA[:4]), count=20)[2]
    assert not set(never) & set(TEA[:4])
    assert found(rows, [1], show="name")[1][0].startswith("COFFEE")


def test_again_after_a_while(found):
    rows = [_row(key, "filters", 90) for key in range(1, 40)]
    assert found(rows, [1])[1] == []
    assert found(rows, [1], again_after="3 months")[1] == []
    assert found(rows, [1], again_after="2 months")[1] == ["filters"]


def test_too_few_and_too_old_and_to_come_count_for_nothing(found):
    rows = [_row(key, "rare", 5) for key in range(1, 5)]
    rows += [_row(key, "old", 800) for key in range(1, 40)]
    rows += [_row(key, "to come", -3) for key in range(1, 40)]
    assert found(rows, [77]) == {77: []}


def test_what_is_not_there_is_named(found):
    with pytest.raises(NotFound, match="'colour'"):
        found(purchases(), [1], of="colour")
