"""Figures over what each customer did, for one window after the other, the shortest first."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from carpel.engine.functions import MONEY_DIGITS
from carpel.evaluation.counting.rows import Array, Column, Doings

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Counting:
    """What is counted of a window, and of which column."""

    word: str
    """count, sum, avg, distinct, min, max, first or last."""
    column: str = ""


def figures(counting: Counting, did: Doings) -> Iterator[Column]:
    """The figure of everybody who did anything, window by window."""
    return _FIGURES[counting.word](counting, did)


def _count(_counting: Counting, did: Doings) -> Iterator[Column]:
    counts = np.zeros(len(did.keys), np.int64)
    for rows in did.stretches():
        counts = counts + np.bincount(did.who[rows], minlength=len(did.keys))
        yield Column(counts, None)


def _sum(counting: Counting, did: Doings) -> Iterator[Column]:
    total = np.zeros(len(did.keys))
    for values, who in _there(counting, did):
        total = total + np.bincount(who, values, minlength=len(did.keys))
        yield Column(rounded(total), None)


def _avg(counting: Counting, did: Doings) -> Iterator[Column]:
    total, many = np.zeros(len(did.keys)), np.zeros(len(did.keys), np.int64)
    for values, who in _there(counting, did):
        total = total + np.bincount(who, values, minlength=len(did.keys))
        many = many + np.bincount(who, minlength=len(did.keys))
        yield Column(rounded(total / np.maximum(many, 1)), many > 0)


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
    best = np.full(len(did.keys), np.nan if smallest else -np.inf)
    there = np.zeros(len(did.keys), bool)
    for values, who in _there(counting, did):
        (np.fmin if smallest else np.maximum).at(best, who, values)
        there[who] = True
        yield Column(best.copy(), there.copy())


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
    counts = np.zeros(len(did.keys), np.int64)
    for each in range(len(did.ends)):
        counts = counts + np.bincount(owner[stretch == each], minlength=len(did.keys))
        yield Column(counts, None)


def _newest(did: Doings, codes: Column) -> tuple[Array, Array]:
    """The different pairs of a customer and a value: whose they are, and where they stand first.

    Customer, value and stretch share the bits of one number each, so that sorting finds them.
    """
    many, size = len(did.ends), int(did.ends[-1])
    packed = did.who[:size] << _bits(codes.values) | codes.values[:size]
    packed = packed << many.bit_length() | np.repeat(np.arange(many), np.diff(did.ends, prepend=0))
    if codes.there is not None:
        packed = packed[codes.there[:size]]
    packed.sort()
    pair = packed >> many.bit_length()
    first = packed[np.diff(pair, prepend=-1) != 0]
    return first >> many.bit_length() + _bits(codes.values), first & (1 << many.bit_length()) - 1


def _bits(codes: Array) -> int:
    return int(codes.max(initial=0)).bit_length()


def _edge(counting: Counting, did: Doings) -> Iterator[Column]:
    """The value, not null, of the first or the last row; of one instant, by its event's key."""
    first = counting.word == "first"
    values = did.columns[counting.column]
    found = np.zeros(len(did.keys), values.values.dtype)
    there = np.zeros(len(did.keys), bool)
    for rows in did.stretches():
        chosen = _chosen(did, rows, values, first=first)
        who = did.who[chosen]
        if not first:
            chosen, who = chosen[~there[who]], who[~there[who]]
        found[who] = values.values[chosen]
        there[who] = True
        yield Column(found.copy(), there.copy())


def _chosen(did: Doings, rows: slice, values: Column, *, first: bool) -> Array:
    """The rows of a stretch that are each customer's first, or last."""
    at, who = did.columns["at"].values[rows], did.who[rows]
    best = np.full(len(did.keys), NEVER if first else -NEVER)
    some = values.part(rows).there
    with_value = (at, who) if some is None else (at[some], who[some])
    (np.minimum if first else np.maximum).at(best, with_value[1], with_value[0])
    held = at == best[who]
    chosen = np.flatnonzero(held if some is None else held & some) + rows.start
    return _untied(chosen, did, first=first)


def _untied(chosen: Array, did: Doings, *, first: bool) -> Array:
    """One row a customer; of those at one instant, that of the least, or largest, event key."""
    who = did.who[chosen]
    tied = np.bincount(who, minlength=1)[who] > 1
    if not tied.any():
        return chosen
    listed, owners = chosen[tied], who[tied]
    order = np.lexsort((did.columns["event_key"].values[listed], owners))
    order = order if first else order[::-1]
    _, once = np.unique(owners[order], return_index=True)
    return np.concatenate([chosen[~tied], listed[order][once]])


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
