"""Links that lead on: where each code leads now, and who followed it; only ever added to."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

from carpel.store.ledger import Ledger

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True)
class Click:
    """Somebody, or nobody known, followed a link; `machine` says what did, if it was no person."""

    code: str
    address: str
    medium: str
    campaign: str
    at: datetime
    machine: str


def code_of(key: bytes, target: str) -> str:
    """The code of an address in messages: the same for the same one, and guessed by nobody."""
    return blake2b(target.encode(), key=key, digest_size=10, person=b"link").hexdigest()


def point(ledger: Ledger, targets: Mapping[str, str], *, at: datetime, actor: str) -> int:
    """Let codes lead somewhere from now on; gives how many lead elsewhere than before."""
    from sqlalchemy import insert, select

    from carpel.store.schema import links

    with ledger.write() as connection:
        asked = select(links.c.code, links.c.target).where(links.c.code.in_(list(targets)))
        held = {row.code: row.target for row in connection.execute(asked.order_by(links.c.id))}
        fresh = [
            {"code": code, "target": target, "at": at, "actor": actor}
            for code, target in targets.items()
            if held.get(code) != target
        ]
        if fresh:
            connection.execute(insert(links), fresh)
    return len(fresh)


def target(ledger: Ledger, code: str) -> str | None:
    """Where a code leads; None where there is no such code."""
    from sqlalchemy import select

    from carpel.store.schema import links

    asked = select(links.c.target).where(links.c.code == code).order_by(links.c.id.desc())
    found = ledger.rows(asked.limit(1))
    return found[0].target if found else None


def targets(ledger: Ledger) -> dict[str, str]:
    """Where every code leads."""
    from sqlalchemy import select

    from carpel.store.schema import links

    asked = select(links.c.code, links.c.target).order_by(links.c.id)
    return {row.code: row.target for row in ledger.rows(asked)}


def clicked(ledger: Ledger, click: Click) -> None:
    """Note that a link was followed."""
    from sqlalchemy import insert

    from carpel.store.schema import clicks

    with ledger.write() as connection:
        connection.execute(insert(clicks), asdict(click))


def clicks(ledger: Ledger) -> list[Click]:
    """Every time a link was followed, oldest first."""
    from sqlalchemy import select

    from carpel.store.schema import clicks as c

    rows = ledger.rows(select(c).order_by(c.c.id))
    return [Click(*(getattr(row, name) for name in Click.__match_args__)) for row in rows]


def followed(ledger: Ledger, campaign: str) -> dict[str, int]:
    """Who followed links of a campaign: how many `people`, and how often each kind of machine."""
    told = [each for each in clicks(ledger) if each.campaign == campaign]
    machines = Counter(each.machine for each in told if each.machine)
    people = {each.address for each in told if not each.machine}
    return {"people": len(people), **dict(sorted(machines.items()))} if told else {}


def forget(connection: "Connection", addresses: Collection[str]) -> None:
    """Leave nothing by which clicks lead to these people; that there were any stays."""
    from sqlalchemy import update

    from carpel.store.schema import clicks as c

    connection.execute(update(c).where(c.c.address.in_(list(addresses))).values(address=""))
