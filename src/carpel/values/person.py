"""Names of people: their case, spaces and characters put right, titles put aside."""

import re
from functools import lru_cache
from typing import NamedTuple

from carpel.values.base import EMPTY, Normal, fold, kept, refused, tidy, words
from carpel.values.placeholders import is_placeholder

_TITLES = words(
    "mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend hon capt captain col "
    "major sgt lt herr frau hr fr dipl ing mag mme mlle monsieur madame mademoiselle m docteur sr "
    "sra srta don doña señor señora dña sig signor signora signorina dott avv dhr mevr mevrouw "
    "meneer drs ir pan pani mgr bc mudr judr bay sayın г-н г-жа"
)
_NAMES_TOO = words("don sr mag bay pan lady major hon col m ir ing")
"""Titles that are names as well: put aside only with a full stop, or before two more words."""
_SUFFIXES = words("jr sr ii iii iv phd md esq mba msc bsc dds cpa rn obe mbe cbe junior filho neto")
_LOWER = words(
    "van von der den de del della di da do dos das du la le y e zu zum zur af av ter "
    "ten te bin binti ibn 't vom op het"
)
_PARTICLES = _LOWER | words("des lo el al ben bat i dalla degli mac san santa st")
_REGULAR = re.compile(r"(?:[A-Z][a-z]+|[A-Z]\.)(?:[ -](?:[A-Z][a-z]+|[A-Z]\.))*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*", re.UNICODE)
_SUSPECT = re.compile(r"[\u0080-\u009f\ufffdÃÂâÐÑå¤Ä][^\sa-zA-Z]|&[a-zA-Z#0-9]+;|Ã")


class FullName(NamedTuple):
    """A name in two parts; either may be None."""

    first: str | None
    last: str | None


def normal(text: str) -> Normal:
    """A given name, a family name or a whole one as it is written; mixed case stays as it was."""
    bare = tidy(text)
    if _REGULAR.fullmatch(bare) and fold(bare.partition(" ")[0]) not in _TITLES:
        return refused("placeholder") if is_placeholder(bare) and bare != "Na" else kept(text, bare)
    return _irregular(text, bare)


def _irregular(text: str, bare: str) -> Normal:
    repaired = mended(bare)
    name = _untitled(repaired)
    if not name:
        return refused("a title only") if bare else EMPTY
    if is_placeholder(name):
        return refused("placeholder")
    if "@" in name:
        return refused("an address, not a name")
    if not any(sign.isalpha() for sign in name):
        return refused("no letters")
    cased = _cased(name) if name.isupper() or name.islower() else name
    if mended(cased) != cased:
        return refused("unreadable characters")
    return kept(text, cased, "form" if repaired == bare else "characters")


def mended(text: str) -> str:
    """Text whose characters were read in the wrong encoding, read in the right one."""
    if text.isascii() and "&" not in text:
        return text
    if not _SUSPECT.search(text):
        return text
    from ftfy import TextFixerConfig, fix_text

    return tidy(fix_text(text, TextFixerConfig(uncurl_quotes=False, unescape_html=True)))


def _untitled(text: str) -> str:
    """The words after the titles; nothing is left of a title alone."""
    bare = text.strip(",; ")
    while bare and _is_title((parts := bare.partition(" "))[0], bare.count(" ")):
        bare = parts[2].strip(",; ")
    return bare


def _is_title(word: str, following: int) -> bool:
    bare = fold(word)
    certain = bare not in _NAMES_TOO or word.endswith(".") or following > 1
    return bare in _TITLES and certain


@lru_cache(maxsize=100_000)
def _cased(text: str) -> str:
    cased = [
        word.lower() if index and word.lower() in _LOWER else _WORD.sub(_capital, word)
        for index, word in enumerate(text.split(" "))
    ]
    return " ".join(cased)


def _capital(match: re.Match[str]) -> str:
    word = match[0].lower()
    if word.upper() in ("II", "III", "IV"):
        return word.upper()
    if re.match(r"(?:o|d|l)['’]\w{2}", word):
        return word[0].upper() + word[1] + word[2:].capitalize()
    if re.match(r"mc\w{3}", word):
        return "Mc" + word[2:].capitalize()
    return word.capitalize()


def full_name(text: str) -> FullName:
    """Split a whole name into given and family name; one word alone is the given name.

    Understands `Last, First`, titles, suffixes and particles (`Ana de la Cruz`: `de la Cruz`).
    """
    name = normal(text).value
    if name is None:
        return FullName(None, None)
    if "," in name:
        last, _, first = name.partition(",")
        if fold(first) not in _SUFFIXES:
            return FullName(_joined(_untitled(first.strip()).split()), _joined(last.split()))
        name = last
    listed = name.split()
    while len(listed) > 2 and fold(listed[-1]).replace(" ", "") in _SUFFIXES:
        listed = listed[:-1]
    start = _family_start(listed)
    return FullName(_joined(listed[:start]), _joined(listed[start:]))


def _family_start(listed: list[str]) -> int:
    """Where the family name begins: the last word, and the particles before it."""
    if len(listed) < 2:
        return len(listed)
    start = len(listed) - 1
    while start > 1 and listed[start - 1].lower() in _PARTICLES:
        start -= 1
    return start


def _joined(listed: list[str]) -> str | None:
    return " ".join(word.strip(",;") for word in listed) or None
