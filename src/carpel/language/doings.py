"""Reading what people did: `did`, sequences, habits, changes, contracts."""

from collections.abc import Mapping
from functools import partial
from typing import Any as Anything
from typing import get_args

from carpel.language import form
from carpel.language.form import WINDOW, Data
from carpel.language.mistakes import RuleError, at, together
from carpel.language.nodes import Anchor, Did, Doing, Holds, Sequence, Step
from carpel.language.operands import ALL_TIME, AT_LEAST_ONCE, Aggregate, Comparison, Period, Window
from carpel.language.operators import WORDS, comparison
from carpel.language.periods import period
from carpel.language.sayings import Changed, Regularly, Restarted, Stopped

AGGREGATES: tuple[Aggregate, ...] = get_args(Aggregate)
ANCHORS = {"since_first": "first", "since_last": "last"}
_OF_DID = ("did", "where", *WINDOW, *ANCHORS, "missing", "zone", "fold", *AGGREGATES, *WORDS)
_GAPS = ("where", "within", "after", "without")


def did(data: Data) -> Did:
    """`{did: order_completed, where: …, sum: amount, at_least: 100, within: 90 days}`."""
    form.only(data, _OF_DID)
    aggregate, property_ = _measure(data)
    compared = form.compared(data, but=("during",))
    if aggregate == "share" and compared is not None:
        compared = _as_share(compared)
    if compared is None and aggregate != "count":
        raise RuleError(f"say how the {aggregate} compares, such as `at_least: 100`", (aggregate,))
    return Did(
        form.name(data, "did"),
        form.where(data),
        form.window(data),
        aggregate,
        property_,
        compared or AT_LEAST_ONCE,
        form.missing(data),
        form.zone(data),
        _anchor(data),
    )


def _measure(data: Data) -> tuple[Aggregate, str | None]:
    said: list[Aggregate] = [word for word in AGGREGATES if word in data]
    if len(said) > 1:
        raise RuleError(f"`{said[0]}` and `{said[1]}` cannot both be measured", (said[1],))
    if not said or said == ["count"]:
        if data.get("count") is not None:
            raise RuleError(
                "`count` counts events and takes no property; for different values "
                "of a property use `distinct`",
                ("count",),
            )
        return "count", None
    if said == ["share"] and data["share"] in (None, "count"):
        return "share", None
    return said[0], form.name(data, said[0])


def _as_share(compared: Comparison) -> Comparison:
    """A share compares with `60%` as well as with 0.6."""
    value = compared.value
    if isinstance(value, tuple):
        return Comparison(compared.operator, tuple(map(form.share, value)))
    return Comparison(compared.operator, form.share(value))


def _anchor(data: Data) -> Anchor | None:
    said = [word for word in ANCHORS if data.get(word) is not None]
    if not said:
        return None
    if len(said) > 1 or data.get("since") is not None:
        raise RuleError(
            "a window begins once: give one of since, since_first, since_last", (said[0],)
        )
    with at(said[0]):
        return Anchor(ANCHORS[said[0]], doing(data[said[0]]))


def doing(data: Anything) -> Doing:
    """`order_completed` or `{did: order_completed, where: …}`."""
    if isinstance(data, str):
        return Doing(data)
    if not isinstance(data, Mapping) or "did" not in data:
        raise RuleError(f"an event is expected, such as `order_completed`, not {data!r}")
    form.only(data, ("did", "where"))
    return Doing(form.name(data, "did"), form.where(data))


def sequence(data: Data) -> Sequence:
    """`{sequence: [{did: a}, {then: b, within: 2 days}, {then_not: c, within: 1 day}]}`."""
    form.only(data, ("sequence", *WINDOW, "ends_within", "zone"))
    listed = data["sequence"]
    if not isinstance(listed, list | tuple) or len(listed) < 2:
        raise RuleError("`sequence` expects a list of two or more steps", ("sequence",))
    steps = together(partial(_step, each, index) for index, each in enumerate(listed))
    ends = ALL_TIME
    if data.get("ends_within") is not None:
        with at("ends_within"):
            ends = Window(within=period(data["ends_within"]))
    return Sequence(tuple(steps), form.window(data), ends, form.zone(data))


