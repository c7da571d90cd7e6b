"""Values as people wrote them, made to fit the kind of what they are compared with."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from carpel.language import RuleError

_YES, _NO = {"true", "yes", "y", "1"}, {"false", "no", "n", "0"}


def fitted(value: Any, kind: str) -> Any:
    """The value as one of this kind; raises RuleError when it cannot be."""
    try:
        return _FITS[kind](value)
    except (ValueError, TypeError, KeyError):
        raise RuleError(f"{_said(value)} is not {_A[kind]}") from None


def _said(value: Any) -> str:
    return (
        str(value).lower()
        if isinstance(value, bool)
        else repr(value)
        if isinstance(value, str)
        else str(value)
    )


def _number(value: Any) -> Any:
    if isinstance(value, bool | date):
        raise TypeError
    number = float(value)
    return value if isinstance(value, int) else int(number) if number.is_integer() else number


def _truth(value: Any) -> bool:
    said = str(value).strip().lower()
    if said not in _YES | _NO:
        raise ValueError
    return said in _YES


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        raise TypeError
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise TypeError
    return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)


_FITS: Mapping[str, Callable[[Any], Any]] = {
    "integer": _number,
    "number": _number,
    "boolean": _truth,
    "text": _as_text,
    "date": _day,
    "instant": _day,
}
_A = {
    "integer": "a number",
    "number": "a number",
    "boolean": "true or false",
    "text": "text",
    "date": "a date",
    "instant": "a date",
    "list": "a list",
}


def called(kind: str) -> str:
    """How a kind is called in a message: `a number`."""
    return _A.get(kind, kind)
