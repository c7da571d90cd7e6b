"""Sentences about what was caused: each with its figures, and how many people they are of."""

from collections.abc import Mapping, Sequence
from typing import Any

from carpel.reports.caused.words import Wording, first_upper, group
from carpel.reports.figures import THIN, number
from carpel.specs.metric import REVENUE
from carpel.specs.verdict import VERDICTS

Row = Mapping[str, Any]
OPENING = {
    "cannot_tell": "has no answer yet",
    "uneven": "cannot be judged: its groups came out uneven",
}
"""Verdicts in a sentence that begins with what they are about."""


def said(about: Row, verdict: Row, goal: Row, wording: Wording) -> str:
    """Both groups beside each other, and how far they are apart."""
    campaign = about["kind"] == "campaign"
    one, other = (group(about, each) for each in (verdict["arm"], about["comparison"]))
    beside = wording.beside(goal, one, f"the {other}" if campaign else other)
    if goal["value"] is None or verdict["low"] is None:
        return f"{first_upper(beside)}. Too few to say how far apart they are."
    if verdict["word"] == "uneven":
        return f"{first_upper(beside)}."
    return (
        f"{first_upper(beside)}. That is {wording.change(goal['value'])} "
        f"(likely {wording.between(verdict['low'], verdict['high'])})."
    )


def settled(verdict: Row, wording: Wording) -> str:
    """What would settle a doubt, what broke, or nothing."""
    if verdict["broken"]:
        broken = ", ".join(each.replace("_", " ") for each in verdict["broken"])
        return f"It made worse what must not get worse: {broken}."
    if verdict["word"] == "nothing_seen":
        return f"A change of {wording.size(verdict['smallest'])} would have been seen."
    if verdict["word"] != "cannot_tell":
        return ""
    told = []
    if verdict["days_left"]:
        told.append(f"It runs for {verdict['days_left']} more days.")
    if verdict["more"]:
        told.append(
            f"About {number(_rounded(verdict['more']))} more people in each group would settle it, "
            "if what is seen so far is true."
        )
    return " ".join(told) or "No number of people would settle it as it is."


def money_said(
    about: Row, whole: Mapping[str, Row], metrics: Mapping[str, Wording], sent: int | None
) -> str:
    """What it brought in all that would not have come anyway, beside what it cost."""
    row = next((whole[each] for each in _paid(whole, metrics)), None)
    if row is None or row["value"] is None or row["low"] is None or row["high"] is None:
        return ""
    wording = metrics[row["metric"]]
    figures, n = wording.figures, row["n"]
    ends = [row["low"] * n, row["high"] * n]
    total, likely = wording.signed(round(row["value"] * n)), wording.between(*map(round, ends))
    if ends[0] < 0 < ends[1]:
        told = (
            f"Whether it brought money cannot be told yet: {total} from {number(n)}{THIN}people "
            f"together (likely {likely})."
        )
    else:
        told = (
            f"That is {total} from {number(n)}{THIN}people together that would not have come "
            f"otherwise (likely {likely})."
        )
    cost = _cost(about, sent, n)
    if cost <= 0:
        return told
    value, low, high = (each / cost for each in (row["value"] * n, *ends))
    return (
        f"{told} It cost {figures.money(cost)}: each {figures.money(1)} brought "
        f"{figures.money(value)} (likely {figures.money(low)} to {figures.money(high)}) of revenue."
    )


def _paid(whole: Mapping[str, Row], metrics: Mapping[str, Wording]) -> Sequence[str]:
    """Metrics that are an amount a person, what the project calls revenue first."""
    amounts = [each for each in whole if metrics[each].shown == "money" and each != "average_order"]
    return sorted(amounts, key=lambda each: each != REVENUE)


def _cost(about: Row, sent: int | None, people: int) -> float:
    messages = people if sent is None else sent
    return float(about["cost"] * messages + about["fixed_cost"])


def opening(label: str, versions: Sequence[Any]) -> str:
    """The experiment in one sentence: what the strongest version did, and where it did harm."""
    if not versions:
        return f"“{label}”: nothing can be measured of it yet."
    order = ("uneven", "harm", "worked", "nothing_seen", "cannot_tell")
    first = min(versions, key=lambda each: order.index(each.word))
    which = f", {first.called}," if len(versions) > 1 else ""
    told = f"“{label}”{which} {OPENING.get(first.word) or VERDICTS[first.word]}"
    if first.word == "uneven" or not first.measures:
        return f"{told}."
    what = first.measures[0]["label"].lower()
    harmed = next(((each, row) for each in versions for row in each.harmed), None)
    if harmed is None:
        return f"{told}: {_brief(first.measures[0], what)}."
    version, row = harmed
    joined = ", most among" if first.word == "harm" else ", but did harm among"
    if version is not first:
        joined = f", but {version.called} did harm among"
    return f"{told}{joined} “{row['label']}”: {_brief(row, what)}."


def _brief(row: Row, what: str) -> str:
    people = number(row["n"] + row["m"])
    return (
        f"{what} {row['here']} beside {row['there']} without it, "
        f"{row['change']} (likely {row['likely']}; "
        f"{people}{THIN}people)"
    )


def _rounded(people: int) -> int:
    """To two figures: nobody knows it closer."""
    digits = max(len(str(people)) - 2, 0)
    return round(people, -digits)