def _step(data: Anything, index: int) -> Step:
    with at("sequence", index):
        word = "did" if index == 0 else "then_not" if _says_not(data) else "then"
        if not isinstance(data, Mapping) or word not in data:
            raise RuleError(f"a step says `{word}: …`" + (" or `then_not: …`" if index else ""))
        form.only(data, (word, *_GAPS) if index else ("did", "where"))
        step = Step(
            Doing(form.name(data, word), form.where(data)),
            _gap(data, "within"),
            _gap(data, "after"),
            _without(data.get("without")),
            word == "then_not",
        )
        if step.absent and (step.within is None or step.after or step.without):
            raise RuleError("`then_not` says how long it waits: `within: 24 hours`, and no more")
        return step


def _says_not(data: Anything) -> bool:
    return isinstance(data, Mapping) and "then_not" in data


def _period(data: Data, word: str) -> Period | None:
    if data.get(word) is None:
        return None
    with at(word):
        return period(data[word])


def _gap(data: Data, word: str) -> Period | None:
    """A stretch between two events: months are not equally long, so it is told in days."""
    found = _period(data, word)
    if found and found.unit in ("months", "years"):
        raise RuleError("a gap is said in hours, days or weeks", (word,))
    return found


def _without(said: Anything) -> tuple[Doing, ...]:
    listed = [] if said is None else said if isinstance(said, list | tuple) else [said]
    with at("without"):
        return tuple(map(doing, listed))


def regularly(data: Data) -> Regularly:
    """`{regularly: {did: order_completed}, at_least: 3, of: 4, each: 30 days}`."""
    form.only(data, ("regularly", "at_least", "of", "each"))
    said = data["regularly"]
    plainly = None if isinstance(said, Mapping) else Did(form.name(data, "regularly"))
    with at("regularly"):
        inner = plainly or did(said)
        if inner.window != ALL_TIME or inner.since:
            raise RuleError("the periods are said by `of` and `each`; give no other window")
    of, least = form.count(data, "of"), form.count(data, "at_least")
    if least > of:
        raise RuleError(f"at least {least} of {of} periods can never be", ("at_least",))
    return Regularly(inner, least, of, form.required_period(data, "each"))


def stopped(data: Data) -> Stopped:
    """`{stopped: check_in, since: 21 days, after: {at_least: 4, within: 60 days}}`."""
    form.only(data, ("stopped", "where", "since", "after"))
    before = data.get("after") or {}
    with at("after"):
        if not isinstance(before, Mapping):
            raise RuleError("say how often before, such as {at_least: 4, within: 60 days}")
        form.only(before, ("within", *WORDS))
        within = _period(before, "within")
        compared = form.compared(before) or AT_LEAST_ONCE
    said = Doing(form.name(data, "stopped"), form.where(data))
    return Stopped(said, form.required_period(data, "since"), within, compared)


def restarted(data: Data) -> Restarted:
    """`{restarted: order_completed, after: 180 days, within: 30 days}`."""
    form.only(data, ("restarted", "where", "after", *WINDOW))
    said = Doing(form.name(data, "restarted"), form.where(data))
    after = _gap(data, "after")
    if after is None:
        raise RuleError("say after how long a break, such as `after: 180 days`", ("restarted",))
    return Restarted(said, after, form.window(data))


def changed(data: Data) -> Changed:
    """`{changed: plan, from: basic, to: pro, within: 30 days}`."""
    form.only(data, ("changed", "from", "to", *WINDOW))
    sides = {}
    for word in ("from", "to"):
        with at(word):
            sides[word] = comparison(data[word]) if data.get(word) is not None else None
    return Changed(form.name(data, "changed"), sides["from"], sides["to"], form.window(data))


def holds(data: Data) -> Holds:
    """`{holds: pro}`, `{holds: {plan: pro, trial_ends: {in_next: 5 days}}}`, `{held: any}`."""
    word = "held" if "held" in data else "holds"
    form.only(data, (word, "zone", *WORDS))
    said = data[word]
    terms = {"plan": said} if isinstance(said, str | list) else said
    terms = {} if said in (None, "any") else terms
    where = form.where({word: terms}, word)
    compared = form.compared(data) or AT_LEAST_ONCE
    return Holds(where, word == "held", compared, form.zone(data))
