"""Answers to a survey's items, to scales: reliability, number of factors, loadings, scores."""

from carpel.stats.survey.factors import Factors, factors
from carpel.stats.survey.items import Answers, answers
from carpel.stats.survey.number import Number, number_of_factors
from carpel.stats.survey.reliability import Reliability, correlations, reliability
from carpel.stats.survey.scale import Scale, scale
from carpel.stats.survey.structure import Structure, structure

__all__ = [
    "Answers",
    "Factors",
    "Number",
    "Reliability",
    "Scale",
    "Structure",
    "answers",
    "correlations",
    "factors",
    "number_of_factors",
    "reliability",
    "scale",
    "structure",
]
