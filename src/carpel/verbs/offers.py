"""`carpel offers`: which offer earns most, by segment, from the tests that were made."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from carpel.errors import NotFound
from carpel.evaluation.movements import EVERYBODY
from carpel.measuring.offers import NextOffer, advised
from carpel.reports.caused.words import Wording
from carpel.reports.figures import Figures, number
from carpel.specs.words import counted
from carpel.stages.estimates.tested import Tested, tested
from carpel.stats.uplift import Advice
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session


def offers(session: Session, segment: str | None = None) -> list[NextOffer]:
    """For everybody and each segment that a test with offers looked at; or for one segment.

    Raises NotFound for a segment that there is not.
    """
    with reading(session) as reader:
        moment = reader.build.as_of.replace(tzinfo=None)
        tests = tested(reader.engine, moment) if "experiments" in reader.engine.tables() else []
        if segment not in (None, EVERYBODY, *reader.sets):
            raise NotFound("segment", str(segment), reader.sets)
        return list(_told(reader, tests, segment))


def _told(reader: Reader, tests: list[Tested], asked: str | None) -> Iterator[NextOffer]:
    looked_at = [EVERYBODY, *sorted({each for test in tests for each in test.segments})]
    project = reader.definitions.project
    figures = Figures(project.currency, ZoneInfo(project.timezone))
    wording = Wording(figures, "money", "margin")
    for segment in dict.fromkeys([asked] if asked else looked_at):
        advice, used, people, left_out = advised(tests, reader.definitions, segment)
        if advice is None and not asked and segment != EVERYBODY:
            continue
        label = "everybody" if segment == EVERYBODY else reader.labels.get(segment, segment)
        yield NextOffer(
            segment,
            label,
            advice,
            used,
            people,
            left_out,
            said=_sentence(advice, wording, people, left_out),
            rows=[] if advice is None else list(_rows(advice, wording)),
        )


def _rows(advice: Advice, wording: Wording) -> Iterator[dict[str, str]]:
    for each in advice.offers:
        yield {
            "offer": each.offer,
            "earns": wording.signed(each.margin),
            "likely": wording.between(each.low, each.high),
            "best": f"{100 * each.best:.0f}",
            "people": number(each.people),
        }


def _sentence(
    advice: Advice | None, wording: Wording, people: int, left_out: dict[str, str]
) -> str:
    """The advice with its figures and how many people it is of."""
    if advice is None:
        reasons = "; ".join(f"{name}: {why}" for name, why in left_out.items())
        return f"No test of an offer can tell. {reasons}.".replace(" .", "").strip()
    first = advice.offers[0]
    of = f"likely {wording.between(first.low, first.high)}; {counted(people, 'person', 'people')}"
    earns = f"{wording.signed(first.margin)} a person above no offer ({of})"
    if first.high <= 0:
        return f"No offer earns anything: the best of them is {first.offer} with {earns}."
    if advice.rivals:
        names = " and ".join([first.offer, *advice.rivals])
        more = (
            f" About {advice.times:,.1f} times the people would tell." if advice.times < 100 else ""
        )
        return f"Cannot tell between {names}: {first.offer} has {earns}.{more}"
    if first.low <= 0:
        return f"Cannot tell whether {first.offer} earns anything: {earns}."
    return f"{first.offer} earns most: {earns}."
