"""What a text claims: its numbers, words that compare or generalise, and whom it speaks of."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from carpel.evidence.words import CLAIMS, EVERYBODY, NEUTRAL, OTHERS, STEMS

Kind = Literal["number", "claim", "others", "word", "strange"]
_NUMBER = r"(?:(?:under|over)[ \u00a0])?[-−+]?[$€£¥]?\d(?:[\d,.]*\d)?(?:[ \u00a0]?%|[KMk]\b)?"
_TOKEN = re.compile(
    rf"(?P<number>{_NUMBER})|(?P<others>\b(?:{OTHERS}|{EVERYBODY})\b)|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)"
    r"|(?P<space>[\s,.;:()“”\"'’/&–—\-+|*#!?\[\]…·]+)|(?P<strange>.)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """One piece of a text, told apart by what it does there."""

    kind: Kind
    said: str
    """A number without blanks; whom it is about; the class of a claim, `up` or `never`; the stem
    of a word."""
    at: int
    """Where it begins in the text."""


def tokens(text: str) -> Iterator[Token]:
    """Every piece that says something; articles, pronouns and the like are left out."""
    for found in _TOKEN.finditer(_plain(text)):
        kind, said = found.lastgroup, found.group()
        if kind == "number":
            yield Token("number", re.sub(r"[ \u00a0+]", "", said.lower()), found.start())
        elif kind == "others":
            whom = said.lower() if re.fullmatch(EVERYBODY, said, re.IGNORECASE) else "others"
            yield Token("others", whom, found.start())
        elif kind == "strange":
            yield Token("strange", said, found.start())
        elif kind == "word":
            yield from _word(said.lower().replace("’", "'"), found.start())


def _word(said: str, at: int) -> Iterator[Token]:
    if said.endswith("n't"):
        yield Token("claim", "not", at)
        said = said[:-3]
    said = said.removesuffix("'s").removesuffix("'re").removesuffix("'ve")
    if said in CLAIMS:
        yield Token("claim", CLAIMS[said], at)
    elif said not in NEUTRAL:
        yield Token("word", STEMS.get(said, said), at)


def _plain(text: str) -> str:
    """The same without invisible characters; numerals such as ½ and Ⅻ stay strange."""
    return "".join(each for each in text if unicodedata.category(each) not in ("Cf", "Mn"))
