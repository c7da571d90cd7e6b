"""The starter segments by kind of business, the most telling first.

Thresholds are relative wherever the data can say what is much: the RFM map compares people with
each other, the lifecycle and `spend_change` compare a person with their own past.
"""

from collections.abc import Mapping

from carpel.starters.recipe import Recipe
from carpel.starters.recipes.buying import BUYING, RHYTHM
from carpel.starters.recipes.feeling import FEELING, PEOPLE
from carpel.starters.recipes.holding import HOLDING, LEAVING, STAYING
from carpel.starters.recipes.using import COMPANIES, USING
from carpel.starters.recipes.visiting import VISITING

SETS: Mapping[str, tuple[Recipe, ...]] = {
    "shop": (*RHYTHM, *BUYING[:5], *COMPANIES, *BUYING[5:], *FEELING),
    "subscription": (
        *HOLDING,
        *LEAVING,
        *USING,
        *STAYING,
        *FEELING,
        *RHYTHM,
        *COMPANIES,
        *BUYING,
    ),
    "venue": (
        VISITING[0],
        *HOLDING[:4],
        LEAVING[0],
        *RHYTHM,
        *VISITING[1:],
        *HOLDING[7:],
        LEAVING[1],
        *STAYING,
        *FEELING,
    ),
    "people": (*RHYTHM[:4], *USING, *PEOPLE, *COMPANIES, *FEELING),
}
