"""What the forms of several nodes have in common: words, names, comparisons, windows."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any as Anything
from zoneinfo import ZoneInfo

from carpel.language import shares
from carpel.language.mistakes import RuleError, as_one, at, together, unknown
from carpel.language.operands import Comparison, Missing, Window
from carpel.language.operators import WORDS, comparison
from carpel.language.periods import calendar, day_or_instant, period

Data = Mapping[Anything, Anything]
OWN = "own"
"""The zone that is the person's own."""
WINDOW = ("within", "ago", "since", "until", "during")
_READERS: Mapping[str, Callable[[Anything], Anything]] = {
    "within": period,
    "ago": period,
    "since": day_or_instant,
    "until": day_or_instant,
    "during": calendar,
}


def only(data: Data, words: Iterable[str]) -> None:
    """Raise for every word that has no place here."""
    known = list(words)
    wrong = [RuleError(unknown("word", word, known), (word,)) for word in data if word not in known]
    if wrong:
        raise as_one(wrong)


def name(data: Data, word: str) -> str:
    """The name that stands under a word."""
    said = data[word]
    if not isinstance(said, str) or not said.strip():
        raise RuleError(f"`{word}` expects a name, not {said!r}", (word,))
    return str(said)


def compared(data: Data, but: Iterable[str] = ()) -> Comparison | None:
    """The comparison said with the words of operators, if any."""
    taken = set(but)
    said = {
        word: data[word] for word in data if (word in WORDS or word == "fold") and word not in taken
    }
    return comparison(said) if said else None


def missing(data: Data) -> Missing:
    """What a missing value counts as."""
    said = data.get("missing", "unknown")
    if said not in ("unknown", "match"):
        raise RuleError(f"`missing` is `match` or `unknown`, not {said!r}", ("missing",))
    return "match" if said == "match" else "unknown"


def where(data: Data, word: str = "where") -> dict[str, Comparison]:
    """Properties and how each compares."""
    given = data.get(word) or {}
    if not isinstance(given, Mapping):
        raise RuleError(f"`{word}` expects properties, such as {{category: coffee}}", (word,))
    read = together(partial(_filter, word, each, value) for each, value in given.items())
    return dict(zip((str(each) for each in given), read, strict=True))


def _filter(word: str, property_: str, data: Anything) -> Comparison:
    with at(word, property_):
        return comparison(data)


def window(data: Data, words: Iterable[str] = WINDOW) -> Window:
    """The window said with its words; all time without any."""
    given = {word: data[word] for word in words if data.get(word) is not None}
    read = {}
    for word, value in given.items():
        with at(word):
            read[word] = _READERS[word](value)
    _one_kind(given)
    return Window(**read)


def _one_kind(given: Data) -> None:
    if "within" in given and {"since", "until"} & given.keys():
        raise RuleError("`within` ends at the build's moment; give it or since/until", ("within",))
    if "during" in given and len(given) > 1:
        raise RuleError("`during` is a window of its own; take the other words out", ("during",))
    if "ago" in given and {"since", "until"} & given.keys():
        raise RuleError("`ago` moves `within` back; it does not go with since/until", ("ago",))


def zone(data: Data) -> str:
    """Whose days are meant: empty for the project's."""
    said = data.get("zone")
    if said is None or said == "project":
        return ""
    if said == OWN:
        return OWN
    try:
        ZoneInfo(str(said))
    except (ValueError, OSError, KeyError):
        raise RuleError(
            f"{said!r} is no time zone; write one like `Europe/Berlin`, `project` or `own`",
            ("zone",),
        ) from None
    return str(said)


def share(said: Anything) -> float:
    """Read `10%`, `10 %` or 0.1 as a share of 0 to 1."""
    value = shares.share(said)
    if value is None:
        raise RuleError(f"{said!r} is not a share; write it like `10%`")
    return value


def count(data: Data, word: str, least: int = 1) -> int:
    """The whole number under a word."""
    said = data.get(word)
    if isinstance(said, bool) or not isinstance(said, int) or said < least:
        raise RuleError(f"`{word}` expects a whole number of {least} or more", (word,))
    return said


def several(data: Data, word: str) -> tuple[str, ...]:
    """One name or a list of names."""
    said = data.get(word)
    listed = tuple(said) if isinstance(said, list | tuple) else (said,)
    if not listed or not all(isinstance(each, str) and each for each in listed):
        raise RuleError(f"`{word}` expects names, such as [gold, platinum]", (word,))
    return tuple(str(each) for each in listed)


def required_period(data: Data, word: str) -> Anything:
    """The period under a word that has to be there."""
    if data.get(word) is None:
        raise RuleError(f"say `{word}`, such as `{word}: 30 days`")
    with at(word):
        return period(data[word])
