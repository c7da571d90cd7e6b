"""Figures over what each customer did, for one window after the other, the shortest first."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from carpel.engine.functions import MONEY_DIGITS
from carpel.evaluation.counting.ordering import order
from carpel.evaluation.counting.rows import Array, Column, Doings

NEVER = np.iinfo(np.int64).max
BITS = 63
"""What a number has room for."""


@dataclass(frozen=True)
class Counting:
    """What is counted of a window, and of which column."""

    word: str
    """count, sum, avg, distinct, min, max, first or last."""
    column: str = ""


def figures(counting: Counting, did: Doings) -> Iterator[Column]:
    """The figure at every place, window by window; each stands until the next is asked for."""
    return _FIGURES[counting.word](counting, did)


def _count(_counting: Counting, did: Doings) -> Iterator[Column]:
    counts = np.zeros(did.size, np.int64)
    for rows in did.stretches():
        np.add.at(counts, did.who[rows], 1)
        yield Column(counts, None)


def _sum(counting: Counting, did: Doings) -> Iterator[Column]:
    total, found = np.zeros(did.size), np.zeros(did.size)
    for values, who in _there(counting, did):
        np.add.at(total, who, values)
        changed = _few(who, did)
        found[changed] = rounded(total[changed])
        yield Column(found, None)


def _avg(counting: Counting, did: Doings) -> Iterator[Column]:
    total, many, found = np.zeros(did.size), np.zeros(did.size, np.int64), np.zeros(did.size)
    for values, who in _there(counting, did):
        np.add.at(total, who, values)
        np.add.at(many, who, 1)
        changed = _few(who, did)
        found[changed] = rounded(total[changed] / np.maximum(many[changed], 1))
        yield Column(found, many > 0)


def _few(who: Array, did: Doings) -> Array | slice:
    """The places of these rows, or all when there are more rows than places."""
    return who if len(who) < did.size else slice(None)


def rounded(values: Array) -> Array:
    """To as many digits as money has, a half away from zero, as `functions.total` does."""
    scaled: Array = values * 10.0**MONEY_DIGITS
    whole = np.trunc(scaled)
    up = np.abs(scaled - whole) >= 0.5
    found = (whole + np.copysign(up, scaled)) / 10.0**MONEY_DIGITS
    return np.where(np.isfinite(found), found, values)


def _least(counting: Counting, did: Doings) -> Iterator[Column]:
    """The smallest or the largest value; what is no number is larger than any, as in SQL."""
    smallest = counting.word == "min"
    kind = did.columns[counting.column].values.dtype
    best = np.full(did.size, _worst(kind, smallest=smallest), kind)
    there = np.zeros(did.size, bool)
    for values, who in _there(counting, did):
        (np.fmin if smallest else np.maximum).at(best, who, values)
        there[who] = True
        yield Column(best, there)


def _worst(kind: np.dtype[Any], *, smallest: bool) -> Any:
    """What any value of a kind is better than, or equal to."""
    if kind.kind == "f":
        return np.nan if smallest else -np.inf
    return np.iinfo(kind).max if smallest else np.iinfo(kind).min


def _there(counting: Counting, did: Doings) -> Iterator[tuple[Array, Array]]:
    """The values of one stretch after the other that are there, and whose they are."""
    column = did.columns[counting.column]
    for rows in did.stretches():
        values, who = column.values[rows], did.who[rows]
        there = None if column.there is None else column.there[rows]
        yield (values, who) if there is None else (values[there], who[there])


def _distinct(counting: Counting, did: Doings) -> Iterator[Column]:
    """Each value counts once for a customer: in the newest stretch where it stands."""
    owner, stretch = _newest(did, did.columns[counting.column])
    by_stretch = order((stretch, len(did.begins)))
    newest = replace(did, who=by_stretch.of(owner), begins=by_stretch.starts[::-1])
    return _count(counting, newest)


def _newest(did: Doings, codes: Column) -> tuple[Array, Array]:
    """The different pairs of a customer and a value: whose they are, and where they stand last.

    Customer, value and stretch share the bits of one number each, so that sorting finds them. The
    oldest stretch is 0.
    """
    many, rows = len(did.begins), slice(int(did.begins[-1]), None)
    tail, body = many.bit_length(), _bits(codes.values)
    owners, who = None, did.who[rows].astype(np.int64)
    if tail + body + did.size.bit_length() > BITS:
        owners, who = np.unique(who, return_inverse=True)
    each = (who << body | codes.values[rows]) << tail
    each |= np.repeat(np.arange(many), np.diff(did.begins[::-1], append=len(did.who)))
    if codes.there is not None:
        each = each[codes.there[rows]]
    each.sort()
    last = each[np.diff(each >> tail, append=-1) != 0]
    found, stretch = last >> tail + body, (last & (1 << tail) - 1).astype(np.uint16)
    return found if owners is None else owners[found], stretch


def _bits(codes: Array) -> int:
    return int(codes.max(initial=0)).bit_length()


def _edge(counting: Counting, did: Doings) -> Iterator[Column]:
    """The value, not null, of the first or the last row; of one instant, by its event's key."""
    first = counting.word == "first"
    values = did.columns[counting.column]
    found = np.zeros(did.size, values.values.dtype)
    there = np.zeros(did.size, bool)
    best = None if did.ascend else np.full(did.size, NEVER if first else -NEVER)
    for rows in did.stretches():
        if best is None:
            chosen = _ends(did, rows, values.part(rows).there, there, first=first)
        else:
            chosen = _chosen(did, rows, values.part(rows).there, best, first=first)
        found[did.who[chosen]] = values.values[chosen]
        there[did.who[chosen]] = True
        yield Column(found, there)


def _ends(did: Doings, rows: slice, there: Array | None, known: Array, *, first: bool) -> Array:
    """The rows of a stretch in the order in which each replaces those before it.

    They are in time order. Of an older stretch, the last one of who is `known` is none.
    """
    listed = np.arange(rows.start, rows.stop)
    chosen: Array = listed if there is None else listed[there]
    return chosen[::-1] if first else chosen[~known[did.who[chosen]]]


def _chosen(did: Doings, rows: slice, there: Array | None, best: Array, *, first: bool) -> Array:
    """The rows of a stretch that are each customer's first, or last, so far; `best` learns when."""
    at, who = did.columns["at"].values[rows], did.who[rows]
    with_value = (who, at) if there is None else (who[there], at[there])
    (np.minimum if first else np.maximum).at(best, *with_value)
    held = at == best[who]
    chosen = np.flatnonzero(held if there is None else held & there) + rows.start
    return _untied(chosen, did, first=first)


def _untied(chosen: Array, did: Doings, *, first: bool) -> Array:
    """One row a customer; of those at one instant, that of the least, or largest, event key."""
    who = did.who[chosen]
    tied = np.bincount(who, minlength=1)[who] > 1
    if not tied.any():
        return chosen
    listed, owners = chosen[tied], who[tied]
    by_key = np.lexsort((did.columns["event_key"].values[listed], owners))
    by_key = by_key if first else by_key[::-1]
    _, once = np.unique(owners[by_key], return_index=True)
    return np.concatenate([chosen[~tied], listed[by_key][once]])


_FIGURES = {
    "count": _count,
    "sum": _sum,
    "avg": _avg,
    "distinct": _distinct,
    "min": _least,
    "max": _least,
    "first": _edge,
    "last": _edge,
}
WORDS = frozenset(_FIGURES)
"""All that can be counted so."""
