"""How campaigns look in a terminal: a plan, a campaign, a person in one, messages."""

from typing import TYPE_CHECKING, Any

from carpel.cli.screen import figure, money, say, share, show_table
from carpel.specs.campaign import called
from carpel.specs.words import counted

if TYPE_CHECKING:
    from carpel.campaigns.plan import Plan
    from carpel.verbs.brief import Brief
    from carpel.verbs.campaign_pages import CampaignPage, CampaignReasons
    from carpel.verbs.campaign_previews import Previews

GETS = {"why": "who gets it, who does not, why", "people": "people", "left": "left"}
_MACHINES = {
    "prefetch": "browsers that look ahead",
    "preview": "messengers' previews",
    "proxy": "privacy proxies",
    "robot": "robots",
    "scanner": "mail scanners",
    "too_soon": "what opened them at once",
}
"""What follows links without reading."""


def plan_page(plan: "Plan") -> None:
    """A plan, on one screen."""
    say(f"{plan.label}: {plan.goal}")
    say()
    if plan.begins:
        say(f"Begins when {plan.begins}. Below are those of the last {plan.lately} days.")
    _waterfall(plan.waterfall, plan.because)
    say()
    rows = [
        {
            "version": called(row["arm"]),
            "people": row["people"],
            "smallest change that would show": _change(row["smallest"], plan),
        }
        for row in plan.arms
    ]
    show_table(rows)
    _plan_segments(plan)
    say()
    if plan.before is not None:
        before = _figure(plan.before, plan)
        say(f"Without it: {before} ({counted(plan.counted, 'person', 'people')} counted).")
    say(f"Could it be told whether it worked? {plan.answers}")
    say(f"First message: {figure(plan.first_at)}; answer: {plan.answer_on}.")
    if plan.hours_known is not None:
        say(f"An hour of their own is known of {counted(plan.hours_known, 'person', 'people')}.")
    _costs(plan)
    for row in plan.overlaps:
        people = counted(row["people"], "person", "people")
        say(f"Also meant by {row['campaign']}: {people} (priority {row['priority']}).")
    for each in plan.warnings:
        say(f"Warning: {each}.")


def campaign_page(page: "CampaignPage") -> None:
    """One campaign: the audience, and what became of each message."""
    say(f"{page.label}: {page.state}; {page.goal}")
    approved = f", approved by {page.approved_by}" if page.approved_by else ""
    say(f"by {page.channel}, owned by {page.owner}{approved}")
    say()
    if page.begins:
        say(f"Begins when {page.begins}.")
    if page.course and not page.arms:
        say("It has begun for nobody yet.")
        return
    _waterfall(page.waterfall, page.because)
    for rows in (page.course, page.ended):
        if rows:
            say()
            show_table(rows)
    say()
    named = [{**row, "arm": called(row["arm"])} for row in page.arms]
    show_table(named, headings=_ARMS)
    if page.regions:
        say()
        show_table(page.regions, headings=_REGIONS)
    if page.waits_until is not None:
        say(f"The first of those who wait can be written to at {figure(page.waits_until)}.")
    if page.uncertain:
        say(
            f"{counted(page.uncertain, 'message is', 'messages are')} uncertain: nobody knows "
            f"whether they left. `carpel settle {page.campaign} --sent` or `--not-sent`."
        )
    if page.followed:
        kinds = (
            f"{n:,} by {_MACHINES[kind]}" for kind, n in page.followed.items() if kind != "people"
        )
        people = counted(page.followed["people"], "person", "people")
        say(f"Links followed by {people}{''.join(f', {each}' for each in kinds)}.")
    if page.reacted:
        told = (f"{kind} by {n:,}" for kind, n in page.reacted.items())
        say(f"What the tool says: {', '.join(told)}.")
    if page.in_two_arms:
        people = counted(page.in_two_arms, "person was", "people were")
        say(f"{people} in two versions before their entries were joined.")
    if page.coupons:
        say()
        show_table([{**row, "arm": called(row["arm"])} for row in page.coupons], headings=_CODES)
        first = page.coupon_segments[:SEGMENTS]
        show_table([{**row, "arm": called(row["arm"])} for row in first], headings=_CODES)
    if page.came_back:
        told = (f"{_CAME_BACK[kind]} {n:,}" for kind, n in page.came_back.items())
        say(f"Came back: {', '.join(told)}.")
    if page.failures:
        say()
        show_table(page.failures, headings=_FAILURES)


