"""Published kits: what people try their own rules, sources and engines with."""

from carpel.testing.conformance.check import check_engine
from carpel.testing.timeline import Expected, Seen, Timeline

__all__ = ["Expected", "Seen", "Timeline", "check_engine"]
