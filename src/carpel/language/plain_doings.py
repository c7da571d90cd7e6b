"""What people did and hold, in plain English."""

from collections.abc import Mapping

from carpel.language.nodes import Did, Doing, Holds, Node, Sequence, Step
from carpel.language.operands import Comparison, Window
from carpel.language.phrases import (
    Words,
    compared,
    denied,
    in_zone,
    label,
    of_many,
    opposite,
    percent,
    reversible,
    said,
    stretch,
    when,
    within,
)
from carpel.language.sayings import Changed, Regularly, Restarted, Stopped

_MEASURES = {
    "sum": "total",
    "avg": "average",
    "min": "lowest",
    "max": "highest",
    "distinct": "number of different",
    "first": "first",
    "last": "latest",
}
_TIMES = {
    "ge": "at least {}",
    "le": "at most {}",
    "gt": "more than {}",
    "lt": "less than {}",
    "eq": "exactly {}",
    "ne": "not exactly {}",
}
_TERMS = {
    "amount": "price",
    "trial_ends": "end of the trial",
    "on_trial": "on trial",
    "past_due": "past due",
    "renews": "next renewal",
    "renewed": "last renewal",
    "started": "start",
    "ended": "end",
    "cancelled": "cancellation",
}


def doing_clause(node: Node, words: Words, negated: bool) -> str | None:
    """The clause about what somebody did or holds; None for any other."""
    match node:
        case Did():
            return _did(node, words, negated)
        case Sequence(steps, window, ends, zone):
            told = "".join(_step(each, index, words) for index, each in enumerate(steps))
            did = "who did not go through this: " if negated else "who did "
            last = f", the last of these{when(ends)}" if ends != Window() else ""
            return f"{did}{told}{last}{_all_of_it(window)}{in_zone(zone)}"
        case Regularly():
            return _regularly(node, words, negated)
        case Stopped() | Restarted() | Changed():
            return _turn(node, words, negated)
        case Holds():
            return _holds(node, words, negated)
    return None


def _all_of_it(window: Window) -> str:
    return f", all of it{when(window)}" if window != Window() else ""


def doings(node: Did, words: Words) -> str:
    """What somebody did: `“order completed” where … in the last 90 days`."""
    since = ""
    if node.since is not None:
        which = "first" if node.since.which == "first" else "latest"
        since = f" since their {which} {doing(node.since.doing, words)}"
    what = doing(Doing(node.event, node.where), words)
    return f"{what}{when(node.window)}{since}{in_zone(node.zone)}"


def doing(each: Doing, words: Words) -> str:
    """Events of a kind: `“order completed” where amount is at least 50`."""
    return f"“{label(each.event, words)}”{_filters(each.where, words)}"


def verdict(comparison: Comparison, missing: str, negated: bool, *, plural: bool = False) -> str:
    """How the value compares; a missing value that matches is left out by the negation."""
    told = denied(comparison) if negated else compared(comparison)
    told, be = (of_many(told), "are") if plural else (told, "is")
    if missing == "unknown":
        return told
    return f"{be} known and {told}" if negated else f"{told} or {be} not known"


def _did(node: Did, words: Words, negated: bool) -> str:
    what = doings(node, words)
    if node.aggregate == "share":
        return f"of whose {_whole(node, words)} {_share(node, words, negated)}"
    if node.aggregate != "count":
        figure = f"{_MEASURES[node.aggregate]} {within(label(node.property or '', words))}"
        return f"whose {figure} of {what} {verdict(node.comparison, node.missing, negated)}"
    comparison = node.comparison
    turned = opposite(comparison) if negated and reversible(comparison) else comparison
    if (turned.operator, turned.value) in (("lt", 1), ("le", 0), ("eq", 0)):
        return f"who did no {what}"
    if turned.operator not in _TIMES:
        return f"whose number of {what} {verdict(comparison, node.missing, negated)}"
    return f"who did {what} {_times(turned)}"


def _whole(node: Did, words: Words) -> str:
    of = f"{within(label(node.property, words))} of " if node.property else "number of "
    return f"{of}“{label(node.event, words)}”{when(node.window)}{in_zone(node.zone)}"


def _share(node: Did, words: Words, negated: bool) -> str:
    """A share is said in per cent."""
    value = node.comparison.value
    parts = value if isinstance(value, tuple) else (value,)
    told = denied(node.comparison) if negated else compared(node.comparison)
    for each in parts:
        told = told.replace(said(each), percent(each), 1)
    return f"the part{_filters(node.where, words)} {told}"


def _times(comparison: Comparison) -> str:
    told = {"1": "once", "2": "twice"}.get(
        said(comparison.value), f"{said(comparison.value)} times"
    )
    return _TIMES[comparison.operator].format(told)


def _often(comparison: Comparison) -> str:
    if comparison.operator in _TIMES:
        return _times(comparison)
    return f"a number of times that {compared(comparison)}"


def _filters(where: Mapping[str, Comparison], words: Words) -> str:
    if not where:
        return ""
    parts = (f"{within(label(name, words))} {compared(each)}" for name, each in where.items())
    return f" where {' and '.join(parts)}"


def _step(step: Step, index: int, words: Words) -> str:
    what = doing(step.doing, words)
    if index == 0:
        return what
    if step.absent:
        assert step.within is not None
        return f", then within {step.within} no {what}"
    gap = f" within {step.within}" if step.within else ""
    after = f" after {step.after} or more" if step.after else ""
    without = " or ".join(doing(each, words) for each in step.without)
    between = f", with no {without} between" if without else ""
    return f", then{after}{gap} {what}{between}"


def _regularly(node: Regularly, words: Words, negated: bool) -> str:
    did = _did(node.did, words, False)
    part = f"in at least {node.at_least:,} of the last {node.of:,} stretches of {node.each}"
    return (
        f"of whom it is not so that {part} they are people {did}" if negated else f"{did}, {part}"
    )


def _turn(node: Stopped | Restarted | Changed, words: Words, negated: bool) -> str:
    match node:
        case Stopped(each, since, within_, comparison):
            stopped = "of whom it is not so that they stopped" if negated else "who stopped"
            how = _often(comparison)
            before = f" in the {stretch(within_)} before that" if within_ else " before that"
            return (
                f"{stopped} {doing(each, words)}: none in the last {stretch(since)}, {how}{before}"
            )
        case Restarted(each, after, window):
            did = "who did not do" if negated else "who did"
            return (
                f"{did} {doing(each, words)} again after a break of {after} or more{when(window)}"
            )
        case Changed(trait, before_, now, window):
            told = " and ".join(
                f"{word} {compared(each)}"
                for word, each in (("before", before_), ("now", now))
                if each
            )
            sides = f", where the value {told}" if told else ""
            what = within(label(trait, words))
            did_ = f"who had no change of {what}" if negated else f"whose {what} changed"
            return f"{did_}{when(window)}{sides}"


def _holds(node: Holds, words: Words, negated: bool) -> str:
    where = {_TERMS.get(name, name): each for name, each in node.where.items()}
    what = f"a plan{_filters(where, words)}{in_zone(node.zone)}"
    verb = "held" if node.ever else "hold"
    if node.comparison == Comparison("ge", 1):
        if not negated:
            return f"who {verb} {what}"
        return f"who never held {what}" if node.ever else f"who do not hold {what}"
    comparison = node.comparison
    told = denied(comparison) if negated else compared(comparison)
    return f"of whom the number of times that they {verb} {what} {told}"
