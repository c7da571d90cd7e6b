"""The stage `predictions`: what people will do, as traits, with a card for each model."""

from carpel.stages.predictions.stage import Predictions

__all__ = ["Predictions"]
