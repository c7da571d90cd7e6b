"""Goals as people say them: `repeat purchase rate 25% by 2027-06-30`."""

import re
from datetime import date
from difflib import get_close_matches
from typing import get_args

from carpel.errors import CarpelError, suggestion
from carpel.specs import Goal
from carpel.specs.goal import GoalMetric

METRICS: dict[str, GoalMetric] = {
    **{metric.replace("_", " "): metric for metric in get_args(GoalMetric)},
    "repeat rate": "repeat_purchase_rate",
    "repurchase rate": "repeat_purchase_rate",
    "repeat purchases": "repeat_purchase_rate",
    "active people": "active_customers",
    "active buyers": "active_customers",
    "sales": "revenue",
    "turnover": "revenue",
}
"""What people call the figures a goal can be set for."""
_SAID = re.compile(
    r"^\s*(?P<metric>[^\d%]+?)\s*(?:[:=]|\bof\b|\bto\b|\bat\b|>=|≥)?\s*"
    r"(?P<target>[^\w\s]?\s?\d[\d.,' ]*)\s*(?P<unit>%|k\b|m\b|[A-Z]{3}\b)?\s+"
    r"(?:by|until|before)\s+(?P<by>\S.*?)\s*$",
    re.IGNORECASE,
)
_UNITS = {"%": 0.01, "k": 1e3, "m": 1e6}
EXAMPLE = "repeat purchase rate 25% by 2027-06-30"


def parse_goal(text: str, *, after: date | None = None) -> Goal:
    """Read a goal; CarpelError says which part is not understood and what was probably meant.

    With `after`, a date that is not later is refused.
    """
    match = _SAID.match(text)
    if match is None:
        raise _wrong(text, f"Write a figure, a target and a date, like: {EXAMPLE}")
    metric = _metric(text, match["metric"])
    target = _target(text, match["target"], match["unit"] or "", metric)
    by = _date(text, match["by"])
    if after is not None and by <= after:
        raise _wrong(text, f"{by} has passed; a goal lies ahead")
    return Goal(
        name=metric,
        label=_label(match["metric"], match["target"], match["unit"]),
        metric=metric,
        target=target,
        by=by,
    )


def _wrong(text: str, action: str) -> CarpelError:
    error = CarpelError(f"The goal {text!r} cannot be read.", action=action)
    error.exit_code = 2
    return error


def _metric(text: str, said: str) -> GoalMetric:
    key = " ".join(re.findall(r"[a-z]+", said.lower()))
    if key in METRICS:
        return METRICS[key]
    near = get_close_matches(key, METRICS, n=1, cutoff=0.6)
    known = [metric.replace("_", " ") for metric in get_args(GoalMetric)]
    raise _wrong(
        text, f"There is no figure {said.strip()!r}. {suggestion(near[0] if near else key, known)}"
    )


def _target(text: str, said: str, unit: str, metric: GoalMetric) -> float:
    digits = re.sub(r"[^\d.,]", "", said)
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", digits):
        digits = re.sub(r"[.,]", "", digits)
    try:
        target = float(digits.replace(",", ".")) * _UNITS.get(unit.lower(), 1)
    except ValueError:
        raise _wrong(text, f"{said.strip()!r} is not a number") from None
    if metric == "repeat_purchase_rate" and not 0 < target <= 1:
        raise _wrong(text, f"A rate is above 0% and at most 100%, not {said.strip()}{unit}")
    return round(target, 10)


def _date(text: str, said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise _wrong(text, f"{said!r} is not a date; write it like 2027-06-30") from None


def _label(metric: str, target: str, unit: str | None) -> str:
    apart = " " if unit and len(unit) == 3 else ""
    return f"{metric.strip().capitalize()} {target.strip()}{apart}{unit or ''}"
