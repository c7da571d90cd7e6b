"""The words of the text form, and how names and values are written in it."""

import json
from datetime import date
from typing import Any as Anything

from carpel.language.operators import WEEKDAYS
from carpel.language.text.tokens import WORD

FUNCTION = frozenset(
    """and or not in of for from to is has on by up ago within without until since after before
    between during ignoring missing times time zone""".split()  # noqa: SIM905
)
"""Words that are never a name, wherever they stand."""
STARTS = frozenset(
    """all any none did count sum avg min max distinct first last share entered left moved may
    sample near holiday account people holds held sequence regularly stopped restarted changed
    segment""".split()  # noqa: SIM905
)
"""Words that begin a clause, so no trait without quotes."""
OTHERS = frozenset(
    """true false own contains starts ends with matches older than anniversary length decile
    zscore top bottom next set empty today yesterday this ending case periods km m mi""".split()  # noqa: SIM905
)
RESERVED = FUNCTION | STARTS | OTHERS | set(WEEKDAYS)
"""Words that are quoted when they are a name."""
MEASURES = ("count", "sum", "avg", "min", "max", "distinct", "first", "last", "share")


def name(said: str) -> str:
    """A name as it is written: in backticks where it is not one plain word."""
    if WORD.fullmatch(said) and said.lower() not in RESERVED:
        return said
    return _quoted(said, "`")


def value(said: Anything) -> str:
    """A value as it is written."""
    if isinstance(said, bool):
        return "true" if said else "false"
    if isinstance(said, date):
        return said.isoformat()
    return _quoted(said, '"') if isinstance(said, str) else json.dumps(said)


def _quoted(said: str, sign: str) -> str:
    inside = "".join(_escaped(each, sign) for each in said)
    return f"{sign}{inside}{sign}"


def _escaped(letter: str, sign: str) -> str:
    if letter in (sign, "\\"):
        return f"\\{letter}"
    if letter in "\n\t\r":
        return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}[letter]
    if letter.isprintable():
        return letter
    code = ord(letter)
    return f"\\u{code:04x}" if code < 2**16 else f"\\U{code:08x}"
