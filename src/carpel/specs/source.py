"""A source: where data is, and what its columns mean."""

import codecs
import re
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from carpel.language import Comparison, comparison
from carpel.specs.base import Document, Name, Names, Spec, Zone
from carpel.tables import REFUND_ONLY, TABLES

ColumnType = Literal["text", "integer", "number", "boolean", "date", "instant", "list"]


def _date_formats(formats: tuple[str, ...]) -> tuple[str, ...]:
    for each in formats:
        if wrong := re.search(r"%(?!-?[aAbBcdDfFgGHIjmMnpSTuUVwWxXyYzZ%])(.?.?)", each):
            raise ValueError(f"strptime knows no {wrong[0]!r}; write such as %d.%m.%Y")
    return formats


class Column(Spec):
    """One value of a row: a column of the file, or a constant, and how to read it."""

    column: str | None = None
    constant: str | int | float | bool | None = None
    type: ColumnType | None = None
    format: Annotated[Names, AfterValidator(_date_formats)] = ()
    """Date formats to try in this order, in the notation of strptime."""
    decimal: Literal[".", ","] | None = None
    values: dict[str, str | int | float | bool | None] = Field(default_factory=dict)
    """What the file writes, and what it means: `{"1": "yes", "0": "no"}`."""
    separator: str | None = None
    """Splits one cell into a list."""
    times: str | None = None
    """Another column to multiply by: an amount that is quantity times unit price."""

    @model_validator(mode="after")
    def _one_origin(self) -> "Column":
        if (self.column is None) == (self.constant is None):
            raise ValueError("give either `column` or `constant`")
        return self


def _column(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


ColumnRef = Annotated[Column, BeforeValidator(_column)]
Columns = dict[str, ColumnRef]


def _encoding(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError:
        raise ValueError(f"there is no encoding {name!r}, such as utf-8 or cp1252") from None
    return name


def _delimiter(sign: str) -> str:
    if len(sign) != 1 and sign != " +":
        raise ValueError('is one sign such as ; or "\\t" (" +" for any run of blanks)')
    return sign


Sign = Annotated[str, StringConstraints(min_length=1, max_length=1)]


class Format(Spec):
    """How a file is written, where its own signs do not decide it."""

    kind: Literal["csv", "parquet", "jsonl", "xlsx", "database"] | None = None
    encoding: Annotated[str, AfterValidator(_encoding)] | None = None
    delimiter: Annotated[str, AfterValidator(_delimiter)] | None = None
    quote: Sign | None = None
    header: bool = True
    columns: tuple[str, ...] = ()
    """Names of the columns where the file has no header."""
    skip_rows: int = Field(default=0, ge=0)
    decimal: Literal[".", ","] | None = None
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    sheet: str | int | None = None
    table: str | None = None
    """Table to read, for a database."""


def _readable(read: tuple[str, ...]) -> tuple[str, ...]:
    for each in filter(lambda each: "://" in each, read):
        try:
            parts = urlsplit(each)
        except ValueError:
            raise ValueError(
                "is no database URL: postgresql://USER:${NAME}@HOST/DATABASE"
            ) from None
        if parts.scheme not in ("postgresql", "postgres"):
            raise ValueError("reads files and PostgreSQL (postgresql://…); download the file first")
        said = [parts.password or "", *dict(parse_qsl(parts.query)).get("password", "").split()]
        if any(each and not each.startswith("${") for each in said):
            raise ValueError("a password stands here: write ${NAME} and set NAME outside")
    return read


Reads = Annotated[Names, AfterValidator(_readable)]
"""Paths or globs relative to the project, or a database URL; a secret in it stands as `${NAME}`."""

ComparisonRef = Annotated[
    Comparison,
    BeforeValidator(comparison),
    WithJsonSchema({"title": "Comparison", "description": "language"}),
]
"""A comparison as people write it: `coffee`, `[a, b]`, `{at_least: 3}`."""


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
    when: dict[str, ComparisonRef] = Field(default_factory=dict)
    """Only rows whose columns compare so: `{unsubscribed_at: {is_set: true}}` where a date is a
    refusal and an empty cell none."""


REFUSING = re.compile(
    r"(email|sms|phone|whatsapp|post)_(?:unsubscribe[ds]?|opt(?:ed)?_out|complain(?:ed|t)"
    r"|(?:marked_as_|reported_as_)?spam|spam_(?:complain(?:ed|t)|reported|report)|spamreport)"
)
"""Events by which somebody asks not to be contacted by a channel."""


def _with_refusals(permits: tuple[Permit, ...], info: ValidationInfo) -> tuple[Permit, ...]:
    """What is stated, and a refusal for each event that is one: to track it is to heed it."""
    told = [(track, REFUSING.fullmatch(track.event)) for track in info.data.get("track", ())]
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
    return (*permits, *(each for each in refusals if each not in permits))


class Place(Spec):
    """Which company or household the person of this row belongs to."""

    key: ColumnRef
    name: ColumnRef | None = None
    traits: Columns = Field(default_factory=dict)


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
    refusals without being stated here."""
    account: Place | None = None
    describes: dict[str, str] = Field(default_factory=dict)
    """The event property that a row describes, and the column with its key."""
    properties: Columns = Field(default_factory=dict)
    costs: tuple[Cost, ...] = ()
    most_shrink: float = Field(default=0.5, ge=0, le=1)
    """Largest share of rows by which a load may shrink and still be published."""
