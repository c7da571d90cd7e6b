"""Codes in the ledger: each is one person's, and stays theirs through threads, copies, erasure."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from sqlalchemy import insert, select

from carpel.errors import StoreError
from carpel.store import schema
from carpel.store.coupons import assign, codes_of, forget, given, keep, standing, without
from carpel.store.deliveries import Claim
from carpel.store.ledger_copy import copied, merged
from carpel.store.store import Store

from .conftest import START


def people(start: int, end: int) -> list[Claim]:
    return [Claim(f"hash {n}", n, "ab"[n % 2]) for n in range(start, end)]


def give(store: Store, some: list[Claim], campaign: str = "spring") -> dict[str, str]:
    return assign(store.ledger, "tea", campaign, some, START)


@pytest.fixture
def full(store: Store) -> Store:
    assert keep(store.ledger, "tea", (f"c{n}" for n in count()), 1_000) == 1_000
    return store


def test_who_asks_again_gets_the_same_and_nobody_elses(full: Store):
    first = give(full, people(0, 10))
    assert sorted(first.values()) == sorted(f"c{n}" for n in range(10))
    assert give(full, people(5, 15)) | first == give(full, people(0, 15))
    other = give(full, people(0, 10), "autumn")
    assert not set(other.values()) & set(give(full, people(0, 15)).values())
    assert without(full.ledger, "tea", "spring") == {"free": 975, "given": 15}


def test_many_at_once_get_one_each(full: Store):
    with ThreadPoolExecutor(4) as pool:
        parts = [people(at, at + 150) for at in range(0, 900, 75)] * 2
        found: dict[str, set[str]] = {}
        for got in pool.map(lambda part: give(full, part), parts):
            for address, code in got.items():
                found.setdefault(address, set()).add(code)
    assert all(len(each) == 1 for each in found.values()) and len(found) == 975
    assert len(set.union(*found.values())) == 975


def test_each_occasion_brings_another_code_and_each_step_of_one_the_same(full: Store):
    first, second = (Claim("hash 0", 0, "a", each) for each in ("2026", "2027"))
    codes = [give(full, [each])["hash 0"] for each in (first, second, first, second)]
    assert codes == ["c0", "c1", "c0", "c1"]


def test_where_too_few_are_left_some_go_without(full: Store):
    assert len(give(full, people(0, 1_200))) == 1_000
    assert give(full, people(1_100, 1_200)) == {}
    assert standing(full.ledger) == {"tea": {"codes": 1_000, "given": 1_000}}


def test_codes_are_kept_once_whatever_their_case(store: Store):
    codes: Iterator[str] = iter(["Tea1", "TEA1", "tea2", "Tea2", "x"])
    assert keep(store.ledger, "tea", codes) == 3
    assert keep(store.ledger, "tea", iter(["tEA1", "y"])) == 1
    assert keep(store.ledger, "cups", iter(["tea1"])) == 1
    assert [each.upper() for each in codes_of(store.ledger, "tea")] == ["TEA1", "TEA2", "X", "Y"]


def test_the_database_itself_refuses_a_second_code(full: Store):
    give(full, people(0, 1))
    row = {"coupon": "tea", "folded": "NEW", "code": "new", "number": 5_000}
    with pytest.raises(StoreError), full.ledger.write() as connection:
        twice = {**row, "campaign": "spring", "address": "hash 0", "occasion": ""}
        connection.execute(insert(schema.coupons).values(twice))


def test_copies_bring_codes_back_and_never_free_one(full: Store):
    give(full, people(0, 3))
    before = copied(full.ledger)
    give(full, people(3, 6))
    with full.ledger.write() as connection:
        merged(connection, before)
    assert [each.customer for each in given(full.ledger, "spring")] == list(range(6))
    with full.ledger.write() as connection:
        connection.execute(schema.coupons.delete())
        merged(connection, before)
    assert [each.customer for each in given(full.ledger, "spring")] == list(range(3))
    assert give(full, people(0, 1)) == {"hash 0": "c0"}


def test_who_is_forgotten_leaves_a_code_nobody_else_gets(full: Store):
    give(full, people(0, 3))
    with full.ledger.write() as connection:
        forget(connection, [0], ["hash 1"])
    assert [each.customer for each in given(full.ledger, "spring")] == [None, None, 2]
    with full.ledger.read() as connection:
        left = set(connection.execute(select(schema.coupons.c.address)).scalars())
    assert not left & {"hash 0", "hash 1"} and "hash 2" in left
    assert set(give(full, people(0, 2)).values()) == {"c3", "c4"}
