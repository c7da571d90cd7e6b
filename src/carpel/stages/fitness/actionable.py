"""Will it react: how its people have reacted so far, or are foreseen to, beside everybody else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from carpel.specs.prediction import predicted
from carpel.specs.words import counted
from carpel.stages.fitness.comparing import Comparing
from carpel.stages.fitness.finding import (
    Detail,
    Finding,
    Told,
    Verdict,
    per_cent,
    points,
)
from carpel.stages.fitness.ground import WINDOW_DAYS, Ground
from carpel.stats.effects import Groups, apart
from carpel.stats.multiplicity import expected_false
from carpel.stats.proportions import differ, difference

ANSWERS: Mapping[str, str] = {
    "email_open_rate_90d": "open e-mails",
    "email_click_rate_90d": "click in e-mails",
}
"""Traits that are an answer to a message, and what people do."""
DISCOUNTS = ("discounted_order_share", "discount_share")
"""Traits that tell of an answer to a price: a hint only."""
GENERAL = ("p_alive", "p_renewal")
"""Chances among the figures of predictions that make several."""
FALSE = 0.05
FEWEST = 20
NARROW = 0.1
"""An interval of a difference within plus or minus this many points says that there is none."""


@dataclass(frozen=True)
class _Known:
    detail: Detail
    chance: float


def actionable(comparing: Comparing) -> Iterator[Told]:
    """Tell of every segment with people."""
    known = [
        each
        for at, name in enumerate(comparing.segments)
        for each in (*_orders(comparing.ground, name), *_answers(comparing, at, name))
    ]
    told: dict[str, list[Detail]] = {name: [] for name in comparing.segments}
    for each, q in zip(known, expected_false([each.chance for each in known]), strict=True):
        told[each.detail.segment].append(replace(each.detail, q=float(q)))
    for name, rows in told.items():
        yield from rows
        yield _finding(comparing.ground, name, rows)


def _orders(ground: Ground, name: str) -> Iterator[_Known]:
    """Who ordered in the last 30 days: those who were in before them, and everybody else then."""
    then, everybody = ground.then(name, WINDOW_DAYS), ground.everybody_then
    if ground.ordered is None or then is None or everybody is None:
        return
    others = everybody - then
    n, m = len(then), len(others)
    if min(n, m) < FEWEST:
        return
    having = then.intersection_cardinality(ground.ordered)
    other = others.intersection_cardinality(ground.ordered)
    low, high = difference(having, n, other, m)
    yield _Known(
        Detail(
            name,
            "actionable",
            "orders",
            against="*",
            inside=having / n,
            outside=other / m,
            value=having / n - other / m,
            low=low,
            high=high,
            n=n,
            of=m,
        ),
        differ(having, n, other, m),
    )


def _answers(comparing: Comparing, at: int, name: str) -> Iterator[_Known]:
    foreseen = _chances(comparing.ground, name)
    for trait in (*ANSWERS, *DISCOUNTS, *foreseen):
        if (trait, None) not in comparing.keys:
            continue
        column = comparing.keys.index((trait, None))
        one, two = _only(comparing.inside, at, column), _only(comparing.outside, at, column)
        if min(one.n[0], two.n[0]) < FEWEST:
            continue
        inside, outside = float(one.mean[0]), float(two.mean[0])
        reach = 1.96 * float(
            (one.sample_variance()[0] / one.n[0] + two.sample_variance()[0] / two.n[0]) ** 0.5
        )
        gap = inside - outside
        yield _Known(
            Detail(
                name,
                "actionable",
                "foreseen" if trait in foreseen else "rate",
                trait,
                None,
                "*",
                inside,
                outside,
                gap,
                gap - reach,
                gap + reach,
                None,
                int(one.n[0]),
                int(two.n[0]),
            ),
            float(apart(one, two).chance[0]),
        )


def _chances(ground: Ground, name: str) -> list[str]:
    """Chances that models foresee, but for those that the segment's own rule asks for."""
    chances = [
        trait
        for each in ground.line.definitions.predictions.values()
        for trait in predicted(each)
        if trait == each.name or trait in GENERAL
    ]
    return [each for each in chances if each not in ground.asks(name).get("trait", ())]


