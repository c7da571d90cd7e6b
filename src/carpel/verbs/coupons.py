"""Coupon codes in and out: made, loaded from a file, written in the form a shop imports."""

import csv
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from carpel.channels.rows import cell, write_rows
from carpel.errors import CarpelError, NotFound, SourceError
from carpel.specs import Coupon
from carpel.specs.coupon import CODE
from carpel.store.coupons import codes_of, keep, standing
from carpel.values.codes import codes
from carpel.verbs.session import Session

HEADINGS = frozenset({"code", "codes", "coupon", "coupon code", "discount code", "voucher"})
"""What stands above a column of codes, where a line is no code itself."""


@dataclass(frozen=True)
class Loaded:
    """What a file of codes came to."""

    added: int
    known: int
    """Codes that were there already, in the file or here."""
    unusable: int
    """Lines that are no code."""


def ls(session: Session) -> list[dict[str, Any]]:
    """Every coupon that is written, and how many of its codes are given."""
    held = standing(session.store.ledger)
    none = {"codes": 0, "given": 0}
    return [
        {
            "coupon": name,
            "label": each.label,
            "kind": "one for everybody" if each.code else "one for each",
            **held.get(name, none),
        }
        for name, each in session.understood.coupons.items()
    ]


def make(session: Session, name: str, number: int) -> int:
    """Make so many new codes of a coupon that says `generate`; gives how many there are then."""
    spec = _coupon(session, name)
    if spec.generate is None:
        raise CarpelError(
            f"The coupon {name} does not say how its codes are made.",
            action=f"Write `generate: {{prefix: TEA-}}` in coupons/{name}.yml, or load codes.",
        )
    how = spec.generate
    fresh = (how.prefix + each for each in codes(how.length, secrets.choice))
    keep(session.store.ledger, name, fresh, number)
    return standing(session.store.ledger)[name]["codes"]


def load(session: Session, name: str, file: Path, column: str | None = None) -> Loaded:
    """Take codes of a coupon in, from a column of a CSV or a code a line; each counts once."""
    spec = _coupon(session, name)
    if spec.code is not None:
        raise CarpelError(f"The coupon {name} has one code for everybody: {spec.code}.")
    said = list(_lines(file, column))
    found = [each for each in said if re.fullmatch(CODE, each)]
    added = keep(session.store.ledger, name, iter(found))
    return Loaded(added, len(found) - added, len(said) - len(found))


def export(session: Session, name: str, shop: str, to: Path) -> Path:
    """Write every code of a coupon in the columns that a shop's import knows; gives the file."""
    if shop not in _FORMS:
        raise NotFound("shop", shop, _FORMS)
    if not to.parent.is_dir():
        raise CarpelError(f"There is no folder {to.parent}.")
    spec = _coupon(session, name)
    every = [spec.code] if spec.code else codes_of(session.store.ledger, name)
    rows = [_FORMS[shop](spec, each) for each in every]
    if not rows:
        raise CarpelError(f"The coupon {name} has no codes.", action=f"carpel coupons make {name}")
    lines = ([cell(value) for value in row.values()] for row in rows)
    return write_rows(to.parent, to.stem, [*rows[0]], lines)


def _coupon(session: Session, name: str) -> Coupon:
    coupons = session.definitions.coupons
    if name not in coupons:
        raise NotFound("coupon", name, coupons)
    return coupons[name]


def _lines(file: Path, column: str | None) -> Iterator[str]:
    if not file.is_file():
        raise SourceError("There is no such file.", place=str(file))
    with file.open(newline="", encoding="utf-8-sig", errors="replace") as opened:
        rows = (row for row in csv.reader(opened) if any(each.strip() for each in row))
        first = next(rows, [])
        headings = [each.strip().lower() for each in first]
        if column is not None and column.lower() not in headings:
            raise SourceError(f"There is no column {column!r}.", place=str(file))
        at = headings.index(column.lower()) if column is not None else 0
        if column is None and first and headings[0] not in HEADINGS:
            yield first[0].strip()
        yield from (row[at].strip() if at < len(row) else "" for row in rows)


def _shopify(spec: Coupon, code: str) -> Mapping[str, Any]:
    """Codes of one discount share its title; MERGE adds them to it."""
    return {"Title": spec.label or spec.name, "Command": "MERGE", "Code": code}


def _woocommerce(spec: Coupon, code: str) -> Mapping[str, Any]:
    ends: date | None = spec.ends_on
    return {
        "post_title": code,
        "post_excerpt": spec.label or spec.name,
        "post_status": "publish",
        "discount_type": "fixed_cart" if spec.amount else "percent",
        "coupon_amount": spec.amount or spec.percent or 0,
        "usage_limit": "" if spec.code else 1,
        "usage_limit_per_user": 1,
        "expiry_date": ends.isoformat() if ends else "",
    }


def _plain(_spec: Coupon, code: str) -> Mapping[str, Any]:
    return {"code": code}


_FORMS = {"shopify": _shopify, "woocommerce": _woocommerce, "plain": _plain}
