"""Drawings of groups: letters never cover each other, what is taken is seen, all is told."""

import re
from xml.etree import ElementTree

import pytest

from carpel.reports.dots import RADIUS, criteria, profile

TRIED = [
    {"groups": k, "parted": 0.5 - k / 20, "told": k / 3, "again": None if k > 3 else 0.9,
     "smallest": 90, "taken": k == 3, "why": "taken" if k == 3 else "they tell less of people"}
    for k in (2, 3, 4, 5)
]  # fmt: skip
LIKE = [
    {"label": "Spend <b>", "at": {"A": 0.01, "B": 0.0, "C": 0.02, "D": -1.5}},
    {"label": "Visits", "at": {"A": 9.0, "B": -9.0, "C": 0.5, "D": 0.0}},
]


@pytest.mark.parametrize("width", [320, 900])
def test_letters_do_not_cover_each_other_and_stay_inside(width):
    drawn = ElementTree.fromstring(profile(LIKE, width=width, mark="m"))
    dots = [
        (float(each.get("cx")), float(each.get("cy")))
        for each in drawn.iter("{http://www.w3.org/2000/svg}circle")
    ]
    assert len(dots) == 8
    for at, (x, y) in enumerate(dots):
        assert RADIUS <= x <= width - RADIUS and RADIUS <= y <= float(drawn.get("height")) - RADIUS
        for left, top in dots[:at]:
            assert (x - left) ** 2 + (y - top) ** 2 >= (2 * RADIUS) ** 2 - 1
    told = drawn.find("{http://www.w3.org/2000/svg}desc").text
    assert "Spend <b>: A like everybody, B like everybody" in told and "A much higher" in told


@pytest.mark.parametrize("width", [320, 900])
def test_each_number_of_groups_is_a_dot_and_the_taken_one_is_larger(width):
    drawn = criteria(TRIED, width=width, mark="m")
    assert drawn.count("<circle") == 4 + 4 + 2
    assert len(re.findall(r'r="6"', drawn)) == 3
    assert "3 groups: taken; 4 groups: they tell less of people" in drawn
    ElementTree.fromstring(drawn)
