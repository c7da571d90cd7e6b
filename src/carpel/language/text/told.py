"""What people did and hold, as it is written in the text of a rule."""

from collections.abc import Mapping

from carpel.language.nodes import Did, Doing, Holds, Node, Sequence, Step
from carpel.language.operands import AT_LEAST_ONCE, Comparison, Period, Scalar
from carpel.language.sayings import Changed, Regularly, Restarted, Stopped
from carpel.language.text.phrases import compared, missing, share, within, zone
from carpel.language.text.words import name, value

_COUNTED = ("eq", "ne", "lt", "le", "gt", "ge", "between")
"""How `did` compares its count; any other comparison is said with `count of`."""


def told(node: Node) -> str | None:
    """The clause about what somebody did or holds; None for any other."""
    match node:
        case Did():
            return _did(node)
        case Sequence(steps, window, ends, whose):
            ending = f" ending{within(ends)}" if ends.within else ""
            way = " -> ".join(_step(each) for each in steps)
            return f"sequence({way}){within(window)}{ending}{zone(whose)}"
        case Regularly(did, at_least, of, each):
            return f"regularly ({_did(did)}) in {at_least} of {of} periods of {each}"
        case Holds(where, ever, comparison, whose):
            word, terms = "held" if ever else "holds", _filters(where)
            how = f" {terms}" if terms else ""
            often = "" if comparison == AT_LEAST_ONCE else f" {compared(comparison)}"
            return f"{word}{how}{often}{zone(whose)}"
    return _turn(node)


def _turn(node: Node) -> str | None:
    match node:
        case Stopped(doing, since, period, comparison):
            return f"stopped {_doing(doing)} for {since}{_before(comparison, period)}"
        case Restarted(doing, after, window):
            return f"restarted {_doing(doing)} after {after}{within(window)}"
        case Changed(trait, before, now, window):
            return f"changed {name(trait)}{_side('from', before)}{_side('to', now)}{within(window)}"
    return None


def _did(node: Did) -> str:
    what = _doing(Doing(node.event, node.where))
    since = ""
    if node.since:
        since = f" since {node.since.which} {_doing(node.since.doing)}"
    ending = f"{within(node.window)}{since}{zone(node.zone)}{missing(node.missing)}"
    if node.aggregate == "count" and node.comparison == AT_LEAST_ONCE:
        return f"did {what}{ending}"
    if node.aggregate == "count" and _is_simple(node.comparison):
        return f"did {what} {_times(node.comparison)}{ending}"
    of = f"({name(node.property)})" if node.property else ""
    say = share if node.aggregate == "share" else value
    return f"{node.aggregate}{of} of {what} {compared(node.comparison, say)}{ending}"


def _is_simple(comparison: Comparison) -> bool:
    return comparison.operator in _COUNTED and not comparison.fold


def _times(comparison: Comparison) -> str:
    if not _is_simple(comparison):
        return compared(comparison)
    return f"{compared(comparison)} {'time' if comparison.value == 1 else 'times'}"


def _before(comparison: Comparison, period: Period | None) -> str:
    """How often before it stopped, where that is said."""
    often = "" if comparison == AT_LEAST_ONCE else f" {_times(comparison)}"
    long = f" in {period}" if period else ""
    return f" after{often}{long}" if often or long else ""


def _side(word: str, comparison: Comparison | None) -> str:
    if comparison is None:
        return ""
    plain = comparison.operator == "eq" and not comparison.fold
    said = comparison.value
    return f" {word} {value(said) if plain and isinstance(said, Scalar) else compared(comparison)}"


def _step(step: Step) -> str:
    gaps = (("within", step.within), ("after", step.after))
    said = "".join(f" {word} {each}" for word, each in gaps if each)
    without = [f"did {_doing(each)}" for each in step.without]
    if without:
        listed = ", ".join(without)
        said += f" without {listed if len(without) == 1 else f'({listed})'}"
    return f"did {'not ' if step.absent else ''}{_doing(step.doing)}{said}"


def _doing(doing: Doing) -> str:
    return f"{name(doing.event)}{_filters(doing.where)}"


def _filters(where: Mapping[str, Comparison]) -> str:
    if not where:
        return ""
    inside = ", ".join(f"{name(each)} {compared(how)}" for each, how in where.items())
    return f"({inside})"
