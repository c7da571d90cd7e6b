"""From a rule as it is said to the core that data decides."""

from dataclasses import replace

from carpel.language.nodes import All, Did, Node, Not, Sequence, Some, Step
from carpel.language.operands import Comparison, Period, Window
from carpel.language.sayings import Changed, Regularly, Restarted, Stopped
from carpel.language.walking import mapped


def core(node: Node) -> Node:
    """The same rule in core nodes only: what is evaluated."""
    return mapped(node, _unfolded)


def _unfolded(node: Node) -> Node:
    match node:
        case Regularly(did, at_least, of, each):
            return Some(at_least, tuple(_in_period(did, each, back) for back in range(of)))
        case Stopped(doing, since, within, comparison):
            before = Window(within=within, ago=since)
            did = Did(doing.event, doing.where, before, comparison=comparison)
            return All((did, Not(Did(doing.event, doing.where, Window(within=since)))))
        case Restarted(doing, after, window):
            steps = (Step(doing), Step(doing, after=after, without=(doing,)))
            return Sequence(steps, ends=window)
        case Changed(trait, before, now, window):
            said = {"trait": Comparison("eq", trait), "was": before, "now": now}
            where = {name: each for name, each in said.items() if each is not None}
            return Did("trait_changed", where, window)
    return node


def _in_period(did: Did, each: Period, back: int) -> Did:
    ago = replace(each, count=each.count * back) if back else None
    return replace(did, window=Window(within=each, ago=ago))
