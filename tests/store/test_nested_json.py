"""JSON off the stack is the JSON that there would be on it."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from carpel.store.nested import _pieces, dumps

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(
    LEAVES, lambda each: st.lists(each) | st.dictionaries(st.text(), each), max_leaves=30
)


@given(VALUES)
def test_it_is_what_json_writes(value: Any) -> None:
    assert "".join(_pieces(value)) == json.dumps(value, sort_keys=True, ensure_ascii=False)


def test_depth_is_no_limit() -> None:
    deep: Any = "é"
    for _ in range(20_000):
        deep = {"not": [deep]}
    assert dumps(deep) == '{"not": [' * 20_000 + '"é"' + "]}" * 20_000
