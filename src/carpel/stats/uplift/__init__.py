"""Whom a treatment moves, which offer is next, which price: numbers in, numbers out.

Whether a score is any better than lot is told by people it was not learned from.
"""

from carpel.stats.uplift.curves import Curve, auuc, qini, qini_curve, uplift_at, uplift_curve
from carpel.stats.uplift.honest import Learned, Model, UpliftCard, learn
from carpel.stats.uplift.learners import T, X
from carpel.stats.uplift.offers import Advice, Offer, Tried, next_best
from carpel.stats.uplift.prices import AtPrice, PriceArm, at_prices
from carpel.stats.uplift.unseen import Band, Measured, Real

__all__ = [
    "Advice",
    "AtPrice",
    "Band",
    "Curve",
    "Learned",
    "Measured",
    "Model",
    "Offer",
    "PriceArm",
    "Real",
    "T",
    "Tried",
    "UpliftCard",
    "X",
    "at_prices",
    "auuc",
    "learn",
    "next_best",
    "qini",
    "qini_curve",
    "uplift_at",
    "uplift_curve",
]
