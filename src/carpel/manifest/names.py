"""Names across the files of a project: everything that is referred to has to be somewhere."""

from collections.abc import Collection, Iterator

from carpel.errors import Problem, suggestion
from carpel.language.references import Reference, find_cycle, references
from carpel.manifest.astray import astray
from carpel.manifest.measured import measuring_problems
from carpel.manifest.pages import page_problems
from carpel.manifest.rules import Ruled, rules_of, salvaged
from carpel.manifest.vocabulary import Vocabulary, vocabulary
from carpel.manifest.written_messages import campaign_problems, message_problems
from carpel.manifest.yaml import Broken, Places, Written, place_of
from carpel.specs import Definitions
from carpel.specs.prediction import predicted
from carpel.specs.slot import ANONYMOUS
from carpel.specs.trait import gives, origins

REFERRING = (
    ("goals", "segment"),
    ("checks", "source"),
    ("traits", "event"),
    ("segmentations", "event"),
    ("predictions", "event"),
)
"""Folders whose files name one thing outside a rule, under the word for its kind."""


def name_problems(
    definitions: Definitions, written: Places, traits: Collection[str], broken: Broken = frozenset()
) -> list[Problem]:
    """Every name that leads nowhere and a circle of segments, if there is one.

    `traits` are the built-in ones; those of the project's own are added here. Of files that are
    `broken` in form the names are known, and what can be read of their rules: what they would
    have brought is not missed.
    """
    known = vocabulary(definitions, traits, broken)
    problems = [
        problem
        for each in (*rules_of(definitions), *salvaged(written, broken))
        for problem in _unknown(each, known, place_of(written, each.folder, each.name))
    ]
    problems += _elsewhere(definitions, written, known)
    problems += _foreseen(definitions, written, set(traits), known)
    problems += _surveyed(definitions, written, known)
    problems += _described(definitions, written, known)
    problems += message_problems(definitions, written, known)
    problems += campaign_problems(definitions, written, known)
    problems += measuring_problems(definitions, written, known)
    problems += page_problems(definitions, written)
    problems += _in_slots(definitions, written, known)
    circle = find_cycle({name: each.where for name, each in definitions.segments.items()})
    if circle:
        problems.append(
            Problem(
                f"segments refer to each other in a circle: {' → '.join(circle)}",
                f"segments/{circle[0]}.yml",
                None,
                "Take one of these references out.",
            )
        )
    return problems


def unknown_names(
    rule: Ruled, definitions: Definitions, traits: Collection[str], written: Written
) -> list[Problem]:
    """Every name in a rule that leads nowhere."""
    return list(_unknown(rule, vocabulary(definitions, traits), written))


def _unknown(rule: Ruled, known: Vocabulary, written: Written) -> Iterator[Problem]:
    for found in references(rule.node, rule.path, account=rule.account):
        yield from astray(found, known, written)


def _elsewhere(definitions: Definitions, written: Places, known: Vocabulary) -> Iterator[Problem]:
    """References outside rules: goals to segments, checks to sources, traits to events."""
    for folder, kind in REFERRING:
        for name, spec in getattr(definitions, folder).items():
            said = getattr(spec, kind, None)
            if said and said not in known.get((kind, ""), {said}):
                yield _missing(place_of(written, folder, name), kind, said, known[kind, ""])


def _foreseen(
    definitions: Definitions, written: Places, built_in: set[str], known: Vocabulary
) -> Iterator[Problem]:
    """Predictions by a trait that is nowhere, or whose own trait is called as another is."""
    predictions = definitions.predictions
    for name, spec in predictions.items():
        by = getattr(spec, "by", None)
        if by and by not in known.get(("trait", ""), {by}):
            place = place_of(written, "predictions", name)
            near = suggestion(by, known["trait", ""])
            yield Problem(f"there is no trait {by!r}", place.file, place.line(("by",)), near)
        others = {
            it for other, each in predictions.items() if other != name for it in predicted(each)
        }
        if name in predicted(spec) and name in built_in | set(origins(definitions.traits)) | others:
            yield Problem(
                f"there is a trait {name!r} already",
                place_of(written, "predictions", name).file,
                action="Give the prediction another name, for its file too.",
            )


def _surveyed(definitions: Definitions, written: Places, known: Vocabulary) -> Iterator[Problem]:
    """Items of scales that are nowhere, and traits that two files make."""
    asked = "survey_answered" in known.get(("event", ""), ())
    for name, spec in definitions.traits.items():
        place = place_of(written, "traits", name)
        for at, item in enumerate(getattr(spec, "items", ())):
            found = item in known.get(("trait", ""), {item}) or (asked and item[:7] == "survey_")
            if not found:
                near = suggestion(item, known["trait", ""])
                line = place.line(("items", at))
                yield Problem(f"items: there is no trait {item!r}", place.file, line, near)
        for each in gives(spec):
            if (other := origins(definitions.traits)[each]) != name:
                yield Problem(
                    f"traits/{other}.yml makes a trait {each!r} too",
                    place.file,
                    action="Give one of them another name.",
                )


def _described(definitions: Definitions, written: Places, known: Vocabulary) -> Iterator[Problem]:
    """Personas of a segment that is nowhere, or that another persona is of."""
    first: dict[str, str] = {}
    for name, spec in definitions.personas.items():
        place = place_of(written, "personas", name)
        yield from astray(Reference("segment", spec.of, ("segment",)), known, place)
        if (other := first.setdefault(spec.of, name)) != name:
            yield Problem(
                f"{spec.of!r} is described in personas/{other}.yml already",
                place.file,
                place.line(("segment",)),
                "Put the words of both in one file.",
            )


def _in_slots(definitions: Definitions, written: Places, known: Vocabulary) -> Iterator[Problem]:
    """Rules of slots about segments that are nowhere, or that cannot be told from nobody known."""
    for name, slot in definitions.slots.items():
        place = place_of(written, "slots", name)
        for at, rule in enumerate(slot.rules):
            path = ("rules", at, "segment")
            if rule.segment != ANONYMOUS:
                yield from astray(Reference("segment", rule.segment, path), known, place)
            elif ANONYMOUS in definitions.segments:
                said = f"{ANONYMOUS!r} is a segment, and here means who is not known"
                yield Problem(said, place.file, place.line(path), "Give the segment another name.")


def _missing(written: Written, kind: str, name: str, known: Collection[str]) -> Problem:
    return Problem(
        f"there is no {kind} {name!r}", written.file, written.line((kind,)), suggestion(name, known)
    )
