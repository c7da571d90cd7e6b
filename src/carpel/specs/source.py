"""A source: where data is, and what its columns mean."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from carpel.specs.base import Document, Name, Names, Spec, Zone
from carpel.specs.column import Column, ColumnRef, Columns, ComparisonRef
from carpel.specs.format import Format, Reads
from carpel.tables import REFUND_ONLY, TABLES


def _own(properties: Columns) -> Columns:
    for name in properties:
        if name in OURS:
            raise ValueError(f"{name!r} is what Carpel itself says of an event; say {name}_stated")
    return properties


OURS = {*TABLES["staged_event"].columns, *TABLES["event"].columns, REFUND_ONLY}
"""Columns that every event has already."""


class Track(Spec):
    """Rows that say somebody did something at an instant."""

    event: Name
    at: ColumnRef
    key: Names = ()
    """The same row twice changes nothing; without a key the row's content is the key."""
    when: dict[str, ComparisonRef] = Field(default_factory=dict)
    """Only rows whose columns compare so: `{quantity: {lt: 0}}`."""
    cluster_by: str | None = None
    """The property by which the event's files are sorted."""
    properties: Annotated[Columns, AfterValidator(_own)] = Field(default_factory=dict)


class Hold(Spec):
    """Rows that say somebody held something from-until."""

    plan: ColumnRef
    started_at: ColumnRef
    contract_id: ColumnRef | None = None
    ended_at: ColumnRef | None = None
    trial_ends_at: ColumnRef | None = None
    renews_at: ColumnRef | None = None
    paused_at: ColumnRef | None = None
    cancelled_at: ColumnRef | None = None
    amount: ColumnRef | None = None
    currency: ColumnRef | None = None
    interval: ColumnRef | None = None
    """`month`, `quarter`, `year` or `week`: what one amount pays for."""
    seats: ColumnRef | None = None
    status: ColumnRef | None = None


class Permit(Spec):
    """Rows that say whether somebody may be contacted."""

    channel: ColumnRef
    purpose: ColumnRef = Column(constant="marketing")
    granted: ColumnRef
    """yes or no; for a suppression, a constant false and `suppress: true`."""
    at: ColumnRef | None = None
    proof: ColumnRef | None = None
    suppress: bool = False
    after: int = Field(default=1, ge=1)
    """How many such rows about somebody it takes: `3` for bounces that do not say whether they
    are for good. What the rows before say is not heeded."""
    undeliverable: bool = False
    """The address takes no messages any more, as after a hard bounce: nobody is written to there,
    until the person has another; with `granted: {constant: false}`."""
    when: dict[str, ComparisonRef] = Field(default_factory=dict)
    """Only rows whose columns compare so: `{unsubscribed_at: {is_set: true}}` where a date is a
    refusal and an empty cell none."""


REFUSING = re.compile(
    r"(email|sms|phone|whatsapp|post)_(?:unsubscribe[ds]?|opt(?:ed)?_out|complain(?:ed|t)"
    r"|(?:marked_as_|reported_as_)?spam|spam_(?:complain(?:ed|t)|reported|report)|spamreport)"
)
"""Events by which somebody asks not to be contacted by a channel."""


BOUNCED = re.compile(r"email_(?:hard_bounce[ds]?|bounce[ds]?_hard|bounced_permanently)")
"""Events by which an address is known to take no mail any more."""


def _with_refusals(permits: tuple[Permit, ...], info: ValidationInfo) -> tuple[Permit, ...]:
    """What is stated, and a refusal for each event that is one: to track it is to heed it."""
    tracks = info.data.get("track", ())
    told = [(track, REFUSING.fullmatch(track.event)) for track in tracks]
    refusals = [
        Permit(
            channel=Column(constant=refused[1]),
            granted=Column(constant=False),
            at=track.at,
            suppress=True,
            when=track.when,
        )
        for track, refused in told
        if refused
    ]
    dead = [
        Permit(
            channel=Column(constant="email"),
            granted=Column(constant=False),
            at=track.at,
            undeliverable=True,
            when=track.when,
        )
        for track in tracks
        if BOUNCED.fullmatch(track.event)
    ]
    return (*permits, *(each for each in (*refusals, *dead) if each not in permits))


HOUSEHOLD = re.compile(
    r"(?i)house[ _-]?hold|haushalt|famil|huishoud|gezin|foyer|m[eé]nage|hogar|agregado|nucleo"
)
"""Words for a household in what a column is called."""


class Place(Spec):
    """Which company or household the person of this row belongs to."""

    key: ColumnRef
    name: ColumnRef | None = None
    traits: Columns = Field(default_factory=dict)
    kind: Literal["company", "household"] | None = None
    """What it is; when left out a household where the key's column says so, else a company."""

    @property
    def is_household(self) -> bool:
        """Whether it is a household, as stated or as the key's column is called."""
        return (self.kind or self._called) == "household"

    @property
    def _called(self) -> str:
        return "household" if HOUSEHOLD.search(self.key.column or "") else "company"


class Cost(Spec):
    """Rows that say what was spent."""

    amount: ColumnRef
    at: ColumnRef | None = None
    currency: ColumnRef | None = None
    channel: ColumnRef | None = None
    campaign: ColumnRef | None = None


class Join(Spec):
    """Columns of another file, found by a key: an order's customer and time for its lines."""

    read: Reads
    """Paths or globs relative to the project."""
    format: Format = Format()
    on: dict[str, str] = Field(min_length=1)
    """This source's column, and the other file's with the same key."""


class Source(Document):
    """Where data is and what its columns mean; `name` is the file's own name."""

    name: Name
    label: str = ""
    read: Reads
    """Paths or globs relative to the project, or one database URL with secrets as `${NAME}`."""
    format: Format = Format()
    timezone: Zone | None = None
    """Zone of times without one; the project's own when left out."""
    mode: Literal["append", "snapshot", "changes"] = "append"
    key: Names = ()
    fill_down: Names = ()
    """Columns given on the first line of an order only."""
    joins: tuple[Join, ...] = ()
    """Files whose columns stand beside this source's own, where it does not have them."""
    identifiers: Columns = Field(default_factory=dict)
    """Identifier kind (email, phone, crm_id, …) and the column that holds it."""
    traits: Columns = Field(default_factory=dict)
    seen_at: ColumnRef | None = None
    """When the row's traits were true; the newest wins."""
    known_since: ColumnRef | None = None
    """When the person was first known, such as the day they signed up; the earliest counts."""
    track: tuple[Track, ...] = ()
    hold: tuple[Hold, ...] = ()
    permit: Annotated[tuple[Permit, ...], AfterValidator(_with_refusals)] = Field(
        default=(), validate_default=True
    )
    """Permissions; events such as `email_unsubscribed` and `email_complained` among `track` are
    refusals without being stated here, and `email_hard_bounced` says that an address is dead."""
    account: Place | None = None
    describes: dict[str, str] = Field(default_factory=dict)
    """The event property that a row describes, and the column with its key."""
    properties: Columns = Field(default_factory=dict)
    costs: tuple[Cost, ...] = ()
    most_shrink: float = Field(default=0.5, ge=0, le=1)
    """Largest share of rows by which a load may shrink and still be published."""
