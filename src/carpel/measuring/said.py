"""Sentences about what a campaign brought, beside what it is credited with."""

from carpel.measuring.brought import Brought
from carpel.measuring.touches import Credit
from carpel.reports.figures import THIN, Figures, counted, number


def likely(figures: Figures, found: Brought) -> str:
    """An amount with its ends: `€1,200 (likely −€200 to €2,600)`."""
    return (
        f"{figures.money(round(found.value, 2))} (likely {figures.money(round(found.low, 2))} to "
        f"{figures.money(round(found.high, 2))})"
    )


def money_of(
    figures: Figures, caused: Brought | None, why: str, cost: float, margin: float | None
) -> list[str]:
    """What it caused, of whom, and what each unit of money brought."""
    if caused is None:
        told = [f"What it caused cannot be said: {why}."]
    else:
        running = "" if caused.over else " It still runs: these ends hold for every day’s look."
        told = [
            f"It brought {likely(figures, caused)} of revenue that would not have come otherwise, "
            f"from {number(caused.n)}{THIN}people who were meant to get it, beside "
            f"{number(caused.m)} kept aside.{running}"
        ]
    if cost <= 0:
        return [*told, "It has no cost: neither bills name it nor does it say `costs`."]
    if caused is None:
        return [*told, f"It cost {figures.money(cost)}."]
    what, share = ("revenue", 1.0) if margin is None else ("margin", margin)
    value, low, high = (figures.money(each * share / cost) for each in _ends(caused))
    return [
        *told,
        f"It cost {figures.money(cost)}: each {figures.money(1)} brought {value} of {what} "
        f"(likely {low} to {high}).",
    ]


def beside(figures: Figures, last: Credit, caused: Brought | None, why: str) -> str:
    """The difference between what is credited and what was caused, as a sentence."""
    orders = counted(round(last.orders), "order", "orders")
    credit = f"The last touch credits it with {figures.money(last.revenue)} of {orders}"
    if caused is None:
        return f"{credit}; what it caused cannot be said: {why}."
    told = f"{credit}; it caused {likely(figures, caused)}."
    if last.revenue > caused.high:
        more = _between(figures, last.revenue - caused.high, last.revenue - caused.low)
        apart = figures.money(last.revenue - caused.value)
        return f"{told} {apart} of what is credited would have come anyway (likely {more})."
    if last.revenue < caused.low:
        more = _between(figures, caused.low - last.revenue, caused.high - last.revenue)
        apart = figures.money(caused.value - last.revenue)
        return f"{told} {apart} of what it caused is credited to nothing of it (likely {more})."
    return f"{told} What is credited lies within what is likely: the two do not contradict."


def _between(figures: Figures, low: float, high: float) -> str:
    return f"{figures.money(low)} to {figures.money(high)}"


def _ends(found: Brought) -> tuple[float, float, float]:
    return found.value, found.low, found.high
