"""A mistake in the text of a rule, shown at the character where it is."""

from collections.abc import Collection

from carpel.errors import suggestion
from carpel.language.mistakes import RuleError

_WIDEST = 90
"""Characters of a line that are shown."""


def wrong(text: str, place: int, message: str) -> RuleError:
    """The error whose message shows the line and points at the character."""
    line = text.count("\n", 0, place) + 1
    begin = text.rfind("\n", 0, place) + 1
    column = place - begin + 1
    shown, back = _shown(text[begin:].split("\n", 1)[0], column - 1)
    told = f"{message}\n    {shown}\n    {' ' * back}^"
    return RuleError(told, position=(line, column))


def _shown(line: str, place: int) -> tuple[str, int]:
    """The part of a long line around a place, and where the place is in it."""
    first = max(0, place - _WIDEST * 2 // 3)
    part = "".join(each if each.isprintable() else " " for each in line[first : first + _WIDEST])
    return (f"…{part}", place - first + 1) if first else (part, place)


def expected(what: str, found: str, known: Collection[str] = ()) -> str:
    """Say what belongs there, what stands there, and which word was probably meant."""
    near = suggestion(found, known) if found and found.lower() not in known else ""
    meant = f" {near}" if near.startswith("Did") else ""
    return f"expected {what}, found {f'`{found[:40]}`' if found else 'the end'}.{meant}"
