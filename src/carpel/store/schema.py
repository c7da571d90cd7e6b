"""The ledger's tables, and the steps from one version of them to the next.

The only module that imports SQLAlchemy when it is imported (about a second), so it is imported
inside functions only.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    inspect,
)


class Instant(TypeDecorator[datetime]):
    """An instant, in UTC without a zone in the database and with it in Python."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


LEDGER = MetaData()
KEY = BigInteger().with_variant(Integer(), "sqlite")

marks = Table(
    "marks",
    LEDGER,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)
"""Numbers that only grow: the schema's version, the next customer key."""

audit = Table(
    "audit",
    LEDGER,
    Column("id", KEY, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("arguments", Text, nullable=False),
    Column("customer", BigInteger),
    Column("outcome", Text, nullable=False),
    Column("ended_at", Instant),
)
"""Who did what, when; `arguments` is JSON without personal values."""

runs = Table(
    "runs",
    LEDGER,
    Column("id", KEY, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", Text, nullable=False),
    Column("build", Text),
)
"""Everything that held the build lease, and how it ended."""

leases = Table(
    "leases",
    LEDGER,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started", Text, nullable=False),
    Column("taken_at", Instant, nullable=False),
    Column("heard_at", Instant, nullable=False),
)

pins = Table(
    "pins",
    LEDGER,
    Column("pin", Text, primary_key=True),
    Column("build", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started", Text, nullable=False),
    Column("heard_at", Instant, nullable=False),
)

decisions = Table(
    "decisions",
    LEDGER,
    Column("id", KEY, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("refs", Text, nullable=False),
)
"""What people decided about records: these are (together), or are not (apart), one person."""

tombstones = Table(
    "tombstones",
    LEDGER,
    Column("hash", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)
"""Keyed hashes of what erased people had: row keys, identifiers, shared ones with the name."""

campaigns = Table(
    "campaigns",
    LEDGER,
    Column("campaign", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("design", Text, nullable=False),
    Column("medium", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("segment", BigInteger, nullable=False),
    Column("build", Text, nullable=False),
    Column("as_of", Instant),
    Column("approved_at", Instant, nullable=False),
    Column("approved_by", Text, nullable=False),
)
"""Approved campaigns: what was approved, by whom; `segment` counts the people it began with,
and what begins it for one person after the other has to be later than `as_of`."""

audiences = Table(
    "audiences",
    LEDGER,
    Column("campaign", Text, primary_key=True),
    Column("part", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("people", BigInteger, nullable=False),
    Column("members", LargeBinary, nullable=False),
)
"""Frozen at approval, as bitmaps of keys: who is in which arm, whom which step left out."""

sendings = Table(
    "sendings",
    LEDGER,
    Column("holder", Text, primary_key=True),
    Column("campaign", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started", Text, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("heard_at", Instant, nullable=False),
    Column("ended_at", Instant),
)
"""Processes that send: a claim of one that died is uncertain."""

deliveries = Table(
    "deliveries",
    LEDGER,
    Column("campaign", Text, primary_key=True),
    Column("step", Integer, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("address", Text, primary_key=True),
    Column("occasion", Text, primary_key=True, server_default=""),
    Column("customer", BigInteger),
    Column("arm", Text, nullable=False),
    Column("medium", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("passing", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("holder", Text, nullable=False),
    Column("claimed_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Index("days_of_channels", "channel", "claimed_at"),
)
"""One message to one person: claimed before it is handed over, settled after. `address` is a keyed
hash of the normalised one, by which nobody is ever claimed twice; `occasion` tells apart what
began a campaign for somebody once and again."""

occasions = Table(
    "occasions",
    LEDGER,
    Column("campaign", Text, primary_key=True),
    Column("customer", BigInteger, primary_key=True, autoincrement=False),
    Column("occasion", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("arm", Text, nullable=False),
    Column("step", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("noticed_at", Instant, nullable=False),
)
"""What began a campaign of several steps, or one with a trigger, for one person, and how far they
are: `step` is the next, `due_at` when; who is in the comparison group is noted too."""

suppressions = Table(
    "suppressions",
    LEDGER,
    Column("id", KEY, primary_key=True),
    Column("address", Text, nullable=False),
    Column("medium", Text, nullable=False),
    Column("customer", BigInteger),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
)
"""Addresses, as keyed hashes, that must not be contacted; only ever added to."""

returns = Table(
    "returns",
    LEDGER,
    Column("report", Text, primary_key=True),
    Column("address", Text, nullable=False),
    Column("medium", Text, nullable=False),
    Column("campaign", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
"""Bounces and complaints that were read, by a hash of each report: none counts twice."""

permissions = Table(
    "permissions",
    LEDGER,
    Column("id", KEY, primary_key=True),
    Column("address", Text, nullable=False, index=True),
    Column("medium", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("granted", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Column("page", Text, nullable=False),
    Column("campaign", Text, nullable=False),
)
"""What people said themselves of being contacted, and where; only ever added to."""

answers = Table(
    "answers",
    LEDGER,
    Column("id", KEY, primary_key=True),
    Column("address", Text, nullable=False, index=True),
    Column("page", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("campaign", Text, nullable=False),
)
"""What people said of themselves on pages, a row a question; only ever added to."""

jobs = Table(
    "jobs",
    LEDGER,
    Column("job", Text, primary_key=True),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("host", Text),
    Column("pid", Integer),
    Column("started", Text),
    Column("began_at", Instant),
    Column("heard_at", Instant),
    Column("ended_at", Instant),
    Column("outcome", Text, nullable=False),
)
"""What is done by itself: the time each job was last taken for, by which process, how it went."""

coupons = Table(
    "coupons",
    LEDGER,
    Column("coupon", Text, primary_key=True),
    Column("folded", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("campaign", Text),
    Column("address", Text),
    Column("customer", BigInteger),
    Column("occasion", Text),
    Column("arm", Text),
    Column("given_at", Instant),
    UniqueConstraint("coupon", "campaign", "address", "occasion"),
    Index("free_coupons", "coupon", "address", "number"),
)
"""Codes of coupons, `folded` to capitals; those given away say to whom, who has one a campaign,
or one an occasion that began it."""

links = Table(
    "links",
    LEDGER,
    Column("id", KEY, primary_key=True),
    Column("code", Text, nullable=False, index=True),
    Column("target", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
)
"""Where links lead on to, the newest row of a code; only ever added to."""

clicks = Table(
    "clicks",
    LEDGER,
    Column("id", KEY, primary_key=True),
    Column("code", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("medium", Text, nullable=False),
    Column("campaign", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("machine", Text, nullable=False),
)
"""Links that were followed: by whom, as a hash of the address, or by which kind of machine."""

exposures = Table(
    "exposures",
    LEDGER,
    Column("id", KEY, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("day", Text, nullable=False),
    Column("slot", Text, nullable=False, index=True),
    Column("segment", Text, nullable=False),
    Column("arm", Text, nullable=False),
    Column("visitor", Text, nullable=False),
    Column("views", Integer, nullable=False),
)
"""What stood in slots of web sites, counted: by the hash of an address, of an anonymous visitor's
own number, or of nobody; written in batches, so that a day of somebody may have several rows."""

engagement = Table(
    "engagement",
    LEDGER,
    Column("report", Text, primary_key=True),
    Column("address", Text, nullable=False),
    Column("medium", Text, nullable=False),
    Column("campaign", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("at", Instant),
    Column("link", Text, nullable=False),
    Column("machine", Text, nullable=False),
)
"""What people did with messages that another tool sent, by its exports: no row counts twice."""


def _with_occasions(connection: Connection) -> None:
    """Deliveries of before had no occasion; what makes a row one cannot be changed in place."""
    former = [column["name"] for column in inspect(connection).get_columns("deliveries")]
    if "occasion" not in former:
        named = ", ".join(former)
        connection.exec_driver_sql("ALTER TABLE deliveries RENAME TO former_deliveries")
        deliveries.create(connection)
        connection.exec_driver_sql(
            f"INSERT INTO deliveries ({named}) SELECT {named} FROM former_deliveries"
        )
        connection.exec_driver_sql("DROP TABLE former_deliveries")
    if "as_of" not in {c["name"] for c in inspect(connection).get_columns("campaigns")}:
        connection.exec_driver_sql("ALTER TABLE campaigns ADD COLUMN as_of TIMESTAMP")
    LEDGER.create_all(connection)


def _with_days(connection: Connection) -> None:
    """Deliveries of before had to be read whole to count those of a day."""
    for index in deliveries.indexes:
        index.create(connection, checkfirst=True)


UPGRADES: Mapping[int, Callable[[Connection], None]] = {
    1: LEDGER.create_all,
    2: LEDGER.create_all,  # campaigns, audiences, sendings, deliveries, suppressions
    3: LEDGER.create_all,  # returns
    4: LEDGER.create_all,  # permissions, answers
    5: _with_occasions,
    6: LEDGER.create_all,  # jobs
    7: LEDGER.create_all,  # coupons
    8: LEDGER.create_all,  # links, clicks
    9: LEDGER.create_all,  # exposures
    10: LEDGER.create_all,  # engagement
    11: _with_days,
}
"""What leads to each version from the one before."""
