"""Known well enough: of whom the rule can be decided, and how much of it is an assumption."""

from collections.abc import Iterator

from carpel.engine.query import query, table
from carpel.evaluation.memberships import selected
from carpel.specs import Lifecycle
from carpel.specs.words import counted
from carpel.stages.fitness.finding import Detail, Finding, Told, Verdict, per_cent
from carpel.stages.fitness.ground import Ground

WELL, SOME = 0.9, 0.6
"""Coverage from which the answer is yes, and partly."""
WEAK_TRAIT = 0.9
"""Traits known of fewer people than this are named."""


def measurable(ground: Ground) -> Iterator[Told]:
    """Tell of every segment with people."""
    assumed = _assumed(ground)
    for name in ground.sets:
        yield from _of(ground, name, assumed)


def _of(ground: Ground, name: str, assumed: dict[str, dict[str, int]]) -> Iterator[Told]:
    people, size = len(ground.everybody), len(ground.sets[name])
    decided = people - ground.unknown.get(name, 0)
    covered = decided / people
    yield Detail(name, "measurable", "coverage", value=covered, n=decided, of=people)
    asked = ground.asks(name)
    weak = []
    for trait in sorted(asked.get("trait", set()) & ground.traits.keys()):
        known, of = ground.traits[trait]["known"], ground.traits[trait]["of"]
        share = known / of if of else 0.0
        yield Detail(name, "measurable", "known", trait, value=share, n=known, of=of)
        if share < WEAK_TRAIT:
            weak.append(f"{ground.trait_called(trait)} ({per_cent(share)})")
    guessed = sum(each.get(name, 0) for each in assumed.values()) / size
    if any(name in each for each in assumed.values()):
        yield Detail(name, "measurable", "assumed", value=guessed, n=round(guessed * size), of=size)
    yield Finding(
        name,
        "measurable",
        _verdict(covered, guessed),
        _sentence(covered, people, guessed, weak),
        f"Ask for or fill in {', '.join(weak)}." if weak and covered < WELL else "",
        covered,
        people,
    )


def _verdict(covered: float, guessed: float) -> Verdict:
    if covered < SOME:
        return "no"
    return "yes" if covered >= WELL and guessed <= 1 - SOME else "partly"


def _sentence(covered: float, people: int, guessed: float, weak: list[str]) -> str:
    said = (
        f"For {per_cent(covered)} of all {counted(people, 'person', 'people')} "
        "it can be said whether they belong"
    )
    if covered < 1 and weak:
        said += f"; not known of everybody: {', '.join(weak)}"
    if guessed:
        said += f"; {per_cent(guessed)} of its people are judged by the rhythm usual for everybody"
    return said + "."


def _assumed(ground: Ground) -> dict[str, dict[str, int]]:
    """By lifecycle: of each segment resting on it, how many people have no rhythm of their own."""
    found: dict[str, dict[str, int]] = {}
    for segmentation, spec in ground.line.definitions.segmentations.items():
        home = f"lifecycle_{segmentation}"
        if isinstance(spec, Lifecycle) and ground.line.table_files(home):
            without = selected(
                ground.engine,
                query(
                    "SELECT customer FROM :t WHERE own_rhythm IS FALSE AND days > 0", t=table(home)
                ),
            )
            found[segmentation] = {
                name: members.intersection_cardinality(without)
                for name, members in ground.sets.items()
                if segmentation in ground.asks(name).get("segmentation", set())
            }
    return found
