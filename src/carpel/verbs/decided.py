"""What was decided on a past day, and whether it can be worked out again."""

from dataclasses import dataclass, field
from datetime import date, datetime

from carpel.errors import CarpelError, NotFound
from carpel.evaluation.history import History
from carpel.stages.segments.past import Count
from carpel.stages.segments.rules import account_fingerprints, fingerprints
from carpel.store.builds import Build
from carpel.verbs.asked import Unit
from carpel.verbs.explain import Clause, explain_account, explain_customer
from carpel.verbs.moments import chain
from carpel.verbs.reader import reading
from carpel.verbs.session import Session
from carpel.verbs.timeline import MOVEMENTS, called_one, cause, day_end, local, zone_of


@dataclass(frozen=True)
class Decided:
    """The stored decision about one person and one segment, and why where that can be told."""

    customer: int
    segment: str
    on: date
    at: datetime
    """The update that decided, local."""
    member: bool
    since: datetime | None = None
    """Since when it was so; None when it was before history began."""
    because: str | None = None
    why_not: str = ""
    """Why the reasons cannot be worked out again; empty when `clauses` hold them."""
    clauses: list[Clause] = field(default_factory=list)
    called: str = "person"


def decided(
    session: Session, customer: int, segment: str, on: date, unit: Unit = "customer"
) -> Decided:
    """What was decided by the end of a day; raises NotFound, CarpelError before history began.

    Of an account, `customer` is its key and the segment one of accounts.
    """
    zone = zone_of(session)
    until = day_end(on, zone)
    with reading(session) as reader:
        told = History(reader.engine, MOVEMENTS[unit])
        called = called_one(reader, unit)
        began = told.began(segment)
        if began is None:
            raise NotFound("segment", segment, told.segments())
        if began > until:
            raise CarpelError(
                f"The history of {segment} begins with {local(began, zone):%Y-%m-%d}.",
                action="Name a later day, or work it out: carpel replay --as-known-now",
            )
        member = customer in told.members_at(segment, until)
        since, because = _since(told, segment, customer, until, member=member)
    build = _build_of(session, until)
    at = Count(**build.notes("segments")["history"]).moment if build else since or began
    why_not, clauses = _reasons(session, build, customer, segment, unit, member=member)
    return Decided(
        customer,
        segment,
        on,
        local(at, zone),
        member,
        since and local(since, zone),
        because,
        why_not,
        clauses,
        called,
    )


def _since(
    told: History, segment: str, customer: int, until: datetime, *, member: bool
) -> tuple[datetime | None, str | None]:
    """When the person last came or left, up to a moment, and why."""
    moments = [each[0 if member else 1] for each in told.spell(segment, customer)]
    past = [each for each in moments if each is not None and each <= until]
    if not past:
        return None, None
    part = "entered" if member else "left"
    return past[-1], cause(told, segment, customer, part, past[-1])


def _build_of(session: Session, until: datetime) -> Build | None:
    """The build that was in force at a moment, when it is kept: none between it and the next."""
    for build in chain(session.store.builds):
        history = build.notes("segments").get("history")
        if history is None:
            return None
        if Count(**history).moment <= until:
            return build
    return None


def _reasons(
    session: Session, build: Build | None, customer: int, segment: str, unit: Unit, *, member: bool
) -> tuple[str, list[Clause]]:
    """The clauses by that build's tables, or why they cannot be told."""
    if build is None:
        return "the update of that day is not kept any more", []
    noted = {"customer": "definitions", "account": "account_definitions"}[unit]
    now = {"customer": fingerprints, "account": account_fingerprints}[unit](session.understood)
    then = build.notes("segments").get(noted, {}).get(segment)
    if then is None or then != now.get(segment):
        return "the definition was another then", []
    explain = explain_account if unit == "account" else explain_customer
    try:
        reasons = explain(session, customer, segment, build.build)
    except NotFound:
        return "nobody knew of them then", []
    if reasons.member != member:
        return "that stretch of history was worked out anew since", []
    return "", reasons.clauses
