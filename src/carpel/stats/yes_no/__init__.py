"""Whether a named thing will happen to somebody: calibrated chances with their reasons.

Numbers in, numbers out. A column is what was known of each person before.
"""

from carpel.stats.yes_no.calibration import Said
from carpel.stats.yes_no.card import ModelCard, Weight
from carpel.stats.yes_no.columns import Column, categories, numbers
from carpel.stats.yes_no.judging import Judged
from carpel.stats.yes_no.leaks import LeftOut
from carpel.stats.yes_no.learning import Learned, learn
from carpel.stats.yes_no.model import Model
from carpel.stats.yes_no.reasons import Reason

__all__ = [
    "Column",
    "Judged",
    "Learned",
    "LeftOut",
    "Model",
    "ModelCard",
    "Reason",
    "Said",
    "Weight",
    "categories",
    "learn",
    "numbers",
]
