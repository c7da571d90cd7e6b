"""What is wrong with the data, counted, and a score a source; no data is changed here."""

from carpel.stages.quality.stage import Quality

__all__ = ["Quality"]
