"""Keys that are flagged, as roaring bitmaps: what adding them one by one gives."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from carpel.evaluation.bitmaps import FEW, bitmap, flagged, from_bytes, to_bytes

CONTAINER = 1 << 16


def _flagged(keys: np.ndarray, flags: np.ndarray) -> BitMap:
    found = flagged(keys.astype(np.uint32), flags)
    assert found == BitMap(keys[flags].tolist())
    assert from_bytes(to_bytes(found)) == found
    return found


@pytest.mark.parametrize("many", [0, 1, FEW - 1, FEW, FEW + 1, CONTAINER - 1, CONTAINER])
@pytest.mark.parametrize("begin", [0, 1, CONTAINER - 1, CONTAINER, 3 * CONTAINER + 5])
def test_containers_of_a_few_and_of_many_keys(many: int, begin: int) -> None:
    keys = np.arange(begin, begin + CONTAINER + 9)
    assert len(_flagged(keys, np.arange(len(keys)) < many)) == many
    assert len(_flagged(keys, np.arange(len(keys)) >= len(keys) - many)) == many


def test_keys_at_the_edges_of_containers() -> None:
    edges = np.array([CONTAINER * at + near for at in (1, 2, 3) for near in (-2, -1, 0, 1)])
    _flagged(edges, np.ones(len(edges), bool))
    dense = np.arange(3 * CONTAINER + 2)
    assert list(_flagged(dense, np.isin(dense, edges))) == sorted(edges)


def test_the_largest_key() -> None:
    keys = np.array([0, 2**32 - 1])
    assert list(_flagged(keys, np.array([True, True]))) == [0, 2**32 - 1]


@given(
    many=st.integers(0, 3 * CONTAINER),
    share=st.sampled_from([0.001, 0.06, FEW / CONTAINER, 0.07, 0.5, 0.999]),
    apart=st.sampled_from([1, 2, 15, 16, 17, 1000]),
    seed=st.integers(0, 9),
)
@settings(max_examples=30, deadline=None)
def test_any_keys_and_flags(many: int, share: float, apart: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    keys = np.cumsum(random.integers(1, 2 * apart, many))
    _flagged(keys, random.random(many) < share)


def test_columns_in_parts_with_nulls_and_slices() -> None:
    column = pa.chunked_array([pa.array([5, None, 1]), pa.array([9, 70_000, None, 3])[1:]])
    assert list(bitmap(column)) == [1, 3, 5, 70_000]
    assert list(bitmap(pa.array([], pa.int64()))) == []
