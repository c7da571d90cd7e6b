"""Whether a text is borne out by figures: every number stands there, every claim is true of them.

`checker` compares a text with a sentence; this holds a text against the evidence itself, and is
what our own sentences have to pass.
"""

import re
from collections.abc import Callable, Mapping

from carpel.evidence.figures import Evidence
from carpel.evidence.leads import lead, shown, verb
from carpel.evidence.tokens import Token, tokens
from carpel.evidence.written import figure

SIDES = ("above", "below")
"""Of everybody else's middle."""
_CLAUSE = re.compile(r"(?:[;:]|,)\s+")
TRUE: Mapping[str, Callable[[Evidence], bool]] = {
    "up": lambda it: it.direction == "more" or it.statistic == "median" or it.part == "above",
    "down": lambda it: it.direction == "less" or it.part == "below",
    "never": lambda it: it.value == 0,
    "often": lambda it: it.statistic == "mean" or it.of == "orders_12m",
    "half": lambda it: it.statistic == "median" or it.part in SIDES,
    **{claim: lambda it: it.part in SIDES for claim in ("not", "always", "same")},
}
"""By class of claims: when it is true. A claim that is not here is true of no figures."""
EITHER = {"up", "down"}
DENIED = ("Do not assume that ", "Nothing shows that ")


def unsupported(text: str, it: Evidence) -> tuple[str, ...]:
    """What in the text its figures do not bear out; empty where they bear out all of it."""
    denied = text.startswith(DENIED)
    found: list[str] = []
    for clause in _CLAUSE.split(
        _own_words(text.removeprefix(DENIED[0]).removeprefix(DENIED[1]), it)
    ):
        said = list(tokens(clause))
        found += [f"{each.said!r} cannot be read" for each in said if each.kind == "strange"]
        found += _numbers(said, it)
        found += _claims(said, it, denied=denied)
    if denied and it.direction not in ("same", "open"):
        found.append("a clear difference is denied")
    return tuple(found)


def _own_words(text: str, it: Evidence) -> str:
    """The text without names of what is measured: the numbers in them are no figures."""
    said = lead(it.of, it.label)
    named = [verb(it.of, it.label, it.part), shown(it.of, it.part)] if it.part else []
    named = [] if it.part in SIDES else named
    for each in (
        *named,
        said.over,
        said.ends,
        it.label if "“" in text or it.statistic == "share_of_total" else "",
    ):
        if each.strip():
            text = re.sub(rf"(?<!\w){re.escape(each.strip())}(?!\w)", "", text, count=1)
    return text.replace("in a year", "").replace("all people", "everybody")


def _numbers(said: list[Token], it: Evidence) -> list[str]:
    """Numbers of a clause that speaks of the others are theirs, all else are the group's."""
    of_others = it.part not in SIDES and any(each.kind == "others" for each in said)
    unit = "share" if it.statistic.startswith("share") else it.unit
    right = _plain(figure(it.contrast if of_others else it.value, unit))
    numbers = [each.said for each in said if each.kind == "number"]
    return [f"{each} is not in the evidence" for each in numbers if each != right]


def _plain(written: str) -> str:
    """A figure as `tokens` gives it."""
    found = [each.said for each in tokens(written) if each.kind == "number"]
    return found[0] if found else written


def _claims(said: list[Token], it: Evidence, *, denied: bool) -> list[str]:
    claims = {each.said for each in said if each.kind == "claim"}
    if denied:
        claims -= EITHER
    return [
        f"{each!r} is not what the figures say"
        for each in sorted(claims)
        if each not in TRUE or not TRUE[each](it)
    ]
