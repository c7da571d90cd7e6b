"""Names across the files of a project: everything that is referred to has to be somewhere."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from carpel.errors import Problem, suggestion
from carpel.language import Node
from carpel.language.references import Reference, find_cycle, references
from carpel.language.salvage import readable
from carpel.manifest.written_messages import campaign_problems, message_problems
from carpel.manifest.yaml import Written
from carpel.specs import Definitions
from carpel.specs.places import places
from carpel.specs.prediction import predicted
from carpel.specs.trait import gives, origins

Places = Mapping[tuple[str, str], Written]
Broken = Collection[tuple[str, str]]
"""Folder and name of files whose form is wrong."""
Vocabulary = Mapping[tuple[str, str], set[str]]
REFERRING = (
    ("goals", "segment"),
    ("checks", "source"),
    ("traits", "event"),
    ("segmentations", "event"),
    ("predictions", "event"),
)
"""Folders whose files name one thing outside a rule, under the word for its kind."""
RULES = {"segments": "where", "checks": "people", "predictions": "among"}
"""Folders whose files hold a rule, and the word it stands under."""
FIGURES = ("total", "mean", "most", "least")
"""How the names of figures over the people of an account begin."""
_OTHER_SIDE = {
    "segment": "account segment",
    "account segment": "segment",
    "trait": "account trait",
    "account trait": "trait",
}
_ELSEWHERE = {
    "segment": "It is a segment of people: write `people: {{where: {{segment: {0}}}}}`.",
    "account segment": "It is a segment of accounts: write `account: {{segment: {0}}}`.",
    "trait": "It is said of people: write `people: {{where: {{trait: {0}, …}}}}`.",
    "account trait": "It is said of accounts: write `account: {{trait: {0}, …}}`.",
}
"""What to write where a name is one of the other side's, by the kind it is."""
DERIVED = {"order_completed": "product_purchased"}
"""Events that come from another without being written by a source."""


@dataclass(frozen=True)
class Ruled:
    """A rule, its path in its file, whether it is about accounts; the file's folder and name."""

    node: Node
    path: tuple[str | int, ...] = ()
    account: bool = False
    folder: str = ""
    name: str = ""


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
    problems += _campaigns(definitions, written, known)
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
    of_accounts = {n for n, each in definitions.segments.items() if each.unit == "account"}
    for kind, folder in (("message", "messages"), ("channel file", "channels")):
        known[kind, ""] = {*getattr(definitions, folder), *_named(broken, folder)}
    known["segment", ""] -= of_accounts
    known["account segment", ""] = of_accounts | _named(broken, "segments")
    known |= {
        ("place", name): {place.name for place in places(each)}
        for name, each in definitions.segmentations.items()
    }
    if _named(broken, "sources"):
        return known
    known["event", ""] = _events(definitions)
    known["trait", ""] = _traits(definitions) | _named(broken, "traits") | set(traits)
    known["account trait", ""] = _account_traits(definitions, known["trait", ""])
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
    own |= {trait for each in definitions.predictions.values() for trait in predicted(each)}
    return own | set(origins(definitions.traits))


def _account_traits(definitions: Definitions, traits: Collection[str]) -> set[str]:
    """Facts about accounts: what sources state of them, and figures over traits of their people."""
    accounts = [each.account for each in definitions.sources.values() if each.account]
    stated = {trait for account in accounts for trait in account.traits}
    over = {f"{word}_{trait}" for word in FIGURES for trait in traits}
    return {"people", "seats_used", "name"} | stated | over


def _channels(definitions: Definitions) -> set[str] | None:
    """The channels that sources name; None where one reads them from a column as it finds them."""
    found: set[str] = set()
    permits = [each for source in definitions.sources.values() for each in source.permit]
    for channel in (each.channel for each in permits):
        if channel.constant is None and not channel.values:
            return None
        found |= {str(each) for each in (channel.constant, *channel.values.values()) if each}
    return found if permits else None


def rules_of(definitions: Definitions) -> Iterator[Ruled]:
    """Every rule there is."""
    for name, segment in definitions.segments.items():
        yield Ruled(segment.where, ("where",), segment.unit == "account", "segments", name)
    for name, check in definitions.checks.items():
        if check.people is not None:
            yield Ruled(check.people, ("people",), False, "checks", name)
    for name, prediction in definitions.predictions.items():
        for word in ("like", "among"):
            if rule := getattr(prediction, word, None):
                of_accounts = getattr(prediction, "unit", "") == "account"
                yield Ruled(rule, (word,), of_accounts, "predictions", name)


def salvaged(written: Places, broken: Broken) -> Iterator[Ruled]:
    """What can be read of the rules in files that cannot."""
    for folder, name in sorted(each for each in broken if each[0] in RULES):
        data = written[folder, name].data
        if isinstance(data, dict) and (word := RULES[folder]) in data:
            account = data.get("unit") == "account"
            for each in readable(data[word], (word,), account=account):
                yield Ruled(each.node, each.path, each.account, folder, name)


def _unknown(rule: Ruled, known: Vocabulary, written: Written) -> Iterator[Problem]:
    for found in references(rule.node, rule.path, account=rule.account):
        yield from _astray(found, known, written)


def _astray(found: Reference, known: Vocabulary, written: Written) -> Iterator[Problem]:
    """What a reference names that is nowhere."""
    for reference in _named_in(found):
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
    if (other := _OTHER_SIDE.get(reference.kind)) and reference.name in known.get((other, ""), ()):
        return _ELSEWHERE[other].format(reference.name)
    if reference.kind in ("place", "channel"):
        near = suggestion(reference.name, names)
        listed = f"Known: {', '.join(sorted(names))}."
        return near if near.startswith("Known") or not near else f"{near} {listed}"
    return suggestion(reference.name, names) or (
        "No source brings an event yet."
        if reference.kind == "event" and not names
        else f"`carpel ls {reference.kind.removeprefix('account ')}s` lists those there are."
    )


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
        yield from _astray(Reference("segment", spec.of, ("segment",)), known, place)
        if (other := first.setdefault(spec.of, name)) != name:
            yield Problem(
                f"{spec.of!r} is described in personas/{other}.yml already",
                place.file,
                place.line(("segment",)),
                "Put the words of both in one file.",
            )


def _campaigns(definitions: Definitions, written: Places, known: Vocabulary) -> Iterator[Problem]:
    def placed(folder: str, name: str) -> Written:
        return place_of(written, folder, name)

    yield from message_problems(definitions, known, placed)
    yield from campaign_problems(
        definitions, known, placed, lambda found, where: _astray(found, known, where)
    )


def _missing(written: Written, kind: str, name: str, known: Collection[str]) -> Problem:
    return Problem(
        f"there is no {kind} {name!r}", written.file, written.line((kind,)), suggestion(name, known)
    )


def place_of(written: Places, kind: str, name: str) -> Written:
    """Where a file's values stand; without one, in Python, nowhere."""
    return written.get((kind, name)) or Written(f"{kind}/{name}")
