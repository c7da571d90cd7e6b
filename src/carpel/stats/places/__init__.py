"""Treatments of places: flyers by postcode, a fair at some branches. Numbers in, numbers out."""

from carpel.stats.places.changes import Change, difference_in_differences, smallest_seen
from carpel.stats.places.pairs import Matched, Pair, matched

__all__ = ["Change", "Matched", "Pair", "difference_in_differences", "matched", "smallest_seen"]
