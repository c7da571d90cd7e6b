"""Values, comparisons and windows in plain English."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any as Anything

from carpel.language.operands import Calendar, Comparison, Period, Window

Words = Mapping[str, str]
"""Labels of traits, events, properties, segments, segmentations and places, by name."""
_OPPOSITES = {
    "ge": "lt",
    "lt": "ge",
    "gt": "le",
    "le": "gt",
    "eq": "ne",
    "ne": "eq",
    "is_set": "is_missing",
    "is_missing": "is_set",
    "in": "not_in",
    "not_in": "in",
    "any_of": "none_of",
    "none_of": "any_of",
}
_PHRASES = {
    "eq": "is {}",
    "ne": "is not {}",
    "lt": "is less than {}",
    "le": "is at most {}",
    "gt": "is more than {}",
    "ge": "is at least {}",
    "between": "is between {}",
    "in": "is {}",
    "not_in": "is not {}",
    "contains": "contains {}",
    "starts_with": "begins with {}",
    "ends_with": "ends with {}",
    "matches": "has the pattern {}",
    "is_set": "is known",
    "is_missing": "is not known",
    "is_empty": "is empty",
    "before": "is before {}",
    "after": "is after {}",
    "on": "is on {}",
    "during": "is {}",
    "in_last": "is in the last {}",
    "not_in_last": "is not in the last {}",
    "in_next": "is in the next {}",
    "older_than": "is more than {} ago",
    "anniversary_in": "has its anniversary in the next {}",
    "weekday": "is on a {}",
    "any_of": "includes {}",
    "all_of": "includes {}",
    "none_of": "does not include {}",
    "length": "has a length that {}",
    "top": "is in the highest {}",
    "bottom": "is in the lowest {}",
    "decile": "is in a tenth that {}, where 10 is the highest",
    "zscore": "lies so far from the average that its z-score {}",
}
_NEGATIONS = {
    "between": "is not between {}",
    "contains": "does not contain {}",
    "starts_with": "does not begin with {}",
    "ends_with": "does not end with {}",
    "matches": "does not have the pattern {}",
    "is_empty": "is not empty",
    "before": "is not before {}",
    "after": "is not after {}",
    "on": "is not on {}",
    "during": "is not {}",
    "in_last": "is not in the last {}",
    "not_in_last": "is in the last {}",
    "in_next": "is not in the next {}",
    "older_than": "is not more than {} ago",
    "anniversary_in": "does not have its anniversary in the next {}",
    "weekday": "is not on a {}",
    "all_of": "does not include all of {}",
    "length": "does not have a length that {}",
    "top": "is not in the highest {}",
    "bottom": "is not in the lowest {}",
    "decile": "is not in a tenth that {}, where 10 is the highest",
    "zscore": "does not lie so far from the average that its z-score {}",
}
_SPANS = {"all time": "of all time", "year before": "in the year before"}
_LINKS = frozenset(
    ("of", "in", "per", "since", "to", "at", "with", "by", "for", "from", "until", "after", "on")
)
"""Words that follow what a label speaks of: these are the days in `days since last order`."""
_VERBS_OF_MANY = {
    "is": "are",
    "has": "have",
    "does": "do",
    "lies": "lie",
    "begins": "begin",
    "ends": "end",
    "contains": "contain",
    "includes": "include",
}


def compared(comparison: Comparison) -> str:
    """A comparison such as `is at least 30`."""
    return _PHRASES[comparison.operator].format(_operand(comparison))


def denied(comparison: Comparison) -> str:
    """The opposite of a comparison, as it is said."""
    if reversible(comparison):
        return compared(opposite(comparison))
    return _NEGATIONS[comparison.operator].format(_operand(comparison))


def reversible(comparison: Comparison) -> bool:
    """Whether another operator says the opposite."""
    return comparison.operator in _OPPOSITES


def opposite(comparison: Comparison) -> Comparison:
    """The comparison that says the opposite."""
    operator = _OPPOSITES[comparison.operator]
    return Comparison(operator, comparison.value, comparison.fold)  # type: ignore[arg-type]


def _operand(comparison: Comparison) -> str:
    value = comparison.value
    if isinstance(value, Comparison):
        return compared(value)
    if comparison.operator in ("top", "bottom"):
        return percent(value)
    if comparison.operator == "weekday" and isinstance(value, tuple):
        return either([str(each).capitalize() for each in value])
    if comparison.operator == "older_than":
        return str(value)
    if not isinstance(value, tuple):
        return said(value)
    parts = [said(each) for each in value]
    return " and ".join(parts) if comparison.operator in ("between", "all_of") else either(parts)


def percent(share: Anything) -> str:
    """A share of 0 to 1 as `12.5 %`."""
    return f"{float(share) * 100:.10g} %"


def said(value: Anything) -> str:
    """A value as it is said: `1,000`, `yes`, `5 January 2026`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,}"
    if isinstance(value, datetime):
        return f"{value.day} {value:%B %Y, %H:%M}"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, Period):
        return stretch(value)
    if isinstance(value, Calendar):
        return str(value) if value.count < 2 else f"in the {value}"
    return f"“{value}”"


