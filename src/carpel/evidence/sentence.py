"""A sentence: a way to say figures, and the figures. Its text follows from the two, and from no
hand; what cannot be said by its figures is no sentence."""

from dataclasses import dataclass, replace
from typing import Literal

from carpel.evidence.figures import Evidence, Unsupported
from carpel.evidence.leads import UNITS, lead, verb
from carpel.evidence.supported import unsupported
from carpel.evidence.written import figure, measured

DOES = {"orders_12m": ("order", " times"), "spend_12m": ("spend", "")}
"""What people do in a year, and what the figure counts."""
Kind = Literal["told", "seldom", "half", "spread", "revenue", "assume"]


@dataclass(frozen=True)
class Sentence:
    """One sentence of a persona with what it stands on; `text` is what is read.

    Raises Unsupported where the evidence does not carry a sentence of this kind.
    """

    kind: Kind
    evidence: Evidence

    def __post_init__(self) -> None:
        """See the class."""
        if not isinstance(self.evidence, Evidence):
            raise Unsupported("a sentence stands on evidence")
        if reasons := unsupported(self.text, self.evidence):
            raise Unsupported(f"{self.evidence.of}: {reasons[0]}")

    @property
    def text(self) -> str:
        """The sentence as it is read, without the number of people behind it."""
        return SAID[self.kind](_worded(self.evidence))

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is about: the same in the next build, whatever the figures say then."""
        return self.kind, self.evidence.of, self.evidence.part or ""


def _worded(it: Evidence) -> Evidence:
    return replace(it, unit=UNITS[it.of]) if it.of in UNITS else it


def _told(it: Evidence) -> str:
    return _share(it) if it.statistic == "share" else _mean(it)


def _mean(it: Evidence) -> str:
    said = lead(it.of, it.label)
    value, against = measured(it.value, it.unit), figure(it.contrast, it.unit)
    if it.direction in ("more", "less"):
        if figure(it.value, it.unit) == against:
            raise Unsupported("the difference is too small to be seen")
        first = said.more if it.direction == "more" else said.less
        begin = f"{first}: {said.by}{value}{said.over}"
    else:
        begin = f"{said.flat} {value}{said.over}{said.ends}"
    return f"{begin} on average, against {against} for everybody else."


def _share(it: Evidence) -> str:
    does = verb(it.of, it.label, it.part or "")
    value, against = figure(it.value, "share"), figure(it.contrast, "share")
    if it.direction == "more":
        return f"More of them {does}: {value}, against {against} of everybody else."
    if it.direction == "less":
        return f"Fewer of them {does}: {value}, against {against} of everybody else."
    return f"{value} of them {does}, against {against} of everybody else."


def _seldom(it: Evidence) -> str:
    if it.value:
        return _share(it)
    does = verb(it.of, it.label, it.part or "")
    against = figure(it.contrast, "share")
    return f"None of them {does}, against {against} of everybody else."


def _half(it: Evidence) -> str:
    does, times = DOES[it.of]
    value = figure(it.value, it.unit)
    often = "once" if times and value == "1" else f"{value}{times}"
    return (
        f"Half of them {does} {often} or more in a year, against "
        f"{figure(it.contrast, it.unit)} for half of everybody else."
    )


def _spread(it: Evidence) -> str:
    """How many of them are not as most of them are, by the middle of everybody else."""
    does = DOES[it.of][0]
    how = {"below": f"{does} less", "above": f"{does} more"}[it.part or ""]
    often = " often" if it.of == "orders_12m" else ""
    value = figure(it.value, "share")
    return f"Not all of them are alike: {value} {how}{often} than half of everybody else."


def _revenue(it: Evidence) -> str:
    return (
        f"They bring {figure(it.value, 'share')} of the {it.label}; they are "
        f"{figure(it.contrast, 'share')} of all people."
    )


def _assume(it: Evidence) -> str:
    begin = "Do not assume that" if it.direction == "same" else "Nothing shows that"
    if it.statistic == "share":
        does = verb(it.of, it.label, it.part or "")
        return (
            f"{begin} more of them {does}, or fewer: {figure(it.value, 'share')}, against "
            f"{figure(it.contrast, 'share')} of everybody else."
        )
    said = lead(it.of, it.label)
    first = said.more[:1].lower() + said.more[1:]
    value = f"{measured(it.value, it.unit)}{said.over}"
    return (
        f"{begin} {first}, or {_otherwise(said.more, said.less)}: {value} on average, against "
        f"{figure(it.contrast, it.unit)} for everybody else."
    )


def _otherwise(more: str, less: str) -> str:
    """The words of the second that the first has not: `younger`, `fewer`."""
    return " ".join(each for each in less.split() if each not in more.split())


SAID = {
    "told": _told,
    "seldom": _seldom,
    "half": _half,
    "spread": _spread,
    "revenue": _revenue,
    "assume": _assume,
}
"""By kind: how it is said."""
