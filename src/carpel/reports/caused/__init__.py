"""What campaigns and other experiments caused, in words, figures and pictures."""

from carpel.reports.caused.caused import Caused, Version
from carpel.reports.caused.read import caused

__all__ = ["Caused", "Version", "caused"]
