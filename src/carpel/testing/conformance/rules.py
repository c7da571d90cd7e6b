"""Every operator over every kind of value, every aggregate over every kind and window."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from carpel.testing.conformance.business import TEXTS, TRAITS
from carpel.testing.conformance.leaves import leaves

Rule = dict[str, Any]

ORDER = ("at_least", "at_most", "more_than", "less_than", "is", "is_not")
VALUES: Mapping[str, list[Any]] = {
    "number": [0, 0.3, 2.5, 1e300, -1.5],
    "integer": [0, 1, 2.5, 10**15],
}
PERIODS = ("36 hours", "7 days", "30 days", "1 month", "2 weeks", "1 year")


def comparisons(kind: str) -> Iterator[Rule]:
    """Every operator that fits a kind, with the values that engines could disagree about."""
    yield from ({"is_set": True}, {"is_missing": True})
    if kind in VALUES:
        yield from ({word: value} for word in ORDER for value in VALUES[kind])
        yield from ({"between": [0, 3]}, {"in": [0, 2.5, 1]}, {"not_in": [0, 0.3]})
    elif kind == "boolean":
        yield from ({word: value} for word in ("is", "is_not") for value in (True, False))
    elif kind == "text":
        yield from _text_comparisons()
    elif kind == "list":
        for word in ("any_of", "all_of", "none_of"):
            yield from ({word: some} for some in (["Straße"], ["a", "café"], ["🙂", "", "it's"]))
    else:
        yield from _time_comparisons()


def _text_comparisons() -> Iterator[Rule]:
    for value in TEXTS:
        for fold in (False, True):
            yield {"is": value, "fold": fold}
            yield {"is_not": value, "fold": fold}
    for piece in (
        "s",
        "ß",
        "SS",
        "é",
        "\u0301",
        "i",
        "İ",
        "σ",
        "ς",
        "'",
        '"',
        "\\",
        "%",
        "_",
        "🙂",
    ):
        for word in ("contains", "starts_with", "ends_with"):
            yield from ({word: piece, "fold": fold} for fold in (False, True))
    yield from ({"in": TEXTS[:6], "fold": fold} for fold in (False, True))
    yield {"not_in": TEXTS[3:9]}
    for pattern in PATTERNS:
        yield {"matches": pattern}


PATTERNS = (
    "^a", "b$", "^$", "a.b", r"\d+", r"^\w+$", r"\s", "[A-Z]", "^[^a-z]*$", "(cafe|naïve)", r"\.",
    "[aä]", r"\bs", "s{2}", "^.$", r"it'?s", r"[\\]", r"\\", "ß|ẞ", r"^\S+$", "%",
)  # fmt: skip


def _time_comparisons() -> Iterator[Rule]:
    for day in (date(2024, 2, 29), date(2024, 3, 31), date(2023, 10, 29)):
        for word in ("before", "after", "on", "at_least", "at_most", "is_not"):
            yield {word: day}
    yield {"between": [date(2024, 2, 28), date(2024, 3, 1)]}
    yield {"in": [date(2024, 2, 29), date(2024, 3, 31)]}
    yield from (
        {word: period} for word in ("in_last", "not_in_last", "in_next") for period in PERIODS
    )


def every_rule() -> dict[str, Rule]:
    """All of it, by a name each."""
    listed = [*_trait_rules(), *_did_rules(), *_other_rules(), *leaves()]
    return {f"rule {number}": rule for number, rule in enumerate(listed)}


def _trait_rules() -> Iterator[Rule]:
    for name, kind, _ in TRAITS:
        for comparison in comparisons(kind):
            yield {"trait": name, **comparison}
        yield {"trait": name, **list(comparisons(kind))[2], "missing": "match"}


WINDOWS: tuple[Rule, ...] = (
    {},
    *({"within": period} for period in PERIODS),
    {"since": date(2024, 2, 29)},
    {"until": date(2024, 2, 29)},
    {"since": date(2023, 10, 29), "until": date(2024, 3, 31)},
)
FILTERS: tuple[Rule, ...] = (
    {},
    {"category": "coffee"},
    {"category": {"is": "cafe", "fold": True}},
    {"channel": {"contains": "S", "fold": True}},
    {"quantity": {"at_least": 1}, "gift": True},
    {"tags": {"any_of": ["Straße", "a"]}},
    {"due": {"in_last": "1 month"}},
)
PROPERTIES = {
    "amount": "number",
    "quantity": "integer",
    "channel": "text",
    "gift": "boolean",
    "due": "date",
    "tags": "list",
    "category": "text",
    "at": "instant",
}
FIGURES: Mapping[str, tuple[str, ...]] = {
    "sum": ("amount", "quantity"),
    "avg": ("amount", "quantity"),
    "min": ("amount", "quantity", "channel", "due", "at"),
    "max": ("amount", "quantity", "channel", "due", "at"),
    "distinct": ("amount", "channel", "due", "category", "gift"),
    "first": tuple(PROPERTIES),
    "last": tuple(PROPERTIES),
}


def _did_rules() -> Iterator[Rule]:
    for window in WINDOWS:
        for where in FILTERS:
            filters = {"where": where} if where else {}
            for count in ({}, {"at_least": 2}, {"at_most": 1}, {"is": 0}):
                yield {"did": "bought", **filters, **window, **count}
    for number, (aggregate, names) in enumerate(FIGURES.items()):
        for name in names:
            kind = "integer" if aggregate == "distinct" else PROPERTIES[name]
            for index, comparison in enumerate(_some_comparisons(kind)):
                window = WINDOWS[(number + index) % len(WINDOWS)]
                where = FILTERS[index % 3] if index % 2 else {}
                filters = {"where": where} if where else {}
                yield {"did": "visited", **filters, **window, aggregate: name, **comparison}


def _some_comparisons(kind: str) -> list[Rule]:
    """A choice of a kind's comparisons: all of them would be said of traits already."""
    listed = [each for each in comparisons(kind) if "is_missing" not in each]
    return listed[:: max(1, len(listed) // 12)]


def _other_rules() -> Iterator[Rule]:
    for places in (["gold"], ["Straße", "tin"]):
        yield {"segmentation": "tier", "in": places}
    yield from ({"consent": channel} for channel in ("email", "Email", "sms", "post"))
    yield {"people": list(range(40))}
    yield {"segment": "base"}
    yield {"not": {"segment": "above"}}
    yield {"none": [{"trait": "height", "at_least": 1}, {"not": {"did": "bought"}}]}
    yield {"any": [{"trait": "vip", "is": True}, {"not": {"trait": "name", "is": "a"}}]}


SEGMENTS: Mapping[str, Rule] = {
    "base": {"any": [{"trait": "vip", "is": True}, {"did": "bought", "within": "30 days"}]},
    "above": {"all": [{"segment": "base"}, {"not": {"consent": "email"}}]},
}
