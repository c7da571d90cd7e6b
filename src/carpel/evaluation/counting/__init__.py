"""Tallies counted in memory, for engines that hand over rows as fast as they read them."""

from carpel.evaluation.counting.groups import counted as counted
from carpel.evaluation.counting.readings import countable as countable
