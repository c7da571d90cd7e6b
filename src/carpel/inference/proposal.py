"""What `carpel init` proposes: every file read, every column named, a project that runs."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from carpel.engine.base import Engine
from carpel.errors import SourceError
from carpel.inference import buying, doings, rates
from carpel.inference.clocks import told_in_utc
from carpel.inference.draft import Draft
from carpel.inference.files import Verdict
from carpel.inference.gaps import understood
from carpel.inference.goals import parse_goal
from carpel.inference.joins import Read, called, join_of, recognised, strangers
from carpel.inference.kinds import KINDS
from carpel.inference.project import project_of
from carpel.inference.reading import Reading
from carpel.inference.sample import Sample, sampled
from carpel.inference.source import SourceProposal
from carpel.inference.words import snake
from carpel.specs import Goal, Project, Source

BUILDERS: Mapping[str, Callable[[Draft], None]] = {
    "order_lines": buying.order_lines,
    "orders": buying.orders,
    "products": buying.products,
    "stores": buying.stores,
    "categories": buying.categories,
    "companies": buying.companies,
    "contacts": doings.people,
    "people": doings.people,
    "subscriptions": doings.subscriptions,
    "check_ins": doings.check_ins,
    "tickets": doings.tickets,
    "events": doings.events,
    "email_engagement": doings.email_engagement,
    "consents": doings.consents,
    "survey_answers": doings.survey_answers,
    "spend": doings.spend,
    "rates": rates.rates,
}
"""How a file of each kind becomes a source."""
assert BUILDERS.keys() == KINDS.keys()


@dataclass(frozen=True)
class Proposal:
    """A project as inference reads it from files."""

    project: Project
    sources: tuple[SourceProposal, ...]
    goals: tuple[Goal, ...] = ()
    notes: tuple[str, ...] = ()


def propose(
    paths: Sequence[Path],
    *,
    engine: Engine,
    goals: Sequence[str] = (),
    name: str = "project",
    clock: datetime,
) -> Proposal:
    """Read files never seen before and propose a project for them.

    Nothing is written. Raises SourceError for a file that cannot be read or holds no rows, and
    CarpelError for a goal that cannot be understood.
    """
    wanted = tuple(parse_goal(goal, after=clock.date()) for goal in goals)
    with closing(engine.session()) as session:
        return _proposed(paths, session, wanted, name)


def _proposed(
    paths: Sequence[Path], engine: Engine, goals: tuple[Goal, ...], name: str
) -> Proposal:
    with ExitStack() as stack:
        samples = [stack.enter_context(sampled(path, engine)) for path in paths]
        for sample in samples:
            if not sample.rows:
                raise SourceError(
                    "The file has a header and no rows.",
                    place=sample.path.name,
                    action="Export it again, or leave it out.",
                )
        read = _acquainted([understood(engine, sample) for sample in samples], engine)
        drafts = _drafts(read, engine)
        sources = tuple(
            _source(draft, found) for draft, (_, found) in zip(drafts, read, strict=True)
        )
        rated = next(filter(None, map(rates.own, drafts)), "")
        project, notes = project_of(name, sources, samples, rated)
    return Proposal(project, sources, goals, notes)


def _drafts(read: list[Read], engine: Engine) -> list[Draft]:
    """A draft of every file that knows what the files are to each other."""
    joins = [join_of(engine, one, [each for each in read if each is not one]) for one in read]
    kept = [(found.kind.name, join) for (_, found), join in zip(read, joins, strict=True) if join]
    lines = {join.other.path for kind, join in kept if kind == "order_lines"}
    better = {
        join.other.path
        for kind, join in kept
        if not join.complete and kind in ("order_lines", "orders")
    }
    keyed = called(engine, read)
    alone, names = strangers(engine, read), _names([sample.path for sample, _ in read])
    return [
        Draft(
            sample,
            engine,
            dict(found.readings),
            name=name,
            keyed=keyed.get(place),
            joined=join,
            own_people=place in alone,
            superseded=sample.path in better,
            ordered=join is not None and join.other.path in lines,
        )
        for place, ((sample, found), name, join) in enumerate(zip(read, names, joins, strict=True))
    ]


def _names(paths: Sequence[Path]) -> list[str]:
    """A source's name is its file's; a number tells equal ones apart."""
    taken: list[str] = []
    for path in paths:
        base = snake(path.name.split(".")[0])[:70]
        number, name = 2, base
        while name in taken:
            name, number = f"{base}_{number}", number + 1
        taken.append(name)
    return taken


def _acquainted(read: list[Read], engine: Engine) -> list[Read]:
    """The same files, where a file's own number proves to be what others call the customer."""
    for place, name in recognised(engine, read).items():
        sample, found = read[place]
        why = f"{found.readings[name].reason}; other files call the customer so"
        known = {**found.readings, name: Reading(name, "customer_id", 0.9, why)}
        read[place] = sample, replace(found, readings=known)
    return read


def _source(draft: Draft, found: Verdict) -> SourceProposal:
    sample = draft.sample
    told_in_utc(draft)
    BUILDERS[found.kind.name](draft)
    data = {
        "read": str(sample.path),
        **_format(sample),
        **{key: value for key, value in draft.data.items() if value},
    }
    columns = tuple(
        each if each.use else replace(each, use="not used")
        for each in draft.readings.values()
        if not draft.joined or each.column not in draft.joined.lent
    )
    return SourceProposal(
        sample.path,
        found.kind.name,
        found.confidence,
        found.reason,
        columns,
        Source(name=draft.name, **data),
        (*sample.doubts, *draft.notes),
        sample.rows,
        data,
    )


def _format(sample: Sample) -> dict[str, Any]:
    return {} if sample.format.header else {"format": {"header": False}}
