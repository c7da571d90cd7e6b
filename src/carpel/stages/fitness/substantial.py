"""Big enough: people, money, growth, and the smallest effect that a campaign would notice."""

from collections.abc import Iterator, Sequence

import numpy as np

from carpel.specs.words import counted
from carpel.stages.fitness.comparing import Comparing
from carpel.stages.fitness.finding import Detail, Finding, Told, Verdict, per_cent, points
from carpel.stages.fitness.ground import WINDOW_DAYS, Ground
from carpel.stats.effects import detectable
from carpel.stats.proportions import smallest_lift, wilson

HELD_OUT = 0.1
"""The share of an audience that a campaign holds out unless told otherwise."""
FEWEST = 30
"""People below which no average is worth telling."""
GOOD, FAIR = 0.05, 0.15
"""Rises, in points, that have to be noticed for yes and for partly; or these shares of the base:"""
GOOD_OF_BASE, FAIR_OF_BASE = 0.25, 0.75
SPENT = "spend_30d"
"""The trait that says what came in from a person in the 30 days before the moment."""
BEST: Sequence[Verdict] = ("yes", "partly", "no", "unknown")


def substantial(comparing: Comparing) -> Iterator[Told]:
    """Tell of every segment with people."""
    ground = comparing.ground
    for name in comparing.segments:
        yield from _money(ground, name)
        yield from _growth(ground, name)
        yield from _lifts(comparing, name)


def _money(ground: Ground, name: str) -> Iterator[Told]:
    row, size, people = ground.sizes.get(name, {}), len(ground.sets[name]), len(ground.everybody)
    yield Detail(name, "substantial", "people", value=size / people, n=size, of=people)
    if row.get("revenue_365d") is not None:
        share = row.get("revenue_share")
        revenue = float(row["revenue_365d"])
        yield Detail(name, "substantial", "revenue", inside=revenue, value=share, n=size)


def _growth(ground: Ground, name: str) -> Iterator[Told]:
    for days in (30, 90):
        before = ground.then(name, days)
        if before is not None:
            was, now = len(before), len(ground.sets[name])
            grown = now / was - 1 if was else None
            what = f"growth_{days}d"
            yield Detail(name, "substantial", what, inside=now, outside=was, value=grown, n=now)


def _lifts(comparing: Comparing, name: str) -> Iterator[Told]:
    ground, size = comparing.ground, len(comparing.ground.sets[name])
    base = _base(ground, name)
    if base is None:
        verdict: Verdict = "no" if size < FEWEST else "unknown"
        said = f"{counted(size, 'person', 'people')} are in it; no orders are known to measure by."
        yield Finding(
            name, "substantial", verdict, said, "A data source with orders.", float(size), size
        )
        return
    having, of = base
    share, (low, high) = having / of, wilson(having, of)
    yield Detail(name, "substantial", "base", value=share, low=low, high=high, n=having, of=of)
    seen: dict[str, float | None] = {}
    for what, held in (("half", size // 2), ("tenth", round(size * HELD_OUT))):
        seen[what] = smallest_lift(share, size - held, held)
        yield Detail(name, "substantial", f"lift_{what}", inside=share, value=seen[what], n=size)
        money = _money_seen(comparing, name, held)
        if money is not None:
            seen[f"money_{what}"] = money.value
            yield money
    yield _finding(name, size, share, seen)


def _money_seen(comparing: Comparing, name: str, held: int) -> Detail | None:
    """The smallest rise of what a person spends in 30 days that would show, as a share of it."""
    if (SPENT, None) not in comparing.keys:
        return None
    row, at = comparing.segments.index(name), comparing.keys.index((SPENT, None))
    n, mean, variance = (each[row, at] for each in vars(comparing.inside).values())
    treated, left_out = np.array([n - held]), np.array([held])
    if mean <= 0 or min(treated[0], left_out[0]) < 1:
        return None
    rise = float(detectable(treated, left_out)[0] * np.sqrt(variance))
    what = "money_half" if 2 * held >= n - 1 else "money_tenth"
    spent = float(mean)
    return Detail(
        name, "substantial", what, SPENT, inside=spent, outside=rise, value=rise / spent, n=int(n)
    )


def _base(ground: Ground, name: str) -> tuple[int, int] | None:
    """How many of how many ordered in 30 days: of those who were in before them, if known."""
    if ground.ordered is None:
        return None
    then = ground.then(name, WINDOW_DAYS)
    people = then & ground.everybody if then else ground.sets[name]
    people = people or ground.sets[name]
    return people.intersection_cardinality(ground.ordered), len(people)


def _finding(name: str, size: int, share: float, seen: dict[str, float | None]) -> Finding:
    verdict = min(
        (_of_orders(share, seen["half"]), _of_money(seen.get("money_half"))), key=BEST.index
    )
    if size < FEWEST:
        verdict = "no"
    settle = "" if verdict == "yes" else "A wider rule, or several segments in one campaign."
    said = f"{counted(size, 'person', 'people')}, of whom {per_cent(share)} order within 30 days"
    half, money = seen["half"], seen.get("money_half")
    rises = [f"{points(half)} more who do"] if half is not None else []
    rises += [f"{per_cent(money)} more spent"] if money is not None else []
    if rises:
        said += "; with half of them left out to compare, a campaign would show " + " or ".join(
            rises
        )
    else:
        said += "; too few for a campaign to show anything"
    tenth = seen["tenth"] if half is not None else seen.get("money_tenth")
    if rises and tenth is not None:
        said += f", with a tenth left out {points(tenth) if half is not None else per_cent(tenth)}"
    return Finding(name, "substantial", verdict, f"{said}.", settle, half, size)


def _of_orders(base: float, lift: float | None) -> Verdict:
    if lift is None:
        return "no"
    if lift <= max(GOOD, GOOD_OF_BASE * base):
        return "yes"
    return "partly" if lift <= max(FAIR, FAIR_OF_BASE * base) else "no"


def _of_money(rise: float | None) -> Verdict:
    if rise is None or rise > FAIR_OF_BASE:
        return "no"
    return "yes" if rise <= GOOD_OF_BASE else "partly"
