"""Rules over tables: atoms, sets, SQL, explanations. The only evaluator there is."""

from carpel.evaluation.evaluator import Evaluator
from carpel.evaluation.explain import Explanation, Preview
from carpel.evaluation.sets import Sets

__all__ = ["Evaluator", "Explanation", "Preview", "Sets"]
