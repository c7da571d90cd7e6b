"""Campaigns: a million people assigned and decided about, and e-mail handed over with claims.

Beside it what one would use instead: hashlib a key at a time for arms; for the messages the sink
alone, fed by smtplib with one message made beforehand.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from pyroaring import BitMap

from benchmarks.campaigns.sink import fed, sink
from benchmarks.timing import once, peak_gigabytes, seconds
from carpel.campaigns.approval import approved
from carpel.campaigns.audience import audience
from carpel.campaigns.desk import Desk
from carpel.campaigns.sending import send
from carpel.channels.smtp import SmtpCarrier
from carpel.engine.duckdb import DuckDB
from carpel.engine.query import query
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock
from carpel.specs import Campaign, Definitions, Message, Project, Smtp
from carpel.stats.assignment import arms, held_out
from carpel.store.addresses import address_hash
from carpel.store.ledger import Ledger
from carpel.store.suppressions import suppress

PEOPLE = int(os.environ.get("CARPEL_PEOPLE", "1000000"))
MESSAGES = int(os.environ.get("CARPEL_MESSAGES", "10000"))
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHARES = {"a": 0.5, "b": 0.3, "c": 0.2}
FIELDS = [f"field_{n}" for n in range(10)]
ADDRESS = "concat('p', customer, '@mail.example')"
PARAGRAPH = "Something that is true of everybody, said at some length. " * 33
MOST_SECONDS = {"assignment": 2.0}


def by_hand(keys: Any) -> list[str]:
    """Arms by one digest a key, as one writes it without thinking."""
    found = []
    for key in keys.tolist():
        at = int.from_bytes(hashlib.sha256(f"spring{key}".encode()).digest()[:8], "big") / 2**64
        found.append("a" if at < 0.5 else "b" if at < 0.8 else "c")
    return found


def assigned(keys: Any) -> Any:
    """Who is kept aside, and everybody's arm."""
    return held_out(keys, "spring", 0.1), arms(keys, "spring", SHARES)


@contextmanager
def desk(people: int, folder: Path, port: int) -> Iterator[Desk]:
    """So many people with an address, a permission and ten facts, as a build's files."""
    engine = DuckDB(folder)
    base = query("SELECT i AS customer FROM (SELECT unnest(range(1, :n + 1)) AS i)", n=people)
    facts = ", ".join(
        f"concat('value {n} of ', customer) AS t_{name}" for n, name in enumerate(FIELDS)
    )
    tables = {
        "customers": "SELECT customer FROM :base",
        "contacts": f"SELECT customer, {ADDRESS} AS email, {facts} FROM :base",
        "consents": "SELECT customer, 'email' AS channel, 'marketing' AS purpose, "
        "customer % 10 > 0 AS granted, customer % 100 = 1 AS suppressed FROM :base",
        "records": f"SELECT customer AS ref, {ADDRESS} AS id_email FROM :base",
        "identities": "SELECT customer AS ref, customer FROM :base",
        "aliases": "SELECT customer, customer AS survivor FROM :base WHERE customer < 0",
        "profiles": "SELECT customer, CASE customer % 3 WHEN 0 THEN 'Europe/Berlin' "
        "WHEN 1 THEN 'America/New_York' END AS timezone FROM :base",
        "traits": "SELECT 'timezone' AS trait, 'text' AS type, 'profiles' AS \"table\", "
        "'\"timezone\"' AS expression",
    }
    for name, text in tables.items():
        file = folder / f"{name}.parquet"
        engine.write(query(text, base=base), file)
        engine.bind(name, [file])
    campaign = Campaign.model_validate(
        {
            "name": "spring",
            "goal": {"metric": "order_rate", "target": 0.1, "by": date(2030, 1, 1)},
            "audience": "everybody",
            "channel": "news",
            "variants": [{"name": n, "message": "hello", "share": s} for n, s in SHARES.items()],
            "quiet_hours": {"start": "02:00", "end": "07:30"},
            "cap": {"messages": 2, "within_days": 7},
        }
    )
    body = "\n\n".join(f"{PARAGRAPH} {{{{ {name} }}}}" for name in FIELDS)
    message = {"name": "hello", "subject": "Hi {{ field_0 }}", "markdown": body}
    channel = {
        "name": "news",
        "kind": "smtp",
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "sender": "Shop <hello@shop.example>",
        "unsubscribe_url": "https://shop.example/u/{token}",
        "connections": 2,
    }
    yield Desk(
        definitions=Definitions(
            Project(name="shop", timezone="Europe/Berlin"),
            channels={"news": Smtp.model_validate(channel)},
            messages={
                "hello": Message.model_validate(message | {"fallbacks": dict.fromkeys(FIELDS, "")})
            },
            campaigns={"spring": campaign},
        ),
        engine=engine,
        catalogue=Catalogue(engine, Clock(NOW.replace(tzinfo=None), ZoneInfo("Europe/Berlin"))),
        sets={"everybody": BitMap(range(1, people + 1))},
        build="b1",
        as_of=NOW,
        ledger=Ledger.open(folder),
        key=b"key of this benchmark",
        clock=lambda: NOW,
        label=str,
    )
    engine.close()


