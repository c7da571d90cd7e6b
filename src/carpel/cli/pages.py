"""One segment or one person, on the terminal."""

from typing import TYPE_CHECKING, Any

from carpel.cli.screen import exact, figure, money, say, share, show_table, worded
from carpel.specs.fitness import CRITERIA, VERDICTS
from carpel.specs.segment import COMPARED
from carpel.specs.words import REVENUES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carpel.language.checks import Cost
    from carpel.stages.identity.reasons import Reason
    from carpel.verbs.companies import AccountSegmentPage, AccountSegmentReasons
    from carpel.verbs.decided import Decided
    from carpel.verbs.explain import Clause, Reasons, SegmentReasons
    from carpel.verbs.look import CustomerPage, SegmentPage
    from carpel.verbs.spent import Spent

UNWRITTEN = (None, "share", "ratio")
"""Units that a figure is read without."""
NOTICED = 0.1
"""Seconds under which nobody asks what a segment took that reads no events."""
SIGNS = {"yes": "✓", "no": "✗", "unknown": "?"}


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
    for word in ("objective", "action"):
        if numbers.get(word):
            say(f"{word.capitalize()}: {numbers[word]}")
    say()
    show_table(page.reach, title="Reach", empty="no permission or address is known")
    say()
    _accounts_apart(page)
    _took(page.cost)
    if page.sql:
        say(f"\nSQL (to run it: carpel sql segment {page.segment})\n{page.sql}")


def _accounts_apart(page: "AccountSegmentPage") -> None:
    """What sets them apart: means, or shares that have a value, with where the gap lies."""
    rows = []
    for row in page.apart:
        written = share if row["value"] else figure
        rows.append(
            {
                "what": f"{row['label']}{': ' + row['value'] if row['value'] else ''}",
                "here": written(row["inside"]),
                "others": written(row["outside"]),
                "gap": f"{written(row['low'])} to {written(row['high'])}",
                "known": f"{row['n']:,} and {row['others']:,}",
            }
        )
    headings = {
        "what": "attribute",
        "here": "here",
        "others": f"other {page.called}",
        "gap": "apart by, likely",
        "known": "known of",
    }
    show_table(rows, title="What sets them apart", headings=headings, empty="nothing for sure")


def _of_people(page: "SegmentPage") -> None:
    numbers = page.numbers
    say(f"{numbers.get('label') or page.segment}\n\n{page.plain}\n")
    revenue = money(numbers.get("revenue_365d"), page.currency)
    say(
        f"{numbers.get('people', 0):,} people, {share(numbers.get('share'))} of all; "
        f"{REVENUES[numbers.get('revenue_kind')]} {revenue}, "
        f"{share(numbers.get('revenue_share'))} of all."
    )
    for word in ("objective", "action"):
        if numbers.get(word):
            say(f"{word.capitalize()}: {numbers[word]}")
    say()
    show_table(page.reach, title="Reach", empty="no permission or address is known")
    say()
    _card(page.fitness)
    say()
    _apart(page.differences, numbers.get("people", 0))
    _took(page.cost)
    say(f"\nSQL (to run it: carpel sql segment {page.segment})\n{page.sql}")


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


def customer_page(page: "CustomerPage") -> None:
    """Print what is known of a person."""
    say(f"Person {page.customer}\n")
    origins = {row["field"]: row["source"] for row in page.provenance}
    labels = {row["trait"]: row["label"] for row in page.traits if row["label"]}
    show_table(
        [
            {
                "what": labels.get(key) or worded(key),
                "value": exact(value),
                "from": origins.get(key, ""),
            }
            for key, value in page.contact.items()
            if value is not None
        ],
        title="Stated",
        empty="nothing",
    )
    say()
    foretold = any(row["likely"] for row in page.traits)
    show_table(
        [
            {
                "what": row["label"] or row["trait"],
                "value": _valued(row),
                **({"likely": " to ".join(map(figure, row["likely"] or ()))} if foretold else {}),
                "unit": "" if row["unit"] in UNWRITTEN else row["unit"],
            }
            for row in sorted(page.traits, key=lambda each: each["label"] or each["trait"])
        ],
        title="Attributes",
    )
    for row in (each for each in page.traits if each.get("why")):
        say(f"\n{row['label']}, why: {'; '.join(row['why'])}")
    say(f"\nSegments: {', '.join(page.segments) or 'none'}")
    show_table(page.consents, title="Permissions", empty="none on record")
    say()
    show_table(
        [
            {
                **row,
                "event": worded(row["event"]),
                "properties": ", ".join(
                    f"{worded(key)} {exact(value)}" for key, value in row["properties"].items()
                ),
            }
            for row in page.last_events
        ],
        title="Last did",
    )


def _valued(row: dict[str, Any]) -> str:
    """A share as per cent, anything else as it is."""
    told = row["unit"] == "share" and isinstance(row["value"], float)
    return share(row["value"]) if told else figure(row["value"])


