"""`carpel funnel`: how many did one thing, then the next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from pyroaring import BitMap

from carpel.errors import CarpelError, NotFound
from carpel.evaluation.funnel import funnel as gone
from carpel.evaluation.movements import EVERYBODY
from carpel.language.operands import HOURS
from carpel.language.periods import period
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session


@dataclass(frozen=True)
class Step:
    """One step among some people: how many got so far, and which share of those who began
    (`of_first`) and of those who got to the step before (`of_before`); None of nobody."""

    segment: str
    segment_label: str
    event: str
    people: int
    of_first: float | None
    of_before: float | None


def funnel(
    session: Session, events: Sequence[str], within: str | None, by: str | None
) -> list[Step]:
    """Everybody, then each place of a set of segments or one segment, by today's members.

    Raises NotFound for an event or segment there is none of, CarpelError for fewer than two steps
    or a time that is none or has no fixed length.
    """
    if len(events) < 2:
        raise CarpelError(
            "A funnel has at least two steps.", action="carpel funnel page_viewed order_completed"
        )
    room = _room(within) if within else None
    with reading(session) as reader:
        catalogue = reader.evaluator.catalogue
        moment = reader.build.as_of.replace(tzinfo=None)
        steps = gone(catalogue, events, room, moment)
        groups = [(EVERYBODY, "everybody", None), *_groups(reader, by)]
        return [row for group in groups for row in _rows(events, steps, *group)]


def _room(said: str) -> timedelta:
    found = period(said)
    if found.unit not in HOURS:
        raise CarpelError(
            f"{said!r} is no time to go through it in.", action='Say --within "7 days" or hours.'
        )
    return timedelta(hours=HOURS[found.unit] * found.count)


def _groups(reader: Reader, by: str | None) -> list[tuple[str, str, BitMap]]:
    found = [each for each in reader.sets if by and each.partition(".")[0] == by]
    if by and not found:
        raise NotFound("segment or set of segments", by, {e.partition(".")[0] for e in reader.sets})
    return [(each, reader.labels.get(each, each), reader.sets[each]) for each in found]


def _rows(
    events: Sequence[str], steps: Sequence[BitMap], segment: str, label: str, of: BitMap | None
) -> Iterator[Step]:
    counts = [len(each if of is None else each & of) for each in steps]
    for at, (event, count) in enumerate(zip(events, counts, strict=True)):
        before = counts[max(at - 1, 0)]
        first = count / counts[0] if counts[0] else None
        yield Step(segment, label, event, count, first, count / before if before else None)
