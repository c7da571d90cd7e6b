"""From plain data (YAML, JSON) to a rule tree, every mistake with its path in the data."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any as Anything
from typing import get_args

from carpel.language.mistakes import RuleError, at, together, unknown
from carpel.language.nodes import (
    Aggregate,
    All,
    Any,
    Comparison,
    Consent,
    Did,
    Missing,
    Node,
    NoneOf,
    Not,
    People,
    SegmentationRef,
    SegmentRef,
    Trait,
    Window,
)
from carpel.language.operators import WORDS, comparison
from carpel.language.periods import day_or_instant, period

AGGREGATES: tuple[Aggregate, ...] = get_args(Aggregate)
AT_LEAST_ONCE = Comparison("ge", 1)
_WORDS_OF_DID = ("did", "where", "within", "since", "until", "missing", "fold", *AGGREGATES, *WORDS)
Data = Mapping[Anything, Anything]


def parse(data: Anything) -> Node:
    """Read a rule; raises RuleError with every mistake in it, each with its path."""
    if isinstance(data, Node):
        return data
    if not isinstance(data, Mapping):
        raise RuleError(f"a rule is a mapping such as {{trait: …}}, not {data!r}")
    words = [word for word in _READERS if word in data]
    if not words:
        first = next(iter(data), "nothing")
        raise RuleError(unknown("word", first, _READERS), (first,) if data else ())
    if len(words) > 1:
        raise RuleError(
            f"`{words[0]}` and `{words[1]}` stand in one place; "
            "put each in an item of its own under `all:` or `any:`",
            (words[1],),
        )
    return _READERS[words[0]](data)


def _only(data: Data, words: Iterable[str]) -> None:
    """Raise for the first word that has no place here."""
    known = list(words)
    for word in data:
        if word not in known:
            raise RuleError(unknown("word", word, known), (word,))


def _name(data: Data, word: str) -> str:
    name = data[word]
    if not isinstance(name, str) or not name.strip():
        raise RuleError(f"`{word}` expects a name, not {name!r}", (word,))
    return str(name)


def _child(data: Anything, *path: str | int) -> Node:
    with at(*path):
        return parse(data)


def _children(word: str, data: Data) -> tuple[Node, ...]:
    _only(data, [word])
    listed = data[word]
    if not isinstance(listed, list | tuple) or not listed:
        raise RuleError(f"`{word}` expects a list of rules", (word,))
    return tuple(together(partial(_child, each, word, index) for index, each in enumerate(listed)))


def _not(data: Data) -> Not:
    _only(data, ["not"])
    return Not(_child(data["not"], "not"))


def _compared(data: Data) -> Comparison | None:
    said = {word: data[word] for word in data if word in WORDS or word == "fold"}
    return comparison(said) if said else None


def _missing(data: Data) -> Missing:
    said = data.get("missing", "unknown")
    if said not in ("unknown", "match"):
        raise RuleError(f"`missing` is `match` or `unknown`, not {said!r}", ("missing",))
    return "match" if said == "match" else "unknown"


def _trait(data: Data) -> Trait:
    _only(data, ("trait", "missing", "fold", *WORDS))
    compared = _compared(data)
    if compared is None:
        raise RuleError(
            "say how the trait compares, such as `at_least: 3` or `is: gold`", ("trait",)
        )
    return Trait(_name(data, "trait"), compared, _missing(data))


def _did(data: Data) -> Did:
    _only(data, _WORDS_OF_DID)
    aggregate, property_ = _measure(data)
    compared = _compared(data)
    if compared is None and aggregate != "count":
        raise RuleError(f"say how the {aggregate} compares, such as `at_least: 100`", (aggregate,))
    return Did(
        _name(data, "did"),
        _where(data),
        _window(data),
        aggregate,
        property_,
        compared or AT_LEAST_ONCE,
        _missing(data),
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
    return said[0], _name(data, said[0])


def _where(data: Data) -> dict[str, Comparison]:
    given = data.get("where") or {}
    if not isinstance(given, Mapping):
        raise RuleError("`where` expects properties, such as {category: coffee}", ("where",))
    read = together(partial(_filter, name, each) for name, each in given.items())
    return dict(zip((str(name) for name in given), read, strict=True))


def _filter(name: str, data: Anything) -> Comparison:
    with at("where", name):
        return comparison(data)


def _window(data: Data) -> Window:
    given = {
        word: data[word] for word in ("within", "since", "until") if data.get(word) is not None
    }
    if "within" in given and len(given) > 1:
        raise RuleError("`within` ends at the build's moment; give it or since/until", ("within",))
    readers: dict[str, Callable[[Anything], Anything]] = {
        "within": period,
        "since": day_or_instant,
        "until": day_or_instant,
    }
    read = {}
    for word, value in given.items():
        with at(word):
            read[word] = readers[word](value)
    return Window(**read)


def _segmentation(data: Data) -> SegmentationRef:
    _only(data, ("segmentation", "in", "is"))
    places = data.get("in", data.get("is"))
    listed = tuple(places) if isinstance(places, list | tuple) else (places,)
    if not listed or not all(isinstance(place, str) for place in listed):
        raise RuleError(
            "say which places of the segmentation, such as `in: [gold, platinum]`",
            ("segmentation",),
        )
    return SegmentationRef(_name(data, "segmentation"), listed)


def _segment(data: Data) -> SegmentRef:
    _only(data, ["segment"])
    return SegmentRef(_name(data, "segment"))


def _consent(data: Data) -> Consent:
    _only(data, ("consent", "purpose"))
    purpose = _name(data, "purpose") if "purpose" in data else "marketing"
    return Consent(_name(data, "consent"), purpose)


def _people(data: Data) -> People:
    _only(data, ["people"])
    keys = data["people"]
    if not isinstance(keys, list | tuple) or not all(type(key) is int and key >= 0 for key in keys):
        raise RuleError("`people` expects a list of customer keys", ("people",))
    return People(tuple(keys))


_READERS: dict[str, Callable[[Data], Node]] = {
    "all": lambda data: All(_children("all", data)),
    "any": lambda data: Any(_children("any", data)),
    "none": lambda data: NoneOf(_children("none", data)),
    "not": _not,
    "trait": _trait,
    "did": _did,
    "segmentation": _segmentation,
    "segment": _segment,
    "consent": _consent,
    "people": _people,
}