def _only(groups: Groups, row: int, column: int) -> Groups:
    return Groups(*(each[row, column : column + 1] for each in vars(groups).values()))


def _finding(ground: Ground, name: str, rows: list[Detail]) -> Finding:
    size = len(ground.sets[name])
    answers = [row for row in rows if row.what == "orders" or row.trait in ANSWERS]
    if row := _clearest(answers):
        return Finding(name, "actionable", "yes", _said(row), "", row.value, row.n)
    if answers and all(_is_narrow(row) for row in answers):
        said = f"They answer like everybody else. {_said(answers[0])}"
        return Finding(name, "actionable", "no", said, "", answers[0].value, answers[0].n)
    if foreseen := _clearest([row for row in rows if row.what == "foreseen"]):
        said, settle = _foretold(ground, foreseen), _settle(ground, name)
        verdict: Verdict = "partly" if _is_narrow(foreseen) else "yes"
        return Finding(name, "actionable", verdict, said, settle, foreseen.value, foreseen.n)
    hint = next(
        (row for row in rows if row.trait in DISCOUNTS and row.q is not None and row.q < FALSE),
        None,
    )
    settle = _settle(ground, name)
    if hint is not None:
        said = f"A hint only: {_discount(hint)}"
        return Finding(name, "actionable", "unknown", said, settle, hint.value, hint.n)
    if answers:
        said = f"Too few answers to tell. {_said(answers[0])}"
        return Finding(name, "actionable", "unknown", said, settle, answers[0].value, answers[0].n)
    said = f"It is not known yet how these {counted(size, 'person', 'people')} answer."
    return Finding(name, "actionable", "unknown", said, settle, None, size)


def _clearest(rows: Sequence[Detail]) -> Detail | None:
    """The largest difference of those that chance hardly makes."""
    clear = [row for row in rows if row.q is not None and row.q < FALSE]
    return max(clear, key=lambda each: abs(each.value or 0), default=None)


def _foretold(ground: Ground, row: Detail) -> str:
    inside, outside = per_cent(row.inside or 0), per_cent(row.outside or 0)
    likely = f"likely {_signed(row.low or 0)} to {_signed(row.high or 0)} points"
    return (
        f"Foreseen, not seen yet: {ground.trait_called(str(row.trait)).lower()} is {inside} here, "
        f"{outside} for everybody else ({row.n:,} known, {likely})."
    )


def _is_narrow(row: Detail) -> bool:
    return row.low is not None and row.high is not None and -NARROW < row.low < row.high < NARROW


def _said(row: Detail) -> str:
    inside, outside = per_cent(row.inside or 0), per_cent(row.outside or 0)
    likely = f"likely {_signed(row.low or 0)} to {_signed(row.high or 0)} points"
    if row.what == "orders":
        return (
            f"Of the {row.n:,} people who were in {WINDOW_DAYS} days ago {inside} have ordered "
            f"since, of everybody else then {outside} ({likely})."
        )
    return (
        f"They {ANSWERS[str(row.trait)]} {inside} of the time, everybody else {outside} "
        f"({row.n:,} known, {likely})."
    )


def _discount(row: Detail) -> str:
    what = (
        "orders come with a discount"
        if row.trait == DISCOUNTS[0]
        else "money is saved by discounts"
    )
    return (
        f"{per_cent(row.inside or 0)} of their {what}, {per_cent(row.outside or 0)} of everybody "
        f"else’s ({points(abs(row.value or 0))} apart, {row.n:,} known)."
    )


def _signed(share: float) -> str:
    return f"{100 * share:+.0f}".replace("-", "−")


def _settle(ground: Ground, name: str) -> str:
    if ground.then(name, WINDOW_DAYS) is None:
        return (
            f"{WINDOW_DAYS} days of updates, or the past worked out anew (carpel replay); "
            "then a campaign with a comparison group."
        )
    return "A campaign with a comparison group."
