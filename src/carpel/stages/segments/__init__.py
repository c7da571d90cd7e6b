"""Who belongs where: segmentations first, then segments."""

from carpel.stages.segments.segmentations import Segmentations

__all__ = ["Segmentations"]