def segment_reasons(reasons: "SegmentReasons | AccountSegmentReasons") -> None:
    """Print how many people, or companies, each clause lets in."""
    if reasons.unit == "account":
        say(f"{reasons.segment}: {reasons.accounts:,} {reasons.called}\n{reasons.plain}\n")
        clauses_table(reasons.clauses)
        return
    say(f"{reasons.segment}: {reasons.people:,} people\n{reasons.plain}\n")
    clauses_table(reasons.clauses)
    say()
    _apart(reasons.differences, reasons.people)


def estimated(cost: "Cost") -> str:
    """What evaluating a rule reads, in words: `about 1,200 rows in 3 scans of 2 events`."""
    scans = f"{cost.scans:,} {'scan' if cost.scans == 1 else 'scans'}"
    events = f"{cost.events:,} {'event' if cost.events == 1 else 'events'}"
    traits = f"{cost.traits:,} {'attribute' if cost.traits == 1 else 'attributes'}"
    return f"about {cost.rows:,} rows: {scans} of {events}, {traits}"


def clauses_table(clauses: "list[dict[str, Any]]") -> None:
    """Print how many people each clause of a rule lets in."""
    show_table(
        [
            {
                "clause": "  " * row["depth"] + row["says"],
                "people": row.get("accounts", row.get("people")),
                "unknown": row["unknown"],
            }
            for row in clauses
        ],
        headings={"clause": "clause", "people": "let in", "unknown": "not known of"},
    )


def _apart(differences: list[dict[str, Any]], people: int) -> None:
    """What sets people apart: shares as per cent, figures with their unit."""
    show_table(
        [
            {
                "what": (row["label"] or row["trait"].replace("_", " "))
                + (f": {row['value']}" if row["value"] is not None else ""),
                **{side: _measured(row, row[side]) for side in ("inside", "outside")},
                "n": row["n"],
            }
            for row in differences
        ],
        title="What sets them apart",
        empty=f"nothing is known of at least {COMPARED} people here and {COMPARED} others"
        + (f"; {people:,} are in it" if people < COMPARED else ""),
        headings={
            "what": "attribute",
            "inside": "here",
            "outside": "everybody else",
            "n": "known of",
        },
    )


def _measured(row: dict[str, Any], value: float) -> str:
    if row["value"] is not None or row["unit"] == "share":
        return share(value)
    unit = "" if row["unit"] in (None, "ratio") else f" {row['unit']}"
    return f"{figure(value)}{unit}"


def _why(reason: "Reason") -> str:
    if reason.how == "identifier":
        same = f"the same {reason.kind.replace('_', ' ')}"
        return f"{same}: {reason.value}" if reason.value else same
    if reason.how == "likeness":
        return f"alike ({share(reason.probability)}): {reason.evidence}"
    return {"decision": "somebody said so", "former": "they were one before"}[reason.how]


def customer_reasons(reasons: "Reasons") -> None:
    """Print why records were joined, or which clause decides and what would change it."""
    if reasons.segment is None:
        show_table(
            [
                {
                    "record": each.left_ref,
                    "from": each.left,
                    "with": each.right_ref,
                    "of": each.right,
                    "why": _why(each),
                }
                for each in reasons.joined
            ],
            empty="There is one entry only: nothing to join.",
            title=f"Why the entries of person {reasons.customer} are one person",
        )
        return
    who = f"{reasons.called.capitalize()} {reasons.customer}"
    say(f"{who} is {'in' if reasons.member else 'not in'} {reasons.segment}.\n")
    for clause in reasons.clauses:
        has = f" – has {clause.has}" if clause.has else ""
        mark = "   ← decides" if clause.decides else ""
        say(f"{'  ' * clause.depth}{SIGNS[clause.verdict]} {clause.says}{has}{mark}")
    if not reasons.changes:
        say("\nNothing was found that would change this.")
    else:
        say("\nWhat would change this:")
        for change in reasons.changes:
            say(f"  - {change}")


def past_decision(decided: "Decided") -> None:
    """Print what was decided about a person on a past day, and why as far as that can be told."""
    say(
        f"On {decided.on}, {decided.called} {decided.customer} was "
        f"{'in' if decided.member else 'not in'} {decided.segment}, "
        f"by the update of {decided.at:%Y-%m-%d %H:%M}."
    )
    if decided.since:
        because = f", because of {decided.because}" if decided.because else ""
        say(f"{'In' if decided.member else 'Out'} since {decided.since:%Y-%m-%d %H:%M}{because}.")
    if decided.why_not:
        say(f"Why cannot be worked out again: {decided.why_not}.")
    else:
        say()
        _clauses(decided.clauses)


def _clauses(clauses: "Sequence[Clause]") -> None:
    for clause in clauses:
        has = "" if clause.value is None else f" – has {figure(clause.value)}"
        mark = "   ← decides" if clause.decides else ""
        say(f"{'  ' * clause.depth}{SIGNS[clause.verdict]} {clause.says}{has}{mark}")
