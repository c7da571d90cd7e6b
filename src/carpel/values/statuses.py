"""What an order's status says of it: whether the order stands, or was cancelled or paid back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from carpel.values.base import fold

WON = frozenset({"won", "closedwon"})
"""What a status says of a deal that came about; others are open or lost."""
PREFIXES = ("wc", "order", "status")
"""Words that a shop system puts before each of its states: `wc-cancelled`."""
POSSIBLE = ("able", "ible", "bar", "bel", "abile", "avel", "baar", "fahig")
"""Endings of what may be done and was not: `refundable`."""
_BACK = re.compile(
    r"(?i)(charged?|paid|pay|sent|given|brought|taken|money|booked)[\s_-]*back(?![a-z])"
)
"""What was charged back or paid back is paid no more, although its first word says so."""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SPELLED = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ł", "l"))


@dataclass(frozen=True)
class Said:
    """What the values of a status column say, each value in one list, sorted."""

    undone: tuple[str, ...] = ()
    """The order was cancelled, refused, paid back or returned as a whole."""
    partly: tuple[str, ...] = ()
    """A part of it was: the order still stands."""
    unpaid: tuple[str, ...] = ()
    """The order stands and waits for its payment."""
    fine: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def said_by(values: Sequence[str]) -> Said:
    """Sort the values of a status column by what they say."""
    found: dict[str, list[str]] = {}
    for each in sorted(values):
        found.setdefault(meaning(each), []).append(each)
    return Said(**{key: tuple(each) for key, each in found.items()})


def won(value: str) -> bool:
    """Whether a status says that a deal came about."""
    return not WON.isdisjoint(_spoken(value))


@lru_cache(maxsize=4096)
def meaning(value: str) -> str:
    """What a status says: `undone`, `partly`, `unpaid`, `fine`, or `unknown`.

    Words count anywhere in the value, known by how they begin; `not cancelled` and what may yet
    be refunded, or was asked for and not done, is not undone.
    """
    said = [each for word in _spoken(value) if (each := _plain(word)) not in PREFIXES]
    spoken = [at for at, word in enumerate(said) if _undone(word)]
    undone = [said[at] for at in spoken if not _denied(said[:at])]
    partial = _any(said, "partial")
    if partial and (undone or any(_begins(_after_part(word), "undone") for word in said)):
        return "partly"
    if undone:
        return "unknown" if _planned(said, undone) else "undone"
    if spoken:
        return "fine"
    if _any(said, "negation"):
        return "unpaid" if _any(said, "settled") else "unknown"
    return next((each for each in ("unpaid", "fine") if _any(said, each)), "unknown")


def _spoken(value: str) -> list[str]:
    """The words of a status, folded; what stands in brackets is left out."""
    told = re.sub(r"\(.*?\)|\[.*?\]", " ", _BACK.sub("chargeback", value))
    return re.findall(r"[^\W\d_]+|\d+", fold(_CAMEL.sub(" ", told)))


def _undone(word: str) -> bool:
    return _begins(word, "undone") and not word.endswith(POSSIBLE)


def _denied(before: Sequence[str]) -> bool:
    """Whether the words before one deny it: `not yet`; in `cancelled, no stock` nothing does."""
    told = [word for word in before if not _begins(word, "between")]
    return _any(told[-1:], "negation")


def _planned(said: Sequence[str], undone: Sequence[str]) -> bool:
    """Whether a refund or the like is spoken of and not done: `refund requested`."""
    finished = [
        word for word in undone if not (_begins(word, "plan") or _begins(word, "unfinished"))
    ]
    spoken = _any(undone, "plan")
    return spoken and not finished and _any(said, "unfinished")


def _after_part(word: str) -> str:
    """The rest of a compound that begins with a part: `erstattet` of `teilerstattet`."""
    return next((word[len(each) :] for each in _stems()["partial"] if word.startswith(each)), "")


def _any(said: Sequence[str], kind: str) -> bool:
    return any(_begins(word, kind) for word in said)


def _begins(word: str, kind: str) -> bool:
    return f"={word}" in _stems()[kind] or word.startswith(_stems()[kind])


def _plain(word: str) -> str:
    """A word with `ue` written as `u`, the umlaut it stands for without its dots, and no `ł`."""
    for written, bare in _SPELLED:
        word = word.replace(written, bare)
    return word


@lru_cache(maxsize=1)
def _stems() -> Mapping[str, tuple[str, ...]]:
    """Beginnings of words by what they say, as statuses.txt lists them."""
    found: dict[str, tuple[str, ...]] = {}
    text = files("carpel.values").joinpath("statuses.txt").read_text("utf-8")
    for line in text.splitlines():
        kind, colon, listed = line.partition(":")
        if colon and not line.startswith("#"):
            found[kind] = (*found.get(kind, ()), *map(_plain, listed.split()))
    return found
