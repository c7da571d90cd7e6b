"""Whether copy says only what it may: the guard of our own drafts and of anybody's rewording.

What is not allowed is refused, whatever it means. Names, the offer and hashtags stand as they were
given; every other word is one of the phrases of the language, none of which claims anything.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
_PLAIN = frozenset(" \n.,:?'’-")


class Unfounded(ValueError):  # noqa: N818 - says what is the case
    """Copy that says what nobody gave; the message says what."""


@dataclass(frozen=True)
class Given:
    """What may stand in a text as it is: given by the user, or by the evidence behind the text."""

    names: tuple[str, ...]
    """The shop, and what is spoken about."""
    offer: str = ""
    link: str = ""
    tags: tuple[str, ...] = ()

    @property
    def phrases(self) -> list[str]:
        """All of it, the longest first."""
        given = {each for each in (*self.names, self.offer, self.link, *self.tags) if each}
        return sorted(given, key=lambda each: (-len(each), each))


def rejections(text: str, given: Given, vocabulary: Collection[str]) -> tuple[str, ...]:
    """Why a text may not stand; empty where it may."""
    rest = _without(text, given.phrases)
    numbers = [f"the number {each} was not given" for each in _NUMBER.findall(rest)]
    words = _unique(
        f"{each!r} is not in the evidence, and nobody gave it"
        for each in _WORD.findall(rest)
        if each.lower().replace("’", "'") not in vocabulary
    )
    bare = _NUMBER.sub(" ", _WORD.sub(" ", rest))
    strange = _unique(f"{each!r} cannot be read" for each in bare if each not in _PLAIN)
    return (*_unique(numbers), *words, *strange)


def _without(text: str, phrases: Iterable[str]) -> str:
    for each in phrases:
        text = re.sub(rf"(?<![\w#]){re.escape(each)}(?!\w)", " ", text, flags=re.IGNORECASE)
    return text


def _unique(rows: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rows))
