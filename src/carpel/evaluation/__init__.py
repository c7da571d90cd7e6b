"""Rules over tables: atoms, sets, SQL, explanations. The only evaluator there is."""

from carpel.evaluation.accounts import AccountEvaluator
from carpel.evaluation.change import Change
from carpel.evaluation.evaluator import Evaluator
from carpel.evaluation.explain import Explanation, Preview
from carpel.evaluation.sets import Sets

__all__ = ["AccountEvaluator", "Change", "Evaluator", "Explanation", "Preview", "Sets"]