def assigning() -> bool:
    """A million assignments; whether they are quick enough."""
    keys = np.arange(1, PEOPLE + 1, dtype=np.uint32)
    ours, hand = seconds(lambda: assigned(keys)), once(lambda: by_hand(keys))[0]
    print(f"  {PEOPLE:,} people assigned            {ours:8.3f} s   by hand {hand:.2f} s")
    return ours <= MOST_SECONDS["assignment"]


def deciding(folder: Path) -> None:
    """The audience of a million people with ten thousand on our own do-not-contact list."""
    with desk(PEOPLE, folder, 1) as at:
        campaign = at.campaign("spring")
        plain = seconds(lambda: audience(at, campaign), 3)
        hashes = [address_hash(at.key, f"p{n}@mail.example") for n in range(1, 10_001)]
        suppress(at.ledger, hashes, medium="email", reason="x", at=NOW)
        listed = seconds(lambda: audience(at, campaign), 3)
        frozen = once(lambda: approved(at, campaign, "ada"))[0]
    print(f"  {PEOPLE:,} people decided about       {plain:8.3f} s")
    print(f"  with 10,000 on our own list        {listed:8.3f} s")
    print(f"  approved and frozen                {frozen:8.3f} s")


def sending(folder: Path) -> None:
    """So many messages of 20 kB with ten fields, signed links and durable claims."""
    with sink() as port, desk(2 * MESSAGES, folder, port) as at:
        campaign = at.campaign("spring")
        held = approved(at, campaign, "ada")
        spec = at.channel(campaign)
        assert isinstance(spec, Smtp)
        taken, sent = once(
            lambda: send(
                at,
                campaign,
                held,
                lambda: SmtpCarrier(spec, "spring", None),
                actor="ada",
                limit=MESSAGES,
            )
        )
        content = b"Subject: x\r\n\r\n" + b"y" * 20_000
        bare = once(lambda: fed(port, content, MESSAGES))[0] / MESSAGES
    rate = 60 * sent.sent / taken
    print(f"  {sent.sent:,} messages handed over      {taken:8.3f} s   {rate:,.0f} a minute")
    print(f"  the sink's share, fed by smtplib   {bare * sent.sent / taken:8.0%}")


def main() -> None:
    """Print the figures; fails where a bound is missed."""
    quick = assigning()
    for part in (sending, deciding):
        with tempfile.TemporaryDirectory() as folder:
            part(Path(folder))
    print(f"  peak memory {peak_gigabytes():.2f} GB")
    if not quick:
        raise SystemExit("assignment took longer than it may")
