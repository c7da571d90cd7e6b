"""The card as a whole: every criterion of every segment, and what they come to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from carpel.specs.fitness import CAMPAIGN, CRITERIA
from carpel.specs.words import counted
from carpel.stages.base import Line
from carpel.stages.fitness.accessible import accessible
from carpel.stages.fitness.actionable import actionable
from carpel.stages.fitness.comparing import Comparing
from carpel.stages.fitness.differentiable import differentiable, sides
from carpel.stages.fitness.fair import fair
from carpel.stages.fitness.finding import Detail, Finding, Told, Verdict
from carpel.stages.fitness.ground import Ground
from carpel.stages.fitness.measurable import measurable
from carpel.stages.fitness.people import FactsOf
from carpel.stages.fitness.separate import separate
from carpel.stages.fitness.single import single
from carpel.stages.fitness.stable import stable
from carpel.stages.fitness.substantial import substantial
from carpel.stages.fitness.used import Used

NEEDED = ("measurable", "substantial", "accessible", "differentiable", "actionable")
"""The five of the textbooks (Kotler): one clear no, and no campaign is worth it."""
ORDER: Sequence[str] = list(CRITERIA)


def card(line: Line) -> tuple[list[Finding], list[Detail]]:
    """Answers and figures for all segments of people, in the order of the card."""
    ground = Ground(line)
    told = list(_told(ground)) if ground.sets else []
    findings = [each for each in told if isinstance(each, Finding)]
    by_segment: dict[str, list[Finding]] = {}
    for each in findings:
        by_segment.setdefault(each.segment, []).append(each)
    whole = [_whole(name, rows, len(ground.sets[name])) for name, rows in by_segment.items()]
    nobody = [
        Finding(name, CAMPAIGN, "no", "Nobody is in it.", "A wider rule.", 0.0, 0)
        for name in ground.empty
    ]
    rows = sorted(
        [*findings, *whole, *nobody], key=lambda row: (row.segment, ORDER.index(row.criterion))
    )
    return rows, [each for each in told if isinstance(each, Detail)]


def _told(ground: Ground) -> Iterator[Told]:
    facts = FactsOf(ground)
    try:
        comparing, used = Comparing(ground, facts), Used(ground, facts)
        _, near = sides(comparing)
        parts: Iterable[Iterator[Told]] = (
            measurable(ground),
            substantial(comparing),
            accessible(ground),
            differentiable(comparing, used),
            actionable(comparing),
            stable(ground),
            single(ground, facts),
            separate(comparing, used, near),
            fair(comparing),
        )
        for part in parts:
            yield from part
    finally:
        facts.close()


def _whole(name: str, rows: Sequence[Finding], size: int) -> Finding:
    """Worth a campaign: yes when all five are, no when one is not, partly while one is open."""
    answers: Mapping[str, Finding] = {row.criterion: row for row in rows}
    five = [answers[each] for each in NEEDED]
    said = {
        verdict: [
            CRITERIA[row.criterion].rstrip("?").lower() for row in five if row.verdict == verdict
        ]
        for verdict in ("yes", "partly", "no", "unknown")
    }
    verdict = _verdict(said)
    parts = [f"{len(said['yes'])} of {len(five)} questions are answered yes"]
    for key, words in (("no", "not"), ("partly", "partly"), ("unknown", "not known yet")):
        if said[key]:
            parts.append(f"{words}: {', '.join(said[key])}")
    text = f"{'; '.join(parts)} ({counted(size, 'person', 'people')})."
    settle = next(
        (row.settle for row in five if row.verdict in ("no", "unknown") and row.settle), ""
    )
    return Finding(name, CAMPAIGN, verdict, text, settle, float(len(said["yes"])), size)


def _verdict(said: Mapping[str, Sequence[str]]) -> Verdict:
    if said["no"]:
        return "no"
    if len(said["unknown"]) > 1:
        return "unknown"
    return "partly" if said["partly"] or said["unknown"] else "yes"
