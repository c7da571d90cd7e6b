"""From plain data (YAML, JSON) to a rule tree, every mistake with its path in the data."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any as Anything

from carpel.language import belongings, doings, form
from carpel.language.form import Data
from carpel.language.mistakes import RuleError, at, together, unknown
from carpel.language.nodes import (
    Account,
    All,
    Any,
    Node,
    NoneOf,
    Not,
    PeopleWhere,
    Some,
    Trait,
)
from carpel.language.operands import AT_LEAST_ONCE
from carpel.language.operators import WORDS


def parse(data: Anything) -> Node:
    """Read a rule; raises RuleError with every mistake in it, each with its path."""
    if isinstance(data, Node):
        return data
    if not isinstance(data, Mapping):
        raise RuleError(f"a rule is a mapping such as {{trait: …}}, not {data!r}")
    words = [word for word in READERS if word in data]
    if not words:
        first = next(iter(data), "nothing")
        raise RuleError(unknown("word", first, READERS), (first,) if data else ())
    if len(words) > 1:
        raise RuleError(
            f"`{words[0]}` and `{words[1]}` stand in one place; "
            "put each in an item of its own under `all:` or `any:`",
            (words[1],),
        )
    return READERS[words[0]](data)


def _child(data: Anything, *path: str | int) -> Node:
    with at(*path):
        return parse(data)


def _children(word: str, data: Data, *others: str) -> tuple[Node, ...]:
    form.only(data, [word, *others])
    listed = data[word]
    if not isinstance(listed, list | tuple) or not listed:
        raise RuleError(f"`{word}` expects a list of rules", (word,))
    return tuple(together(partial(_child, each, word, index) for index, each in enumerate(listed)))


def _not(data: Data) -> Not:
    form.only(data, ["not"])
    return Not(_child(data["not"], "not"))


def _some(data: Data) -> Some:
    children = _children("some", data, "at_least")
    least = form.count(data, "at_least")
    if least > len(children):
        raise RuleError(f"at least {least} of {len(children)} can never be", ("at_least",))
    return Some(least, children)


def _minus(data: Data) -> All:
    first, *rest = _children("minus", data)
    if not rest:
        raise RuleError("`minus` expects who is meant, then who is taken away", ("minus",))
    return All((first, *(Not(each) for each in rest)))


def _trait(data: Data) -> Trait:
    form.only(data, ("trait", "missing", "fold", "zone", *WORDS))
    compared = form.compared(data)
    if compared is None:
        raise RuleError(
            "say how the trait compares, such as `at_least: 3` or `is: gold`", ("trait",)
        )
    return Trait(form.name(data, "trait"), compared, form.missing(data), form.zone(data))


def _account(data: Data) -> Account:
    form.only(data, ["account"])
    return Account(_child(data["account"], "account"))


def _people(data: Data) -> Node:
    """A list of keys; or, of an account, how many of its people match."""
    said = data["people"]
    if not isinstance(said, Mapping):
        return belongings.people(data)
    form.only(data, ["people"])
    with at("people"):
        form.only(said, ("where", *WORDS))
        if "where" not in said:
            raise RuleError("say which people, such as `where: {did: signed_in}`")
        return PeopleWhere(_child(said["where"], "where"), form.compared(said) or AT_LEAST_ONCE)


READERS: dict[str, Callable[[Data], Node]] = {
    "all": lambda data: All(_children("all", data)),
    "any": lambda data: Any(_children("any", data)),
    "none": lambda data: NoneOf(_children("none", data)),
    "not": _not,
    "some": _some,
    "union": lambda data: Any(_children("union", data)),
    "intersect": lambda data: All(_children("intersect", data)),
    "minus": _minus,
    "trait": _trait,
    "did": doings.did,
    "sequence": doings.sequence,
    "regularly": doings.regularly,
    "stopped": doings.stopped,
    "restarted": doings.restarted,
    "changed": doings.changed,
    "holds": doings.holds,
    "held": doings.holds,
    "segment": belongings.segment,
    "entered": belongings.entered,
    "left": belongings.left,
    "segmentation": belongings.segmentation,
    "moved": belongings.moved,
    "consent": belongings.consent,
    "sample": belongings.sample,
    "near": belongings.near,
    "holiday": belongings.holiday,
    "account": _account,
    "people": _people,
}
