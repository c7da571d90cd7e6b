"""Answers to a survey's items, to scales: reliability, number of factors, loadings, scores."""

from carpel.stats.survey.factors import Factors, factors
from carpel.stats.survey.number import Number, number_of_factors
from carpel.stats.survey.reliability import Reliability, correlations, reliability

__all__ = [
    "Factors",
    "Number",
    "Reliability",
    "correlations",
    "factors",
    "number_of_factors",
    "reliability",
]
