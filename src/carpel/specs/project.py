"""carpel.yml: the project as a whole."""

import re
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from carpel.specs.access import Access
from carpel.specs.base import SECRET, Document, Name, Spec, Zone
from carpel.specs.computing import Computing
from carpel.specs.holdout import Holdout
from carpel.specs.job import Job
from carpel.specs.senders import is_loopback
from carpel.specs.writer import Personas

Included = Literal["included", "excluded", "unknown"]


class Revenue(Spec):
    """What the word revenue means here: which event and property, and what is in it."""

    event: Name = "order_completed"
    property: Name = "amount"
    tax: Included = "unknown"
    shipping: Included = "unknown"
    refunds: Literal["subtracted", "not_subtracted", "unknown"] = "subtracted"
    margin: float | None = Field(default=None, gt=0, le=1)
    """What share of revenue is left after what was sold is paid; what a campaign is worth is told
    in it, where it is said."""


class Builds(Spec):
    """How many builds stay, and when a new one is too different to be published."""

    keep: int = Field(default=10, ge=1)
    most_people_lost: float = Field(default=0.3, ge=0, le=1)
    most_segment_change: float = Field(default=0.8, ge=0, le=1)
    most_seconds_per_segment: float | None = Field(default=None, gt=0)
    """A run warns of segments whose evaluation took longer."""


class Identity(Spec):
    """Guards of identity resolution; the matcher itself has one configuration for all."""

    probabilistic: bool = True
    training: int = Field(default=1, ge=1)
    """Which training of the matcher this is: with another number the next run trains it anew."""
    most_people_per_identifier: int = Field(default=20, ge=2)
    """An identifier on more distinct people than this is not one."""
    one_per_person: tuple[Name, ...] = ()
    """Kinds of identifier of which nobody has two: records with different ones are two people."""


Code2 = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Code3 = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


def _currency(code: str) -> str:
    from carpel.values.currency import normal

    if normal(code).value != code:
        raise ValueError(f"there is no currency {code}; write three letters such as EUR or USD")
    return code


def _country(code: str) -> str:
    from carpel.values.country import normal

    if normal(code).value != code:
        raise ValueError(f"there is no country {code}; write two letters such as DE or US")
    return code


def _ledger(url: str) -> str:
    if SECRET.fullmatch(url):
        return url
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError("is no database URL: postgresql://USER:${NAME}@HOST/DATABASE")
    if parts.password and not parts.password.startswith("${"):
        raise ValueError("a password stands here: write ${NAME} and set NAME outside")
    return url


def _public(url: str) -> str:
    if not _private(url) or not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[\w.~-]+)*", url):
        raise ValueError(f"{url!r} is no address of pages: https://mail.shop.example")
    return url


def _origin(url: str) -> str:
    if not _private(url) or not re.fullmatch(r"https?://[a-z0-9.-]+(?::[0-9]+)?", url):
        raise ValueError(f"{url!r} is no site: https://shop.example, without a path")
    return url


def _domain(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", name):
        raise ValueError(f"{name!r} is no domain: shop.example")
    return name


def _private(url: str) -> bool:
    """Whether nobody on the way reads along: over TLS, or on this machine."""
    parts = urlsplit(url)
    on_this_machine = parts.scheme == "http" and is_loopback(parts.hostname or "")
    return parts.scheme == "https" or on_this_machine


def within_calendar(as_of: datetime) -> datetime:
    """The moment itself; ValueError for one that leaves no room for what lies around it."""
    if not 1950 <= as_of.year <= 2200:
        raise ValueError(f"{as_of:%Y-%m-%d} is no moment to compute figures for")
    return as_of


def _moment(said: object) -> object:
    """Say of a text that is no moment how one is written."""
    if isinstance(said, str) and said not in ("auto", "now"):
        try:
            return datetime.fromisoformat(said)
        except ValueError:
            raise ValueError(
                f"{said!r} is no moment: write auto, now, or a day such as 2026-12-31"
            ) from None
    return said


AsOf = Annotated[
    Literal["auto", "now"] | Annotated[datetime, AfterValidator(within_calendar)],
    BeforeValidator(_moment),
]


class Project(Document):
    """The project: its name, zone, currency and what its figures mean."""

    name: Name
    label: str = ""
    timezone: Zone = "UTC"
    currency: Annotated[Code3, AfterValidator(_currency)] = "EUR"
    country: Annotated[Code2, AfterValidator(_country)] | None = None
    """Two letters; reads phone numbers and dates that leave it out."""
    kind: Literal["shop", "subscription", "venue", "people"] | None = None
    as_of: AsOf = "auto"
    """`auto`: now, or the last event when that is over 30 days old."""
    engine: Literal["duckdb", "spark"] | Computing = "duckdb"
    """What computes segments; see the page on engines."""
    ledger: Annotated[str, AfterValidator(_ledger)] | None = None
    """Where the activity log is kept: the URL of a PostgreSQL database of its own, with secrets as
    `${NAME}`; a file beside the builds when left out."""
    language: Literal["de", "en", "nl"] = "en"
    """What the pages of `carpel serve` are written in."""
    public_url: Annotated[str, AfterValidator(_public)] | None = None
    """Where `carpel serve` answers as people see it: https, or http on this machine."""
    origins: tuple[Annotated[str, AfterValidator(_origin)], ...] = ()
    """Sites whose pages may ask what stands in a slot: `https://shop.example`."""
    sites: tuple[Annotated[str, AfterValidator(_domain)], ...] | None = None
    """Domains whose links in e-mail say which campaign they are of; the sender's if unsaid."""
    jobs: dict[Name, Job] = Field(default_factory=dict)
    """What `carpel work` does by itself, by name."""
    revenue: Revenue = Revenue()
    market_size: int | None = Field(default=None, gt=0)
    """How many people there are who might buy; with it the share of them who have is told."""
    builds: Builds = Builds()
    identity: Identity = Identity()
    personas: Personas = Personas()
    """Who may word the sentences of personas; nobody unless a writer is named."""
    holdout: Holdout | None = None
    """Who gets no campaign at all, so that it can be told what all of them bring together."""
    access: Access = Access()
    """Who may plan, approve and send."""
    lawful_purposes: dict[str, str] = Field(default_factory=dict)
    """Why a special category may be used here: `{ethnicity: "…"}`."""
