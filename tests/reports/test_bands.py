"""Bands are told from the lowest up."""

import random

import pytest

from carpel.reports.bands import in_order

ORDERED = [
    ["19-24", "25-34", "35-44", "45-54", "55-64", "65+"],
    ["under 18", "18 to 25", "26 to 100", "over 100"],
    ["Under 15K", "15-24K", "25-34K", "100-124K", "250K+", "1.5M+"],
    ["None/Unknown", "1", "2", "3+"],
    ["< 5", "5-9", "10-99", "1,000 or more"],
    ["Monday", "Tuesday", "Sunday"],
    ["low", "medium", "high"],
]


@pytest.mark.parametrize("bands", ORDERED, ids=lambda bands: bands[0])
def test_bands_stand_from_the_lowest_up(bands: list[str]) -> None:
    for seed in range(5):
        assert in_order(random.Random(seed).sample(bands, len(bands))) == bands


@pytest.mark.parametrize("values", [["Berlin", "Rome"], ["yes", "no"], ["18-24", "retired"]])
def test_names_have_no_order(values: list[str]) -> None:
    assert in_order(values) is None