def campaign_reasons(found: "CampaignReasons") -> None:
    """Why a person gets a campaign or not."""
    arm = f" ({called(found.arm)})" if found.arm else ""
    say(f"Person {found.customer}, {found.campaign}{arm}: {found.why}")
    for row in found.occasions:
        due = f", due {figure(row['due_at'])}" if row["due_at"] else ""
        say(f"  began {figure(row['began_at'])}: {row['state']} {row['reason']}".rstrip() + due)
    for row in found.deliveries:
        say(f"  {figure(row['claimed_at'])} {row['state']} {row['reason']}".rstrip())


def brief_page(brief: "Brief") -> None:
    """What a team has to know of a campaign."""
    say(f"{brief.label}, for {brief.team}\n")
    for what, told in brief.facts:
        say(f"{what}: {told}")
    for asked in brief.open:
        say(f"To be settled: {asked}")
    for asked, answer in brief.questions:
        say(f"\n{asked}\n  {answer}")
    for title, sentences in brief.persona:
        say(f"\n{title}")
        for each in sentences:
            say(f"  {each.text} ({counted(each.people, 'person', 'people')})")
    for message in brief.messages:
        say(f"\nWhat they read, {message['version']}: {message['subject']}\n{message['text']}")


def preview_page(page: "Previews") -> None:
    """Messages as people would read them."""
    for each in page.shown:
        say(f"Person {each['customer']}, {called(each['arm'])}, message {each['message']}")
        say(f"Subject: {each['subject']}")
        say()
        say(each["text"])
    say(f"{counted(page.rendered, 'message')} written, {sum(page.problems.values()):,} could not.")
    for why, people in page.problems.items():
        say(f"  {why}: {counted(people, 'person', 'people')}")
    for weak in page.weak:
        say(f"Warning: {weak}.")


def _waterfall(rows: list[dict[str, Any]], because: str) -> None:
    told = [row for row in rows if row["people"] or row["step"] == "segment"]
    show_table(told, headings=GETS)
    if because:
        say(because)


def _plan_segments(plan: "Plan") -> None:
    """What could show in each segment, the largest first."""
    if not plan.segments:
        return
    largest = sorted(plan.segments, key=lambda row: -row["people"])[:SEGMENTS]
    say()
    show_table(
        [
            {
                "segment": row["label"],
                "people": row["people"],
                "comparison group": row["aside"],
                "without it": "–" if row["before"] is None else _figure(row["before"], plan),
                "smallest change that would show": _change(row["smallest"], plan),
            }
            for row in largest
        ]
    )
    if more := len(plan.segments) - len(largest):
        say(f"{counted(more, 'smaller one', 'smaller ones')} with --json.")


def _figure(value: float, plan: "Plan") -> str:
    return money(value, plan.currency) if plan.is_money else share(value)


def _costs(plan: "Plan") -> None:
    budget = "" if plan.budget is None else f" of a budget of {money(plan.budget, plan.currency)}"
    say(f"{counted(plan.messages, 'message')}: {plan.cost:,.2f} {plan.currency}{budget}.")
    if plan.expected is not None:
        worth = (
            money(plan.expected, plan.currency) if plan.is_money else f"{plan.expected:,.0f} people"
        )
        say(f"Reaching the target would bring {worth} more.")


def _change(value: float | None, plan: "Plan") -> str:
    if value is None:
        return "–"
    return f"{value:,.2f} {plan.currency}" if plan.is_money else f"{100 * value:.1f} points"


_ARMS = {
    "arm": "version",
    "people": "people",
    "sent": "sent",
    "failed": "failed",
    "uncertain": "uncertain",
    "to_go": "to go",
}
_REGIONS = {
    "region": "region",
    "state": "state",
    "owner": "owned by",
    "people": "people",
    "sent": "sent",
    "failed": "failed",
    "uncertain": "uncertain",
    "to_go": "to go",
}
SEGMENTS = 12
"""Segments that are on the screen; all of them with --json."""
_CODES = {
    "segment": "segment",
    "arm": "version",
    "given": "coupons given",
    "redeemed": "redeemed",
    "by_others": "orders of others",
    "revenue": "revenue",
}
_CAME_BACK = {
    "undeliverable": "undeliverable",
    "blocked": "refused",
    "soft": "did not arrive this time",
    "complaint": "complaints",
    "delivered": "arrived after all",
    "delayed": "late",
}
_FAILURES = {"reason": "why not sent", "people": "people", "again": "tried again"}
