"""Random values and comparisons: every operator and way to write a value comes up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from random import Random
from typing import Any as Anything
from typing import TypeVar

from carpel.language import (
    Calendar,
    Comparison,
    Period,
)

T = TypeVar("T")
ORDER = ("lt", "le", "gt", "ge")
_UNITS = ("hours", "days", "weeks", "months", "years")
_PIECES = (
    *"aäßéİıß日🙂 ",
    "  ",
    "\n",
    "\t",
    "'",
    '"',
    "`",
    "\\",
    "%",
    "->",
    "and",
    "not",
    "\u00a0",
    "\x00",
)


@dataclass(frozen=True)
class Names:
    """The names that random rules use; some of the ready ones need quotes in the text form."""

    traits: Sequence[str] = (
        "age",
        "city",
        "not",
        "in",
        "Größe",
        "two words",
        "a.b",
        "`",
        "9",
        "日",
    )
    events: Sequence[str] = ("order_completed", "signed_in", "did", "since", "page view", "x\\y")
    properties: Sequence[str] = ("amount", "category", "and", "price (net)", "times")
    segments: Sequence[str] = ("vip", "rfm.champions", "segment", "for", "a b")
    segmentations: Sequence[str] = ("rfm", "lifecycle", "segment", "from")
    places: Sequence[str] = ("champions", "lost", "to", "über 50")
    channels: Sequence[str] = ("email", "sms", "for")


NAMES = Names()


class Draw:
    """Draws values, periods and comparisons."""

    def __init__(self, random: Random, names: Names) -> None:
        self.random, self.names = random, names

    def one(self, among: Sequence[T]) -> T:
        return self.random.choice(among)

    def maybe(self, make: Callable[[], Anything], share: float = 0.5) -> Anything:
        return make() if self.random.random() < share else None

    # ---- values ----

    def text(self) -> str:
        said = "".join(self.one(_PIECES) for _ in range(self.random.randint(1, 5)))
        return self.one((said, "coffee", "2026-03-01", "10%", "true"))

    def number(self) -> int | float:
        return self.one(
            (
                self.random.randint(-5, 5),
                self.random.randint(-(10**12), 10**12),
                self.random.uniform(-100, 100),
                self.one((0.1, -0.0, 1e-7, -2.5e300, 5e-324, 1e22, 2.0)),
            )
        )

    def day(self) -> date | datetime:
        day = date(2026, 3, 1) + timedelta(days=self.random.randint(-9999, 9999))
        moment = datetime(2026, 3, 29, 2, 30, self.random.randint(0, 59), self.one((0, 1)))  # noqa: DTZ001
        zone = timezone(timedelta(minutes=self.one((-210, 60, 345))))
        return self.one((day, moment, moment.replace(tzinfo=UTC), moment.replace(tzinfo=zone)))

    def value(self) -> Anything:
        truth = self.random.random() < 0.5
        return self.one((self.text(), self.number(), self.day(), truth))

    def period(self, *units: Anything) -> Period:
        return Period(self.random.choice((1, 2, 30, 90, 999999)), self.one(units or _UNITS))

    def gap(self) -> Period:
        return self.period("hours", "days", "weeks")

    def calendar(self) -> Calendar:
        unit: Anything = self.one(("day", "week", "month", "quarter", "year"))
        return Calendar(unit, self.one((0, 1, 3)))

    def share(self) -> float:
        return self.one((0.1, 0.07, 0.125, 1.0, self.random.uniform(0.001, 1)))

    def several(self, make: Callable[[], Anything]) -> tuple[Anything, ...]:
        return tuple(make() for _ in range(self.random.randint(1, 3)))

    def some_of(self, among: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.random.sample(among, self.random.randint(1, min(3, len(among)))))

    # ---- comparisons ----

    def comparison(self) -> Comparison:
        operator = self.one(list(OPERANDS))
        return self.compared(operator)

    def compared(self, operator: Anything) -> Comparison:
        value = OPERANDS[operator](self)
        folds = operator in FOLDING and self.random.random() < 0.3
        return Comparison(operator, value, folds)

    def count(self) -> Comparison:
        """How often: mostly a whole number compared, now and then anything."""
        if self.random.random() < 0.2:
            return self.without_letters()
        operator: Anything = self.one((*ORDER, "eq", "ne", "between"))
        low = self.random.randint(0, 5)
        return Comparison(operator, (low, low + 2) if operator == "between" else low)

    def without_letters(self) -> Comparison:
        """Any comparison but of letters or the calendar: as a number of people may compare."""
        known = [each for each in OPERANDS if each not in ("during",)]
        return replace(self.compared(self.one(known)), fold=False)

    def figure(self) -> Comparison:
        """How an aggregate compares; `during` would be its window."""
        return self.compared(self.one([each for each in OPERANDS if each != "during"]))

    def of_number(self) -> Comparison:
        return self.numeric(self.number)

    def of_decile(self) -> Comparison:
        return self.numeric(lambda: self.random.randint(1, 10))

    def numeric(self, number: Callable[[], Anything]) -> Comparison:
        operator: Anything = self.one((*ORDER, "eq", "ne", "between", "in", "not_in"))
        if operator == "between":
            return Comparison(operator, tuple(sorted((number(), number()))))
        many = operator in ("in", "not_in")
        return Comparison(operator, self.several(number) if many else number())

    def limits(self) -> tuple[Anything, ...]:
        day = date(2026, 1, self.random.randint(1, 30))
        pairs: list[Anything] = [
            (self.number(), self.number()),
            (self.text(), self.text()),
            (day, day + timedelta(days=1)),
        ]
        return tuple(sorted(self.one(pairs)))


FOLDING = frozenset(
    {"eq", "ne", "in", "not_in", "any_of", "all_of", "none_of"}
    | {"contains", "starts_with", "ends_with"}
)
OPERANDS: dict[Anything, Callable[[Draw], Anything]] = {
    **dict.fromkeys(("eq", "ne"), Draw.value),
    **dict.fromkeys(ORDER, lambda tree: tree.one((tree.number(), tree.text(), tree.day()))),
    "between": Draw.limits,
    **dict.fromkeys(
        ("in", "not_in", "any_of", "all_of", "none_of"), lambda tree: tree.several(tree.value)
    ),
    **dict.fromkeys(("contains", "starts_with", "ends_with"), Draw.text),
    "matches": lambda tree: tree.one((r"^a+b?$", r'\d{2}"', "a|b\\\\c", "(x)")),
    **dict.fromkeys(("is_set", "is_missing", "is_empty"), lambda _tree: None),
    **dict.fromkeys(("before", "after", "on"), Draw.day),
    "during": Draw.calendar,
    **dict.fromkeys(
        ("in_last", "not_in_last", "in_next", "older_than", "anniversary_in"), Draw.period
    ),
    "weekday": lambda tree: tree.one((("monday",), ("tuesday", "sunday"))),
    "length": Draw.of_number,
    "decile": Draw.of_decile,
    "zscore": Draw.of_number,
    "top": Draw.share,
    "bottom": Draw.share,
}
"""What each operator compares with."""
