"""What a project does by itself, and when: its jobs in `carpel.yml`."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from carpel.jobs import Deed, upcoming, work
from carpel.jobs.work import Done
from carpel.store.campaigns import approvals
from carpel.store.jobs import known
from carpel.verbs.session import Session

Rows = list[dict[str, Any]]


def due(session: Session, deed: Deed) -> Iterator[Done]:
    """Do every job whose time has come, and give how each went."""
    project = session.settings
    return work(session.store.ledger, session.clock, ZoneInfo(project.timezone), project.jobs, deed)


def ls(session: Session) -> Rows:
    """Every job: what it does, when it is due next, and how it went last."""
    project, now = session.settings, session.clock()
    zone, held = ZoneInfo(project.timezone), known(session.store.ledger)
    rows = []
    for name, job in project.jobs.items():
        last = held.get(name, {})
        rows.append(
            {
                "job": name,
                "does": f"{job.do} {job.campaign or ''}".strip(),
                "when": job.told,
                "next": upcoming(job, zone, now).astimezone(UTC),
                "last": last.get("began_at"),
                "ended": last.get("ended_at"),
                "outcome": last.get("outcome") or None,
            }
        )
    return rows


def on_the_way(session: Session) -> list[str]:
    """Approved campaigns that say themselves when they leave: by a trigger, steps or a schedule."""
    held = approvals(session.store.ledger)
    return [
        name
        for name, each in session.definitions.campaigns.items()
        if name in held and held[name].state == "approved" and (each.is_sequence or each.schedule)
    ]
