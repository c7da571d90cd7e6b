"""From a rule tree back to plain data: what `parse` reads as the same tree."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any as Anything

from carpel.language.depth import Walk, in_turn, walked
from carpel.language.nodes import (
    Account,
    All,
    Any,
    Consent,
    Did,
    Doing,
    Entered,
    Holds,
    Holiday,
    Left,
    Moved,
    Near,
    Node,
    NoneOf,
    Not,
    People,
    PeopleWhere,
    Sample,
    SegmentationRef,
    SegmentRef,
    Sequence,
    Some,
    Step,
    Trait,
)
from carpel.language.operands import AT_LEAST_ONCE, Calendar, Comparison, Period, Window
from carpel.language.sayings import Changed, Regularly, Restarted, Stopped
from carpel.language.walking import WORDS

Data = dict[str, Anything]
_DAYS = ("since", "until", "before", "after", "on")
_SAID = {
    "ge": "at_least",
    "le": "at_most",
    "gt": "more_than",
    "lt": "less_than",
    "eq": "is",
    "ne": "is_not",
}


def to_data(node: Node) -> Data:
    """Give the rule as mappings, lists and values; `parse(to_data(node)) == node`.

    Days and instants stay `date` and `datetime`, as YAML has them.
    """
    return walked(_data(node))


def to_json(node: Node) -> Data:
    """The same for JSON: a day is `{"date": "2026-03-01"}` where text could stand as well.

    Where only days and instants stand (`since`, `until`, `before`, `after`, `on`) it is the ISO
    text itself. `parse(json.loads(json.dumps(to_json(node)))) == node`.
    """
    return walked(_json(to_data(node), ""))


def _json(data: Anything, word: str) -> Walk[Anything]:
    if isinstance(data, date):
        kind = "instant" if isinstance(data, datetime) else "date"
        return data.isoformat() if word in _DAYS else {kind: data.isoformat()}
    if isinstance(data, list):
        return (yield from in_turn(_json(each, word) for each in data))
    if isinstance(data, dict):
        values = yield from in_turn(_json(each, key) for key, each in data.items())
        return dict(zip(data, values, strict=True))
    return data


def _data(node: Node) -> Walk[Data]:
    match node:
        case All(children) | Any(children) | NoneOf(children):
            return {WORDS[type(node)]: (yield from in_turn(map(_data, children)))}
        case Some(at_least, children):
            return {"some": (yield from in_turn(map(_data, children))), "at_least": at_least}
        case Not(child):
            return {"not": (yield _data(child))}
        case Account(child):
            return {"account": (yield _data(child))}
        case PeopleWhere(child, comparison):
            return {"people": {**_counted(comparison), "where": (yield _data(child))}}
        case Did() | Sequence() | Regularly() | Stopped() | Restarted() | Changed() | Holds():
            return _of_doing(node)
    return _of_belonging(node)


def _of_belonging(node: Node) -> Data:
    match node:
        case Trait():
            compared = comparison_to_data(node.comparison)
            return {"trait": node.trait, **compared, **_missing(node), **_zone(node.zone)}
        case SegmentRef(segment, since):
            return {"segment": segment, **_given({"for": since})}
        case Entered(segment, window):
            return {"entered": segment, **window_to_data(window)}
        case Left(segment, window):
            return {"left": segment, **window_to_data(window)}
        case SegmentationRef(segmentation, places):
            return {"segmentation": segmentation, "in": list(places)}
        case Moved(segmentation, before, now, window):
            sides = {"from": list(before), "to": list(now)}
            return {"moved": segmentation, **sides, **window_to_data(window)}
        case Consent(channel, purpose):
            return {"consent": channel} | ({} if purpose == "marketing" else {"purpose": purpose})
        case Sample(share, salt, start):
            return {"sample": share, "salt": salt} | ({"from": start} if start else {})
        case Near(latitude, longitude, kilometres):
            return {"near": [latitude, longitude], "within": f"{_decimal(kilometres)} km"}
        case Holiday(within, name):
            return {"holiday": name or "any", "within": str(within)}
        case People(customers):
            return {"people": list(customers)}
    raise TypeError(f"no rule: {node!r}")


def _of_doing(node: Node) -> Data:
    match node:
        case Did():
            return _did(node)
        case Sequence():
            steps = [_step(each, index) for index, each in enumerate(node.steps)]
            ends = _given({"ends_within": node.ends.within})
            return {"sequence": steps, **window_to_data(node.window), **ends, **_zone(node.zone)}
        case Regularly(did, at_least, of, each):
            inner = did.event if did == Did(did.event) else _did(did)
            return {"regularly": inner, "at_least": at_least, "of": of, "each": str(each)}
        case Stopped(doing, since, within, comparison):
            before = {**_counted(comparison), **_given({"within": within})}
            said = {"stopped": doing.event, **_where(doing.where), "since": str(since)}
            return said | ({"after": before} if before else {})
        case Restarted(doing, after, window):
            said = {"restarted": doing.event, **_where(doing.where), "after": str(after)}
            return said | window_to_data(window)
        case Changed(trait, before, now, window):
            sides = {"from": before, "to": now}
            given = {word: comparison_to_data(each) for word, each in sides.items() if each}
            return {"changed": trait, **given, **window_to_data(window)}
        case Holds(where, ever, comparison, zone):
            terms = {name: comparison_to_data(each) for name, each in where.items()}
            word = "held" if ever else "holds"
            return {word: terms or "any", **_counted(comparison), **_zone(zone)}
    raise TypeError(f"no rule: {node!r}")


def comparison_to_data(comparison: Comparison) -> Data:
    """Give a comparison as `{operator: value}`, in the words people use."""
    word = _SAID.get(comparison.operator, comparison.operator)
    return {word: _value(comparison)} | ({"fold": True} if comparison.fold else {})


def window_to_data(window: Window) -> Data:
    """Give a window in its words; nothing for all time."""
    return _given(
        {
            "within": window.within,
            "ago": window.ago,
            "since": window.since,
            "until": window.until,
            "during": window.during,
        }
    )


def _given(words: Mapping[str, Anything]) -> Data:
    return {
        word: str(each) if isinstance(each, Period | Calendar) else each
        for word, each in words.items()
        if each is not None
    }


def _value(comparison: Comparison) -> Anything:
    if comparison.operator in ("is_set", "is_missing", "is_empty"):
        return True
    value = comparison.value
    if isinstance(value, Period | Calendar):
        return str(value)
    if isinstance(value, Comparison):
        return comparison_to_data(value)
    return list(value) if isinstance(value, tuple) else value


def _counted(comparison: Comparison) -> Data:
    return {} if comparison == AT_LEAST_ONCE else comparison_to_data(comparison)


def _where(where: Mapping[str, Comparison]) -> Data:
    if not where:
        return {}
    return {"where": {name: comparison_to_data(each) for name, each in where.items()}}


def _missing(node: Trait | Did) -> Data:
    return {} if node.missing == "unknown" else {"missing": node.missing}


def _zone(zone: str) -> Data:
    return {"zone": zone} if zone else {}


def _doing(doing: Doing) -> Anything:
    return {"did": doing.event, **_where(doing.where)} if doing.where else doing.event


def _step(step: Step, index: int) -> Data:
    word = "then_not" if step.absent else "then" if index else "did"
    gaps = _given({"within": step.within, "after": step.after})
    without = {"without": [_doing(each) for each in step.without]} if step.without else {}
    return {word: step.doing.event, **_where(step.doing.where), **gaps, **without}


def _did(node: Did) -> Data:
    data: Data = {"did": node.event, **_where(node.where)}
    if node.aggregate != "count":
        data[node.aggregate] = node.property or "count"
    if node.aggregate != "count" or node.comparison != AT_LEAST_ONCE:
        data |= comparison_to_data(node.comparison)
    if node.since:
        data[f"since_{node.since.which}"] = _doing(node.since.doing)
    return data | window_to_data(node.window) | _missing(node) | _zone(node.zone)


def _decimal(number: float) -> str:
    """A number without an exponent, no digit lost."""
    return format(Decimal(repr(number)), "f")
