"""Names across the files of a project: everything that is referred to has to be somewhere."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from carpel.errors import Problem, ProjectError, suggestion
from carpel.language import Account, Node
from carpel.language.references import Reference, find_cycle, references
from carpel.manifest.yaml import Written
from carpel.specs import Definitions
from carpel.specs.places import places

Places = Mapping[tuple[str, str], Written]
Broken = Collection[tuple[str, str]]
"""Folder and name of files whose form is wrong."""
Vocabulary = Mapping[tuple[str, str], set[str]]
REFERRING = (
    ("goals", "segment"),
    ("checks", "source"),
    ("traits", "event"),
    ("segmentations", "event"),
)
"""Folders whose files name one thing outside a rule, under the word for its kind."""
DERIVED = {"order_completed": "product_purchased"}
"""Events that come from another without being written by a source."""


def check_names(definitions: Definitions, written: Places, traits: Collection[str]) -> None:
    """Raise ProjectError with everything that `name_problems` finds."""
    if problems := name_problems(definitions, written, traits):
        raise ProjectError(problems)


def name_problems(
    definitions: Definitions, written: Places, traits: Collection[str], broken: Broken = frozenset()
) -> list[Problem]:
    """Every name that leads nowhere and a circle of segments, if there is one.

    `traits` are the built-in ones; those of the project's own are added here. Of files that are
    `broken` in form only the names are known: what they would have brought is not missed.
    """
    known = vocabulary(definitions, traits, broken)
    problems = [
        problem
        for kind, name, node, path in rules_of(definitions)
        for problem in _unknown(node, path, known, place_of(written, kind, name))
    ]
    problems += _elsewhere(definitions, written, known)
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


def rule_problems(
    node: Node, definitions: Definitions, traits: Collection[str], file: str
) -> list[Problem]:
    """Every name in a rule that leads nowhere; `file` is what the rule is called."""
    return list(_unknown(node, (), vocabulary(definitions, traits), Written(file)))


def vocabulary(
    definitions: Definitions, traits: Collection[str], broken: Broken = frozenset()
) -> Vocabulary:
    """The names a rule may use, by kind of reference and, for a place, its segmentation.

    A kind is left out where nobody can tell which names it has.
    """
    known = {
        (kind, ""): {*getattr(definitions, f"{kind}s"), *_named(broken, f"{kind}s")}
        for kind in ("segment", "segmentation", "source")
    }
    known["segment", ""] -= {
        n for n, each in definitions.segments.items() if each.unit == "account"
    }
    known |= {
        ("place", name): {place.name for place in places(each)}
        for name, each in definitions.segmentations.items()
    }
    if _named(broken, "sources"):
        return known
    known["event", ""] = _events(definitions)
    known["trait", ""] = _traits(definitions) | _named(broken, "traits") | set(traits)
    channels = _channels(definitions)
    return known if channels is None else {**known, ("channel", ""): channels}


def _named(broken: Broken, folder: str) -> set[str]:
    return {name for kind, name in broken if kind == folder}


def _events(definitions: Definitions) -> set[str]:
    sources = definitions.sources.values()
    events = {track.event for source in sources for track in source.track}
    events |= {derived for derived, origin in DERIVED.items() if origin in events}
    return events | ({"trait_changed"} if any(each.mode != "append" for each in sources) else set())


def _traits(definitions: Definitions) -> set[str]:
    sources = definitions.sources.values()
    own = {trait for source in sources for trait in (*source.traits, *source.identifiers)}
    own |= {trait for source in sources if source.account for trait in source.account.traits}
    return own | set(definitions.traits)


def _channels(definitions: Definitions) -> set[str] | None:
    """The channels that sources name; None where one reads them from a column as it finds them."""
    found: set[str] = set()
    permits = [each for source in definitions.sources.values() for each in source.permit]
    for channel in (each.channel for each in permits):
        if channel.constant is None and not channel.values:
            return None
        found |= {str(each) for each in (channel.constant, *channel.values.values()) if each}
    return found if permits else None


def rules_of(
    definitions: Definitions,
) -> Iterator[tuple[str, str, Node, tuple[str | int, ...]]]:
    """Every rule there is: the folder and name of its file, the rule, and its path there.

    That of a segment whose unit is an account stands as the clause of people about accounts.
    """
    for name, segment in definitions.segments.items():
        of_accounts = segment.unit == "account"
        rule = Account(segment.where) if of_accounts else segment.where
        yield "segments", name, rule, ("where",)
    for name, check in definitions.checks.items():
        if check.people is not None:
            yield "checks", name, check.people, ("people",)


def _unknown(
    node: Node, path: tuple[str | int, ...], known: Vocabulary, written: Written
) -> Iterator[Problem]:
    for reference in (each for found in references(node, path) for each in _named_in(found)):
        if reference.name not in known.get(_room(reference), {reference.name}):
            yield Problem(
                f"there is no {reference.kind} {reference.name!r}"
                + (f" in {reference.of}" if reference.kind == "place" else ""),
                written.file,
                written.line(reference.path),
                _hint(reference, known),
            )


def _named_in(reference: Reference) -> tuple[Reference, ...]:
    """What a reference names: a segment such as `rfm.champions` is a place of a segmentation."""
    segmentation, dot, place = reference.name.partition(".")
    if reference.kind != "segment" or not dot:
        return (reference,)
    return (
        replace(reference, kind="segmentation", name=segmentation),
        replace(reference, kind="place", name=place, of=segmentation),
    )


def _room(reference: Reference) -> tuple[str, str]:
    return reference.kind, reference.of if reference.kind == "place" else ""


def _hint(reference: Reference, known: Vocabulary) -> str:
    names = known[_room(reference)]
    if reference.kind in ("place", "channel"):
        near = suggestion(reference.name, names)
        listed = f"Known: {', '.join(sorted(names))}."
        return near if near.startswith("Known") or not near else f"{near} {listed}"
    return suggestion(reference.name, names) or (
        "No source brings an event yet."
        if reference.kind == "event" and not names
        else f"`carpel ls {reference.kind}s` lists those there are."
    )


def _elsewhere(definitions: Definitions, written: Places, known: Vocabulary) -> Iterator[Problem]:
    """References outside rules: goals to segments, checks to sources, traits to events."""
    for folder, kind in REFERRING:
        for name, spec in getattr(definitions, folder).items():
            said = getattr(spec, kind, None)
            if said and said not in known.get((kind, ""), {said}):
                yield _missing(place_of(written, folder, name), kind, said, known[kind, ""])


def _missing(written: Written, kind: str, name: str, known: Collection[str]) -> Problem:
    return Problem(
        f"there is no {kind} {name!r}", written.file, written.line((kind,)), suggestion(name, known)
    )


def place_of(written: Places, kind: str, name: str) -> Written:
    """Where a file's values stand; without one, in Python, nowhere."""
    return written.get((kind, name)) or Written(f"{kind}/{name}")
