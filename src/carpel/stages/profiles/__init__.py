"""Profiles: the catalogue of traits, and the stage that computes what the data allows."""

from carpel.stages.profiles.earlier import as_known
from carpel.stages.profiles.stage import Profiles

__all__ = ["Profiles", "as_known"]
