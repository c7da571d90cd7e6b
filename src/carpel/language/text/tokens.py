"""The text of a rule as tokens, each with the place where it begins."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any as Anything
from typing import Literal

from carpel.language.shares import of_per_cent
from carpel.language.text.mistakes import wrong

Kind = Literal["word", "name", "text", "number", "percent", "date", "sign", "end"]

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<date>\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?
        (?:Z|[+-]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?)?(?!\w))
    | (?P<number>-?(?:\d+\.\d+|\d+)(?:[eE][+-]?\d+)?(?!\w))(?P<percent>\s*%)?
    | (?P<word>[^\W\d]\w*(?:\.\w+)*)
    | (?P<name>`(?:[^`\\]|\\.)*`)
    | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<sign>->|>=|<=|!=|<>|==|[=<>()\[\],;])
    | (?P<end>\Z)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)
_SHORT = {"n": "\n", "t": "\t", "r": "\r"}
WORD = re.compile(r"[^\W\d]\w*(?:\.\w+)*")
"""A name that needs no quotes, unless it is a word of the language."""


@dataclass(frozen=True)
class Token:
    """A piece of the text: what kind it is, how it is written, what it says and where it begins."""

    kind: Kind
    written: str
    value: Anything
    start: int

    @property
    def said(self) -> str:
        """A keyword or sign as the grammar knows it; empty for names and values."""
        return self.written.lower() if self.kind in ("word", "sign") else ""


def tokens(text: str) -> list[Token]:
    """The whole text in pieces, the last one of kind `end`; raises RuleError at what is none."""
    found: list[Token] = []
    place = 0
    while not found or found[-1].kind != "end":
        match = _TOKEN.match(text, place)
        if match is None:
            raise _strange(text, place)
        kind = "percent" if match["percent"] else str(match.lastgroup)
        group = "number" if kind == "percent" else kind
        start = place if kind == "end" else match.start(group)
        found.append(_token(text, kind, match[group], start))
        place = match.end()
    return found


def _strange(text: str, place: int) -> Exception:
    place += len(text[place:]) - len(text[place:].lstrip())
    sign = text[place]
    if sign in "\"'`":
        return wrong(text, place, f"there is no {sign} that ends what begins here")
    return wrong(text, place, f"{sign!r} is not a part of the language here")


def _token(text: str, kind: Anything, written: str, start: int) -> Token:
    try:
        return Token(kind, written, _READ.get(kind, str)(written), start)
    except (ValueError, ArithmeticError):
        raise wrong(text, start, f"{written[:40]} is no {kind} there is") from None


def _number(written: str) -> int | float:
    return float(written) if set(written) & set(".eE") else int(written)


def _day(written: str) -> date | datetime:
    return date.fromisoformat(written) if len(written) == 10 else datetime.fromisoformat(written)


def _unquoted(written: str) -> str:
    return _ESCAPED.sub(_plainly, written[1:-1])


def _plainly(match: re.Match[str]) -> str:
    said = match[1]
    if said[0] in "uU" and len(said) > 1:
        return chr(int(said[1:], 16))
    return _SHORT.get(said, said)


_READ = {
    "date": _day,
    "number": _number,
    "percent": of_per_cent,
    "name": _unquoted,
    "text": _unquoted,
}
