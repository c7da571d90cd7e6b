"""QR codes and short links for paper: one a placement and branch, or one a person."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pyarrow as pa
from pyroaring import BitMap

from carpel.campaigns.desk import Desk
from carpel.campaigns.tokens import Way, token
from carpel.engine.query import column, query, table
from carpel.errors import CarpelError
from carpel.evaluation.bitmaps import to_keys
from carpel.evaluation.contacts import do_not_contact
from carpel.reports.browser import printed
from carpel.reports.codes import Code, sheet, svg
from carpel.store.addresses import address_hash
from carpel.store.files import replace
from carpel.store.links import code_of, point
from carpel.verbs.campaign_desk import desk
from carpel.verbs.following import short
from carpel.verbs.leaving import write_list
from carpel.verbs.reachable import prove
from carpel.verbs.session import Session

POSTAL = ("first_name", "last_name", "name", "company", "street", "postcode", "city", "country")
"""What addressed mail needs of a person, where sources state it."""


@dataclass(frozen=True)
class Printed:
    """Codes that were made: how many, the files, and people left out by reason."""

    codes: int
    files: list[str]
    left_out: dict[str, int]


def codes(
    session: Session, name: str, url: str, to: Path, places: Sequence[str], branches: Sequence[str]
) -> Printed:
    """A short link and a code for each placement in each branch, into a folder.

    An SVG each, `codes.csv`, and `sheet.html` with all, as PDF too where a browser is there. The
    links never end and may be made to lead elsewhere (`carpel short-link`); each says in its UTM
    parameters where it was scanned. Without a `public_url` codes hold the address itself. Raises
    CarpelError for an address that is none, and ChannelError where the project's pages do not
    answer at its `public_url`.
    """
    ours = _ours(session)
    made, rows = [], []
    for place, branch in product(places or [""], branches or [""]):
        link = "-".join(filter(None, map(_plain, (name, place, branch))))
        leads = _marked(url, place or "code", name, branch)
        if ours:
            short(session, link, leads)
        address = f"{ours}/s/{link}" if ours else leads
        made.append(Code(link, address, _bare(address) if ours else _bare(url)))
        rows.append([link, place, branch, address, leads])
    head = ["code", "placement", "branch", "link", "leads_to"]
    files = [*_drawn(made, to), to / "codes.csv"]
    write_list(files[-1], head, rows)
    files += _sheets(name, made, to)
    return Printed(len(made), [str(each) for each in files], {})


def codes_of(session: Session, name: str, url: str, to: Path, segment: str) -> Printed:
    """A code a person of a segment, for addressed mail: an SVG each and `merge.csv`.

    Each link says who it is by a signed token, so that what they then answer on a page is theirs.
    People on the do-not-contact list are left out; who has neither e-mail nor phone shares a link.
    """
    ours = _ours(session)
    if not ours:
        raise CarpelError(
            "Links of a person need the project's own pages.",
            action="Set `public_url` in carpel.yml and start `carpel serve`.",
        )
    with desk(session) as at:
        never = at.segment(segment) & do_not_contact(at.engine)
        leads = _marked(url, "letter", name, "")
        code, shared = code_of(at.key, leads), _plain(name)
        point(at.ledger, {code: leads}, at=at.clock(), actor=session.actor)
        short(session, shared, leads)
        made, rows, nobody = [], [], 0
        for row in _people(at, at.segment(segment) - never):
            who = row.pop("reached_at")
            nobody += not who
            address = f"{ours}/s/{shared}"
            if who:
                own = token(at.key, Way(address_hash(at.key, who), "post", name))
                address = f"{ours}/l/{own}/{code}"
            made.append(Code(f"{shared}-{row['customer']}", address, _bare(f"{ours}/s/{shared}")))
            rows.append({**row, "link": address, "code": f"{made[-1].name}.svg"})
        head = list(rows[0]) if rows else ["customer", "link", "code"]
    files = [*_drawn(made, to), to / "merge.csv"]
    write_list(files[-1], head, [list(row.values()) for row in rows])
    left_out = {"do_not_contact": len(never), "without_a_link_of_their_own": nobody}
    return Printed(len(made), [str(each) for each in files], left_out)


def _people(at: Desk, people: BitMap) -> Iterator[dict[str, Any]]:
    """What addressed mail says of each person, and where else they can be known by."""
    held = at.engine.columns("contacts")
    stated = [column(f"t_{each}") for each in POSTAL if f"t_{each}" in held]
    reached = [column(each) for each in ("email", "phone") if each in held]
    at.engine.register("addressed", pa.table({"customer": to_keys(people)}))
    rows = query(
        "SELECT :parts, coalesce(NULL, :reached) AS reached_at FROM :t "
        "SEMI JOIN addressed USING (customer) ORDER BY customer",
        parts=[column("customer"), *stated],
        reached=reached or [query("NULL")],
        t=table("contacts"),
    )
    for row in at.engine.fetch(rows).to_pylist():
        yield {key.removeprefix("t_"): value for key, value in row.items()}


def _ours(session: Session) -> str:
    """The address of the project's own pages, proved; empty where there is none."""
    ours = session.settings.public_url or ""
    if ours:
        prove(session, ours)
    return ours


def _drawn(made: Sequence[Code], to: Path) -> Iterator[Path]:
    to.mkdir(parents=True, exist_ok=True)
    for each in made:
        replace(to / f"{each.name}.svg", svg(each).encode())
        yield to / f"{each.name}.svg"


def _sheets(name: str, made: Sequence[Code], to: Path) -> Iterator[Path]:
    """All on one page; as a PDF too where a browser is there to make it."""
    page = sheet(name, made)
    replace(to / "sheet.html", page.encode())
    yield to / "sheet.html"
    with suppress(CarpelError):
        replace(to / "sheet.pdf", printed(page, "pdf"))
        yield to / "sheet.pdf"


def _marked(url: str, source: str, campaign: str, content: str) -> str:
    """The address with UTM parameters; those that it has stay as they are."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise CarpelError(f"{url!r} is no address.", action="Write it whole: https://shop.example")
    said = dict(parse_qsl(parts.query, keep_blank_values=True))
    utm = {"utm_source": source, "utm_medium": "qr", "utm_campaign": campaign}
    told = {**utm, **({"utm_content": content} if content else {}), **said}
    return urlunsplit(parts._replace(query=urlencode(told)))


def _plain(text: str) -> str:
    """A word as links and files hold it."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")


def _bare(url: str) -> str:
    return url.partition("//")[2].rstrip("/")
