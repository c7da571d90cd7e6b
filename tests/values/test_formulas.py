"""No cell runs in a spreadsheet, and every text comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.values.formulas import DANGEROUS, guarded, harmless, unguarded

TEXTS = st.text(st.sampled_from("'=+-@\t\ra1 "), max_size=6)


@given(TEXTS)
def test_what_is_guarded_is_harmless_and_comes_back(text):
    assert not guarded(text).startswith(DANGEROUS)
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["Ada", "", "o'Neil", "'tis", "1+1"])
def test_other_text_stays(text):
    assert guarded(text) == unguarded(text) == text


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("+4915112345678", "+4915112345678"),
        ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
        ("=1+1", "'=1+1"),
        ("+", "'+"),
        (None, None),
        (-5, -5),
    ],
)
def test_a_phone_number_and_a_number_are_no_formulas(cell, written):
    assert harmless(cell) == written
