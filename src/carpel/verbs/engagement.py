"""Reading back what people did with messages that another tool sent, from its exports."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory

from carpel.engine.opening import open_engine
from carpel.errors import NotFound
from carpel.inference.engaged import KINDS, Activity, Kind, activities, form_of
from carpel.reading import open_rows
from carpel.specs import Format
from carpel.store import engagement, returns
from carpel.store.addresses import address_hash
from carpel.store.deliveries import Route, counts
from carpel.store.engagement import Engaged
from carpel.store.permissions import EVERY, Word, note, words
from carpel.store.suppressions import UNDELIVERABLE, suppress
from carpel.values.email import normal
from carpel.verbs.session import Session

EMAIL = "email"
TOOL = "sending tool"
"""Stands as the page on which somebody unsubscribed by the link of such a tool."""
OTHERS = "not among those whom this campaign contacted"
_SAYS: Mapping[str, returns.Kind] = {
    "hard": "undeliverable",
    "blocked": "blocked",
    "soft": "soft",
    "": "soft",
}
"""What a bounce means; one that does not say counts as one that may pass."""


@dataclass(frozen=True)
class Engagement:
    """What was read from an export: people by what they did, and rows left alone, by the reason."""

    campaign: str
    opened: int
    clicked: int
    bounced: int
    unsubscribed: int
    complained: int
    machines: int
    """Opened or clicked by no person, as the tool says."""
    known: int
    """Read before."""
    aside: Mapping[str, int]


def engagement_of(
    session: Session, campaign: str, file: Path, kind: str | None = None
) -> Engagement:
    """Read an export of one campaign; `kind` where the file does not say what was done.

    Each thing counts once, however often it is read. Raises NotFound for a campaign that sent
    nothing, and SourceError.
    """
    ledger, key = session.store.ledger, session.store.key
    if campaign not in (sent := {row["campaign"] for row in counts(ledger)}):
        raise NotFound("campaign that was sent", campaign, sent)
    if kind is not None and kind not in KINDS:
        raise NotFound("kind", kind, KINDS)
    said, aside = _read(session, file, next((each for each in KINDS if each == kind), None))
    routes = returns.routes(ledger, {address_hash(key, each.address) for each in said})
    mine = {hashed: last for hashed, all_ in routes.items() if (last := _last(all_, campaign))}
    told = {row.report: (row, act) for row, act in (_engaged(key, e, campaign, mine) for e in said)}
    heeded = {
        r: both for r, both in told.items() if both[0].address in mine or both[1].kind in HEEDED
    }
    aside[OTHERS] = len(told) - len(heeded)
    new = engagement.fresh(ledger, [row for row, _ in heeded.values()])
    for row in new:
        _heed(session, row, heeded[row.report][1], mine.get(row.address))
    engagement.note(ledger, new)
    return _counted(campaign, new, len(heeded) - len(new), +aside)


HEEDED: Sequence[Kind] = ("bounced", "unsubscribed", "complained")
"""What is heeded of everybody, whether this campaign wrote to them or not."""
Routed = tuple[Route, str]
"""A delivery and its occasion."""


def _read(session: Session, file: Path, kind: Kind | None) -> tuple[list[Activity], Counter[str]]:
    zone, engine = session.understood.project.timezone, open_engine("duckdb")
    said, aside = list[Activity](), Counter[str]()
    try:
        with TemporaryDirectory() as scratch:
            place, whole = Path(scratch), file.resolve()
            rows = open_rows([str(whole)], Format(), engine, folder=whole.parent, scratch=place)
            form = form_of(rows, engine, kind, file.name)
            aside["cannot be read as a row"] = len(rows.rejected)
            for each in _regular(activities(rows, engine, form, zone)):
                if isinstance(each, str):
                    aside[each] += 1
                else:
                    said.append(each)
    finally:
        engine.close()
    return said, aside


def _regular(found: Iterator[Activity | str]) -> Iterator[Activity | str]:
    """With addresses as builds have them."""
    for each in found:
        if isinstance(each, str):
            yield each
        elif (address := normal(each.address).value) is None:
            yield "no address"
        else:
            yield replace(each, address=address)


def _last(known: Sequence[Routed], campaign: str) -> Routed | None:
    return next((each for each in reversed(known) if each[0].campaign == campaign), None)


def _engaged(
    key: bytes, said: Activity, campaign: str, mine: Mapping[str, Routed]
) -> tuple[Engaged, Activity]:
    address = address_hash(key, said.address)
    at = said.at.isoformat() if said.at else ""
    words_of = "\0".join((campaign, address, said.kind, at, said.link, said.why))
    report = blake2b(words_of.encode(), key=key, digest_size=20, person=b"engaged").hexdigest()
    medium = mine[address][0].medium if address in mine else EMAIL
    machine = "tool" if said.machine else ""
    row = Engaged(report, address, medium, campaign, said.kind, said.at, said.link, machine)
    return row, said


def _heed(session: Session, each: Engaged, said: Activity, delivery: Routed | None) -> None:
    """Let what somebody did hold for the next message."""
    ledger, at, actor = session.store.ledger, session.clock(), session.actor
    if each.kind == "unsubscribed":
        _withdraw(session, each)
    elif each.kind in ("bounced", "complained"):
        means: returns.Kind = "complaint" if each.kind == "complained" else _SAYS[said.why]
        if delivery is not None:
            route, occasion = delivery
            told = returns.Return(each.report, means, said.why)
            returns.note(ledger, route, each.address, told, at=at, actor=actor, occasion=occasion)
        elif means in ("complaint", "undeliverable"):
            why = "complained" if means == "complaint" else UNDELIVERABLE
            suppress(ledger, [each.address], medium=each.medium, reason=why, at=at, actor=actor)


def _withdraw(session: Session, each: Engaged) -> None:
    """A no by the tool's own link, unless the person has allowed it since on a page of ours."""
    ledger, at = session.store.ledger, session.clock()
    since = [word for word in words(ledger, each.address) if word.granted]
    if each.at is None or not any(word.at > each.at for word in since):
        note(ledger, [Word(each.address, each.medium, EVERY, False, at, TOOL, each.campaign)])


def _counted(
    campaign: str, new: Sequence[Engaged], known: int, aside: Mapping[str, int]
) -> Engagement:
    people = Counter(kind for kind, _ in {(e.kind, e.address) for e in new if not e.machine})
    return Engagement(
        campaign=campaign,
        opened=people["opened"],
        clicked=people["clicked"],
        bounced=people["bounced"],
        unsubscribed=people["unsubscribed"],
        complained=people["complained"],
        machines=sum(bool(each.machine) for each in new),
        known=known,
        aside=dict(aside),
    )
