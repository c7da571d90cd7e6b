"""Names across the files of a project: everything that is referred to has to be somewhere."""

from collections.abc import Collection, Iterator, Mapping

from carpel.errors import Problem, ProjectError, suggestion
from carpel.language import Node
from carpel.language.references import Reference, find_cycle, references
from carpel.manifest.yaml import Written
from carpel.specs import Definitions

Places = Mapping[tuple[str, str], Written]
DERIVED = {"order_completed": "product_purchased"}
"""Events that come from another without being written by a source."""


def check_names(definitions: Definitions, written: Places, traits: Collection[str]) -> None:
    """Raise ProjectError with every name that leads nowhere and every circle of segments.

    `traits` are the built-in ones; those of the project's own are added here.
    """
    known = vocabulary(definitions, traits)
    problems = [
        problem
        for kind, name, node, path in _rules(definitions)
        for problem in _unknown(node, path, known, _place(written, kind, name))
    ]
    problems += _elsewhere(definitions, written)
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
    if problems:
        raise ProjectError(problems)


def vocabulary(definitions: Definitions, traits: Collection[str]) -> dict[str, set[str]]:
    """The names a rule may use, by kind of reference."""
    sources = definitions.sources.values()
    events = {track.event for source in sources for track in source.track}
    events |= {derived for derived, origin in DERIVED.items() if origin in events}
    events |= {"trait_changed"} if any(each.mode != "append" for each in sources) else set()
    own = {trait for source in sources for trait in (*source.traits, *source.identifiers)}
    own |= {trait for source in sources if source.account for trait in source.account.traits}
    return {
        "segment": set(definitions.segments),
        "segmentation": set(definitions.segmentations),
        "event": events,
        "trait": own | set(definitions.traits) | set(traits),
    }


def _rules(definitions: Definitions) -> Iterator[tuple[str, str, Node, tuple[str | int, ...]]]:
    for name, segment in definitions.segments.items():
        yield "segments", name, segment.where, ("where",)
    for name, check in definitions.checks.items():
        if check.people is not None:
            yield "checks", name, check.people, ("people",)


def _unknown(
    node: Node, path: tuple[str | int, ...], known: Mapping[str, set[str]], written: Written
) -> Iterator[Problem]:
    for reference in references(node, path):
        if reference.kind in known and reference.name not in known[reference.kind]:
            yield Problem(
                f"there is no {reference.kind} {reference.name!r}",
                written.file,
                written.line(reference.path),
                _hint(reference, known),
            )


def _hint(reference: Reference, known: Mapping[str, set[str]]) -> str:
    names = known[reference.kind]
    return suggestion(reference.name, names) or (
        "No source brings an event yet."
        if reference.kind == "event" and not names
        else f"`carpel ls {reference.kind}s` lists those there are."
    )


def _elsewhere(definitions: Definitions, written: Places) -> Iterator[Problem]:
    """References outside rules: goals to segments, checks to sources, traits to events."""
    for name, goal in definitions.goals.items():
        if goal.segment and goal.segment not in definitions.segments:
            yield _missing(
                _place(written, "goals", name), "segment", goal.segment, definitions.segments
            )
    for name, check in definitions.checks.items():
        if check.source and check.source not in definitions.sources:
            yield _missing(
                _place(written, "checks", name), "source", check.source, definitions.sources
            )
    events = vocabulary(definitions, ())["event"]
    for kind, specs in (
        ("traits", definitions.traits),
        ("segmentations", definitions.segmentations),
    ):
        for name, spec in specs.items():
            event = getattr(spec, "event", None)
            if event and event not in events:
                yield _missing(_place(written, kind, name), "event", event, events)


def _missing(written: Written, kind: str, name: str, known: Collection[str]) -> Problem:
    return Problem(
        f"there is no {kind} {name!r}", written.file, written.line((kind,)), suggestion(name, known)
    )


def _place(written: Places, kind: str, name: str) -> Written:
    return written.get((kind, name)) or Written(f"{kind}/{name}")
