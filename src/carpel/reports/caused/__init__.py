"""What campaigns and other experiments caused, in words, figures and pictures."""

from carpel.reports.caused.caused import Caused, Version, caused

__all__ = ["Caused", "Version", "caused"]
