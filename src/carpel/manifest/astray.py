"""References that lead nowhere, and what to write instead."""

from collections.abc import Iterator
from dataclasses import replace

from carpel.errors import Problem, suggestion
from carpel.language.references import Reference
from carpel.manifest.vocabulary import Vocabulary
from carpel.manifest.yaml import Written

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


def astray(found: Reference, known: Vocabulary, written: Written) -> Iterator[Problem]:
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