def either(parts: Sequence[str]) -> str:
    """`a, b or c`."""
    return " or ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def when(window: Window) -> str:
    """A window as it follows what was done: ` in the last 90 days`."""
    if window.during:
        return f" {said(window.during)}"
    if window.within and window.ago:
        return f" in the {stretch(window.within)} up to {window.ago} ago"
    if window.within:
        return f" in the last {stretch(window.within)}"
    if window.ago:
        return f" up to {window.ago} ago"
    since = f" since {said(window.since)}" if window.since else ""
    return f"{since} until {said(window.until)}" if window.until else since


def stretch(period: Period) -> str:
    """`the last day` rather than `the last 1 day`."""
    return period.unit.rstrip("s") if period.count == 1 else f"{period.count:,} {period.unit}"


def label(name: str, words: Words) -> str:
    """What a name is called on screen."""
    return words.get(name) or name.replace("_", " ")


def within(text: str) -> str:
    """A label within a sentence: `Age` begins small there, `NPS` stays."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def figure(text: str) -> str:
    """A trait's label within a sentence: `Orders, 365 days` as `orders in the last 365 days`."""
    name, _, span = within(text).rpartition(", ")
    if not name:
        return span
    if span.endswith(" days") and span.removesuffix(" days").isdigit():
        return f"{name} in the last {span}"
    return f"{name} {_SPANS[span]}" if span in _SPANS else f"{name}, {span}"


_STATES = (
    (re.compile(r"has (?:an? )(.+)"), r"who have a \1", r"who have no \1"),
    (re.compile(r"has (.+)"), r"who have \1", r"who have not \1"),
    (re.compile(r"is (.+)"), r"who are \1", r"who are not \1"),
    (re.compile(r"may (.+)"), r"who may \1", r"who may not \1"),
)
"""How labels of what is yes or no begin, and what is said of people of whom it is."""


def state(text: str, comparison: Comparison, missing: str, negated: bool) -> str:
    """A label that says a state, as people who are in it or not: `Has a plan` as `who have a plan`.

    Nothing for any other label or comparison, and where what is not known counts as well.
    """
    if comparison.operator != "eq" or not isinstance(comparison.value, bool):
        return ""
    for begins, yes, no in _STATES if missing == "unknown" else ():
        if found := begins.fullmatch(within(text)):
            said_of: str = found.expand(yes if comparison.value != negated else no)
            return re.sub(r"^who have a (?=[aeiou])", "who have an ", said_of)
    return ""


def many(told: str) -> bool:
    """Whether what a sentence speaks of are many: `days since last order`, not `status`."""
    words = told.split()
    until = next((at for at, word in enumerate(words) if at and word in _LINKS), len(words))
    head = words[until - 1] if words else ""
    one = head.endswith(("ss", "us", "is", "'s")) or not head[:-1].isalpha()
    return head in ("people", "children") or (head.endswith("s") and not one)


def of_many(told: str) -> str:
    """What is said of one thing, said of many: `is at least 3` as `are at least 3`."""
    verb, _, rest = told.partition(" ")
    return f"{_VERBS_OF_MANY.get(verb, verb)} {rest}"


def in_zone(zone: str) -> str:
    """On whose clocks; nothing for the project's."""
    if not zone:
        return ""
    return " on their own clocks" if zone == "own" else f" on the clocks of {zone}"
