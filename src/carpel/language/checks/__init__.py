"""What can be said about a rule before it runs: misfits, contradictions, idle clauses, cost."""

from carpel.language.checks.cost import Cost, cost
from carpel.language.checks.meaning import mistakes
from carpel.language.checks.vocabulary import Finding, Vocabulary

__all__ = ["Cost", "Finding", "Vocabulary", "cost", "mistakes"]
