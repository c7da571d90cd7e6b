"""A segment on the screen."""

from typing import TYPE_CHECKING, Any

from carpel.cli.apart import contrasts_table, differences_table
from carpel.cli.screen import money, say, share, show_table
from carpel.specs.fitness import CRITERIA, VERDICTS
from carpel.specs.words import REVENUES

if TYPE_CHECKING:
    from carpel.verbs.companies import AccountSegmentPage
    from carpel.verbs.look import SegmentPage
    from carpel.verbs.spent import Spent

NOTICED = 0.1
"""Seconds under which nobody asks what a segment took that reads no events."""


def segment_page(page: "SegmentPage | AccountSegmentPage") -> None:
    """Print a segment in plain English, in numbers and in SQL."""
    if page.unit == "account":
        _of_accounts(page)
    else:
        _of_people(page)


def _of_accounts(page: "AccountSegmentPage") -> None:
    numbers = page.numbers
    say(f"{numbers['label']}\n\n{page.plain}\n")
    say(
        f"{numbers['accounts']:,} of {numbers['of']:,} {page.called}, with {numbers['people']:,} "
        f"people; not known of {numbers['unknown']:,}."
    )
    _aims_and_reach(page)
    others = f"other {page.called}"
    contrasts_table(page.apart, here="here", others=others, empty="nothing for sure")
    _took(page.cost)
    if page.sql:
        say(f"\nSQL (to run it: carpel sql segment {page.segment})\n{page.sql}")


def _of_people(page: "SegmentPage") -> None:
    numbers = page.numbers
    say(f"{numbers.get('label') or page.segment}\n\n{page.plain}\n")
    revenue = money(numbers.get("revenue_365d"), page.currency)
    say(
        f"{numbers.get('people', 0):,} people, {share(numbers.get('share'))} of all; "
        f"{REVENUES[numbers.get('revenue_kind')]} {revenue}, "
        f"{share(numbers.get('revenue_share'))} of all."
    )
    _aims_and_reach(page)
    _card(page.fitness)
    say()
    differences_table(page.differences, numbers.get("people", 0))
    _took(page.cost)
    say(f"\nSQL (to run it: carpel sql segment {page.segment})\n{page.sql}")


def _aims_and_reach(page: "SegmentPage | AccountSegmentPage") -> None:
    """What is wanted of them, and by which channels they may be told."""
    for word in ("objective", "action"):
        if page.numbers.get(word):
            say(f"{word.capitalize()}: {page.numbers[word]}")
    say()
    show_table(page.reach, title="Reach", empty="no permission or address is known")
    say()


def _card(rows: "list[dict[str, Any]]") -> None:
    """The fitness card: question, answer, why; and what would settle it."""
    show_table(
        [
            {
                "question": CRITERIA[row["criterion"]],
                "answer": VERDICTS[row["verdict"]],
                "why": f"{row['sentence']} {row['settle'] or ''}".strip(),
            }
            for row in rows
        ],
        title="Worth a campaign?",
        empty="nothing was asked yet; run again",
    )


def _took(cost: "Spent | None") -> None:
    """What the segment cost when everybody was last looked at, and the budget for one."""
    if cost is None or (not cost.too_much and not cost.rows and cost.seconds < NOTICED):
        return
    budget = f", of {cost.most:g} s that one may take" if cost.most is not None else ""
    mark = "! " if cost.too_much else ""
    say(f"\n{mark}Evaluating it took {cost.seconds:.3g} s{budget}; {cost.rows:,} rows of events.")
