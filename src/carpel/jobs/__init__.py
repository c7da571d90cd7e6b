"""What is done by itself: when it is due, and that it is done once."""

from carpel.jobs.schedule import latest, upcoming
from carpel.jobs.work import Deed, work

__all__ = ["Deed", "latest", "upcoming", "work"]
