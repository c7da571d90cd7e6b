"""`carpel design`: what a test could show, before there is a campaign."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from carpel.errors import CarpelError
from carpel.evaluation.windows import shift
from carpel.language import RuleError
from carpel.language.periods import period
from carpel.reports.caused.words import Wording
from carpel.reports.figures import Figures
from carpel.specs.metric import shown
from carpel.stats.experiments.baseline import Baseline
from carpel.verbs.designed import Design, gathered, sentences
from carpel.verbs.lately import Lately, lately, metric_of, metrics
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session

SHARES = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
"""Comparison groups that are shown beside the one asked for."""


@dataclass(frozen=True)
class Asked:
    """What somebody thinks of testing; `change` in the metric's unit, None for none in mind."""

    segment: str
    metric: str
    within: str = "14 days"
    holdout: float = 0.1
    change: float | None = None
    versions: int = 1
    people_a_day: float | None = None

    def sensible(self) -> None:
        """Raise CarpelError for what no test could be."""
        wrong = {
            "--holdout is a share above 0 and below 1": not 0 < self.holdout < 1,
            "--versions is 1 or more": self.versions < 1,
            "--change is above 0": self.change is not None and not self.change > 0,
            "--people-a-day is above 0": self.people_a_day is not None
            and not self.people_a_day > 0,
        }
        for said, broken in wrong.items():
            if broken:
                raise CarpelError(f"{said}.", action="A tenth kept aside is --holdout 0.1.")

    def sizes(self, people: int, holdout: float) -> tuple[int, int]:
        """People of each version, and kept aside."""
        aside = round(people * holdout)
        return (people - aside) // self.versions, aside


def design(session: Session, asked: Asked) -> Design:
    """Work out what a test would show; nothing is kept.

    A change is looked for in the metric's good direction. Raises NotFound for a segment or metric,
    and CarpelError for what cannot be.
    """
    asked.sensible()
    with reading(session) as reader:
        people, since = len(reader.segment(asked.segment)), _since(reader, asked.within)
        seen = lately(session, reader, asked.segment, asked.metric, since)
        if seen.sums.n < 2:
            raise CarpelError(
                f"Nobody was in {asked.segment} {asked.within} before the data ends, so what they "
                "would do by themselves is not known.",
                action="Say a shorter --within, or another segment.",
            )
        wording, falls = _wording(reader, asked.metric)
        known = Baseline.of(seen.sums, is_share=wording.shown == "share")
        change = asked.change and (-asked.change if falls else asked.change)
        found = Design(
            segment=asked.segment,
            label=reader.labels.get(asked.segment, asked.segment.replace("_", " ")),
            metric=asked.metric,
            called=wording.label,
            shown=wording.shown,
            within_days=(_moment(reader) - since).days,
            until=reader.build.as_of.astimezone(_zone(reader)).date(),
            people=people,
            counted=known.n,
            base=known.base,
            spread=known.spread,
            foretold=1 - known.left**0.5,
            holdout=asked.holdout,
            versions=asked.versions,
            change=change,
            people_a_day=asked.people_a_day,
            warnings=list(_doubts(seen, since, asked.within)),
            **_sizes(known, asked, people, change, wording),
        )
    if change and known.spread:
        found = _reached(found, known, asked, change)
    return replace(found, said=list(sentences(found, wording)))


def _sizes(
    known: Baseline, asked: Asked, people: int, change: float | None, wording: Wording
) -> dict[str, Any]:
    """What so many people show, as asked and by other shares kept aside."""
    each, aside = asked.sizes(people, asked.holdout)
    return {
        "smallest": known.smallest(each, aside),
        "between": known.smallest(each, each) if asked.versions > 1 else None,
        "holdouts": list(_table(known, asked, people, change, wording)),
    }


def _table(
    known: Baseline, asked: Asked, people: int, change: float | None, wording: Wording
) -> Iterator[dict[str, Any]]:
    for share in sorted({*SHARES, asked.holdout}):
        each, aside = asked.sizes(people, share)
        least = known.smallest(each, aside)
        power = _power(known, change, each, aside) if change and known.spread else None
        yield {
            "share": share,
            "aside": aside,
            "contacted": people - aside,
            "smallest": least,
            "power": power,
            "told": "none" if least is None else wording.size(least),
            "seen": None if power is None else round(100 * power),
        }


def _reached(found: Design, known: Baseline, asked: Asked, change: float) -> Design:
    """With the chance of seeing the change, and what it would take."""
    each, aside = asked.sizes(found.people, asked.holdout)
    one = (1 - asked.holdout) / asked.versions
    control = known.people(change, one / (one + asked.holdout)).control
    needed = ceil(control / asked.holdout)
    return replace(
        found,
        power=_power(known, change, each, aside),
        needed=needed,
        days=gathered(needed, found.people, asked.people_a_day, found.within_days),
    )


def _power(known: Baseline, change: float, treated: int, control: int) -> float:
    try:
        return known.power(change, treated, control)
    except ValueError as error:
        raise CarpelError(
            f"{str(error).capitalize()}: it stays between 0 and 1.",
            action="Say a smaller --change; two points are --change 0.02.",
        ) from error


def _moment(reader: Reader) -> datetime:
    return reader.build.as_of.astimezone(UTC).replace(tzinfo=None)


def _zone(reader: Reader) -> ZoneInfo:
    return ZoneInfo(reader.definitions.project.timezone)


def _since(reader: Reader, within: str) -> datetime:
    try:
        return shift(_moment(reader), period(within), _zone(reader))
    except RuleError as error:
        raise CarpelError(f"--within: {error.message}.") from error


def _wording(reader: Reader, name: str) -> tuple[Wording, bool]:
    """How the metric is written, and whether it should fall."""
    project, metric = reader.definitions.project, metric_of(reader, name)
    unit = shown(metric, metrics(reader), project.revenue)
    figures = Figures(project.currency, _zone(reader))
    return Wording(figures, unit, metric.called), metric.better == "less"


def _doubts(seen: Lately, since: datetime, within: str) -> Iterator[str]:
    """What makes the figures of lately a bad guess at those to come."""
    if not seen.as_it_was:
        yield (
            f"who was in it {within} before is not known: counted are those of today, some of "
            "whom are in it by what they did since"
        )
    if seen.known_since is None or seen.known_since > since:
        first = f"begins on {seen.known_since:%Y-%m-%d}" if seen.known_since else "has no time"
        yield f"what it counts {first}: it does not fill these days"
