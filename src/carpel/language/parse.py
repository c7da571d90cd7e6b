"""From plain data (YAML, JSON) to a rule tree, every mistake with its path in the data."""

import re
from collections.abc import Callable, Mapping
from typing import Any as Anything
from typing import get_args

from carpel.language.nodes import (
    Aggregate,
    All,
    Any,
    Comparison,
    Consent,
    Did,
    Node,
    NoneOf,
    Not,
    Operator,
    People,
    Period,
    SegmentationRef,
    SegmentRef,
    Trait,
    Window,
)

OPERATORS = get_args(Operator)
AGGREGATES = get_args(Aggregate)
SAID = {"at_least": "ge", "at_most": "le", "more_than": "gt", "less_than": "lt", "is": "eq",
        "is_not": "ne", "equals": "eq", "exactly": "eq"}
"""How people say an operator, beside its own name."""
_PERIOD = re.compile(r"^\s*(\d+)\s*(hour|day|week|month|year)s?\s*$")


class RuleError(ValueError):
    """A rule that does not parse; `path` leads to the place within it."""

    def __init__(self, message: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.path = path


def period(text: str) -> Period:
    """Read `90 days`, `1 week`, `6 months`; raises RuleError on anything else."""
    match = _PERIOD.match(str(text))
    if not match:
        raise RuleError(f"{text!r} is not a period; write it like `90 days`")
    return Period(int(match[1]), f"{match[2]}s")  # type: ignore[arg-type]


def comparison(data: Anything) -> Comparison:
    """Read `coffee`, `[a, b]` or `{at_least: 3}`."""
    if isinstance(data, Comparison):
        return data
    if isinstance(data, list | tuple):
        return Comparison("in", tuple(data))
    if not isinstance(data, Mapping):
        return Comparison("eq", data)
    said = {key: value for key, value in data.items() if key != "fold"}
    if len(said) != 1:
        raise RuleError(f"one operator expected, found {', '.join(said) or 'none'}")
    (key, value), = said.items()
    operator = SAID.get(key, key)
    if operator not in OPERATORS:
        raise RuleError(f"unknown operator {key!r}")
    if operator in ("in_last", "not_in_last", "in_next"):
        value = period(value)
    elif isinstance(value, list):
        value = tuple(value)
    return Comparison(operator, value, bool(data.get("fold", False)))


def parse(data: Anything) -> Node:
    """Read a rule; raises RuleError with the path of what is wrong."""
    if not isinstance(data, Mapping):
        raise RuleError(f"a rule is a mapping such as {{trait: …}}, not {data!r}")
    for word, reader in _READERS.items():
        if word in data:
            try:
                return reader(dict(data))
            except RuleError as error:
                raise RuleError(str(error), (word, *error.path)) from None
    raise RuleError(f"a rule begins with one of {', '.join(_READERS)}, not {', '.join(data)}")


def _children(data: Anything) -> tuple[Node, ...]:
    return tuple(parse(each) for each in data)


def _comparison_of(data: dict[str, Anything], *, otherwise: Comparison | None = None) -> Comparison:
    given = {key: data.pop(key) for key in [*SAID, *OPERATORS, "fold"] if key in data}
    if not given and otherwise is not None:
        return otherwise
    return comparison(given)


def _nothing_left(data: dict[str, Anything]) -> None:
    if data:
        raise RuleError(f"unknown word {next(iter(data))!r}")


def _trait(data: dict[str, Anything]) -> Trait:
    name, missing = data.pop("trait"), data.pop("missing", "unknown")
    node = Trait(name, _comparison_of(data), missing)
    _nothing_left(data)
    return node


def _did(data: dict[str, Anything]) -> Did:
    event, missing = data.pop("did"), data.pop("missing", "unknown")
    where = {key: comparison(value) for key, value in data.pop("where", {}).items()}
    within, since, until = (data.pop(key, None) for key in ("within", "since", "until"))
    window = Window(period(within) if within else None, since, until)
    measure = next((key for key in AGGREGATES if key in data), "count")
    property_ = data.pop(measure, None)
    compared = _comparison_of(data, otherwise=Comparison("ge", 1))
    _nothing_left(data)
    return Did(event, where, window, measure, property_, compared, missing)


def _segmentation(data: dict[str, Anything]) -> SegmentationRef:
    places = data["in"]
    return SegmentationRef(data["segmentation"], tuple([places] if isinstance(places, str) else places))


_READERS: dict[str, Callable[[dict[str, Anything]], Node]] = {
    "all": lambda data: All(_children(data["all"])),
    "any": lambda data: Any(_children(data["any"])),
    "none": lambda data: NoneOf(_children(data["none"])),
    "not": lambda data: Not(parse(data["not"])),
    "trait": _trait,
    "did": _did,
    "segmentation": _segmentation,
    "segment": lambda data: SegmentRef(data["segment"]),
    "consent": lambda data: Consent(data["consent"], data.get("purpose", "marketing")),
    "people": lambda data: People(tuple(data["people"])),
}
