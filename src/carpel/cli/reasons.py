"""Why somebody is in or out, on the screen: the clauses of a rule and what each comes to."""

from typing import TYPE_CHECKING, Any

from carpel.cli.apart import differences_table
from carpel.cli.screen import figure, say, share, show_table

if TYPE_CHECKING:
    from carpel.language.checks import Cost
    from carpel.stages.identity.reasons import Reason
    from carpel.verbs.companies import AccountSegmentReasons
    from carpel.verbs.decided import Decided
    from carpel.verbs.explain import Clause, Reasons, SegmentReasons

SIGNS = {"yes": "✓", "no": "✗", "unknown": "?"}


def segment_reasons(reasons: "SegmentReasons | AccountSegmentReasons") -> None:
    """Print how many people, or companies, each clause lets in."""
    if reasons.unit == "account":
        say(f"{reasons.segment}: {reasons.accounts:,} {reasons.called}\n{reasons.plain}\n")
        clauses_table(reasons.clauses)
        return
    say(f"{reasons.segment}: {reasons.people:,} people\n{reasons.plain}\n")
    clauses_table(reasons.clauses)
    say()
    differences_table(reasons.differences, reasons.people)


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
        _joined(reasons)
        return
    who = f"{reasons.called.capitalize()} {reasons.customer}"
    say(f"{who} is {'in' if reasons.member else 'not in'} {reasons.segment}.\n")
    for each in reasons.clauses:
        _clause(each, each.has)
    if not reasons.changes:
        say("\nNothing was found that would change this.")
    else:
        say("\nWhat would change this:")
        for change in reasons.changes:
            say(f"  - {change}")


def _joined(reasons: "Reasons") -> None:
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
        for each in decided.clauses:
            _clause(each, "" if each.value is None else figure(each.value))


def _clause(clause: "Clause", has: str) -> None:
    known = f" – has {has}" if has else ""
    mark = "   ← decides" if clause.decides else ""
    say(f"{'  ' * clause.depth}{SIGNS[clause.verdict]} {clause.says}{known}{mark}")
