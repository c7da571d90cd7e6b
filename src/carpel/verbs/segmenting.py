"""A campaign that asks whether segmenting pays: one message for all, one per segment, none."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from carpel.errors import CarpelError, NotFound
from carpel.specs.segmenting import ONE, OWN
from carpel.store.files import replace
from carpel.verbs.design import Asked, design
from carpel.verbs.designed import Design
from carpel.verbs.reader import reading
from carpel.verbs.session import Session

GOALS = ("order_rate", "revenue_per_person")
AHEAD = timedelta(days=90)
"""So long from now the goal's date is set, to be changed."""


@dataclass(frozen=True)
class Segmenting:
    """What the test could show, and the files that were written, to be filled in."""

    design: Design
    files: tuple[str, ...]


def segmenting(session: Session, asked: Asked, segmentation: str, campaign: str) -> Segmenting:
    """Write the campaign and a message a group; nothing that is there is overwritten.

    Each message holds a field that does not exist, so that `carpel check` names it and nothing
    can be approved before it is filled in. Raises NotFound, and CarpelError for what cannot be.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", campaign):
        raise CarpelError(
            f"{campaign!r} is no name of a campaign: small letters, digits and _.",
            action="Say --campaign own_words",
        )
    if asked.metric not in GOALS:
        raise CarpelError(
            f"A campaign's goal is {' or '.join(GOALS)}, not {asked.metric}.",
            action=f"--metric {GOALS[0]}",
        )
    with reading(session) as reader:
        if segmentation not in reader.definitions.segmentations:
            raise NotFound("set of segments", segmentation, reader.definitions.segmentations)
        start = f"{segmentation}."
        people = reader.segment(asked.segment)
        groups = {
            name: reader.labels.get(name, name.removeprefix(start).replace("_", " "))
            for name, members in reader.sets.items()
            if name.startswith(start) and members & people
        }
        channel = next(iter(reader.definitions.channels), "newsletter")
    if not groups:
        raise CarpelError(f"Nobody of {asked.segment} is in a group of {segmentation}.")
    found = design(session, asked)
    files = dict(_files(session, asked, found, campaign, groups, channel))
    _write(session.folder, files)
    return Segmenting(found, tuple(files))


def _files(
    session: Session,
    asked: Asked,
    found: Design,
    campaign: str,
    groups: Mapping[str, str],
    channel: str,
) -> Iterator[tuple[str, str]]:
    """Each file's place and text, the campaign first."""
    messages = {name: f"{campaign}_{name.partition('.')[2]}" for name in groups}
    least = found.between or found.base or 1.0
    lines = [
        "# One message for all, one per segment, none: does segmenting pay?",
        "# Fill in the messages, look at what is marked, then `carpel plan`.",
        "version: 1",
        f"goal:  # what is hoped for: {found.base:.4g} without it, and the least that would show",
        f"  metric: {asked.metric}",
        f"  target: {_target(found, least):.4g}",
        f"  by: {(session.clock() + AHEAD).date()}",
        f"  within_days: {found.within_days}",
        f"audience: {asked.segment}",
        f"channel: {channel}  # one of channels/",
        f"holdout: {asked.holdout:g}",
        "variants:",
        f"  - {{name: {ONE}, message: {campaign}_{ONE}, share: 0.5}}",
        f"  - name: {OWN}",
        f"    message: {campaign}_{ONE}  # whoever is in none of the groups",
        "    share: 0.5",
        "    instead:",
        *(f"      - {{message: {messages[name]}, segment: {name}}}" for name in groups),
    ]
    yield f"campaigns/{campaign}.yml", "\n".join(lines) + "\n"
    yield f"messages/{campaign}_{ONE}.yml", _message("everybody, whoever they are")
    for name, label in groups.items():
        yield f"messages/{messages[name]}.yml", _message(" ".join(label.split()))


def _target(found: Design, least: float) -> float:
    target = found.base + least
    return min(target, 1.0) if found.shown == "share" else target


def _message(whom: str) -> str:
    return (
        f"# To {whom}. Write both in place of what stands in braces: until then nothing leaves.\n"
        'version: 1\nsubject: "{{ fill_in }}"\nmarkdown: |\n  {{ fill_in }}\n'
    )


def _write(folder: Path, files: Mapping[str, str]) -> None:
    if there := [name for name in files if (folder / name).exists()]:
        raise CarpelError(
            f"{there[0]} is there already, and nothing is overwritten.",
            action="Name another campaign with --campaign.",
        )
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        replace(folder / name, text.encode())
