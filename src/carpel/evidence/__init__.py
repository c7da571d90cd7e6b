"""Sentences that stand on figures: none is there without them, none says more than they do."""

from carpel.evidence.checker import rejections
from carpel.evidence.figures import Evidence, Unsupported
from carpel.evidence.sentence import Sentence

__all__ = ["Evidence", "Sentence", "Unsupported", "rejections"]
