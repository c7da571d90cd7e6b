"""Ways to part people, held against what they did afterwards. Numbers in, numbers out."""

from carpel.stats.ways.choosing import Choice, choose
from carpel.stats.ways.judging import Judged, Parting, Seen, fixed, judge
from carpel.stats.ways.trees import Feature, tree

__all__ = ["Choice", "Feature", "Judged", "Parting", "Seen", "choose", "fixed", "judge", "tree"]
