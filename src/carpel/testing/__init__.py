"""Published kits: what people try their own rules, sources, engines and channels with."""

from carpel.testing.channel import Trial, check_channel
from carpel.testing.conformance.check import check_engine
from carpel.testing.timeline import Expected, Seen, Timeline

__all__ = ["Expected", "Seen", "Timeline", "Trial", "check_channel", "check_engine"]
