"""Groups of people in their traits, or the finding that there are none."""

from carpel.stats.clusters.criteria import Candidate
from carpel.stats.clusters.discovery import Discovery, discover
from carpel.stats.clusters.mapping import continued, renumbered
from carpel.stats.clusters.naming import Mark, marks, names
from carpel.stats.clusters.preparation import Note, Preparation, prepare
from carpel.stats.clusters.rules import Condition, Rule, rule
from carpel.stats.clusters.search import Plan
from carpel.stats.clusters.traits import Trait

__all__ = [
    "Candidate",
    "Condition",
    "Discovery",
    "Mark",
    "Note",
    "Plan",
    "Preparation",
    "Rule",
    "Trait",
    "continued",
    "discover",
    "marks",
    "names",
    "prepare",
    "renumbered",
    "rule",
]
