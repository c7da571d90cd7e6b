"""What begins a campaign for one person: found anew each time, in the current build.

An occasion found twice is the same one, so that it can be noted once. Whoever moved because a rule
was edited, records were joined or parted, or data was corrected, has no occasion.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from carpel.campaigns.beginning.dated import celebrated, dated
from carpel.campaigns.beginning.happened import happened
from carpel.campaigns.beginning.moved import moved
from carpel.campaigns.desk import Desk
from carpel.specs import Trigger
from carpel.store.occasions import Occasion

Found = Callable[[Desk, Trigger, datetime, datetime], Iterator[Occasion]]
_BY_CAUSE: Mapping[str, Found] = {
    "enters": moved,
    "leaves": moved,
    "event": happened,
    "date": dated,
    "holiday": celebrated,
}


def begun(desk: Desk, trigger: Trigger, after: datetime, until: datetime) -> list[Occasion]:
    """All occasions later than one moment and up to another, the first first, by today's keys.

    Raises NotFound or RuleError where this build does not have what the trigger speaks of.
    """
    found = _BY_CAUSE[trigger.cause](desk, trigger, after, until)
    return sorted(found, key=lambda each: (each.at, each.customer))
