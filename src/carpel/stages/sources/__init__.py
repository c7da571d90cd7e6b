"""The first stage: what sources say, row by row accounted for."""

from carpel.stages.sources.stage import Sources

__all__ = ["Sources"]
