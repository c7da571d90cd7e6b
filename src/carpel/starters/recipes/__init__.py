"""The starter segments by kind of business, the most telling first.

Thresholds are relative wherever the data can say what is much: the RFM map compares people with
each other, the lifecycle and `spend_change` compare a person with their own past.
"""

from collections.abc import Mapping

from carpel.starters.recipe import Recipe
from carpel.starters.recipes.buying import BUYING, RHYTHM
from carpel.starters.recipes.feeling import FEELING, PEOPLE
from carpel.starters.recipes.holding import HOLDING, LEAVING, STAYING
from carpel.starters.recipes.visiting import VISITING

SETS: Mapping[str, tuple[Recipe, ...]] = {
    "shop": (*RHYTHM, *BUYING, *FEELING),
    "subscription": (*HOLDING, *LEAVING, *STAYING, *FEELING, *RHYTHM, *BUYING),
    "venue": (
        VISITING[0],
        *HOLDING[:4],
        LEAVING[0],
        *RHYTHM,
        *VISITING[1:],
        *HOLDING[5:],
        LEAVING[1],
        *STAYING,
        *FEELING,
    ),
    "people": (*PEOPLE, *FEELING),
}
