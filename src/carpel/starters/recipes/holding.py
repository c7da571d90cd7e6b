"""Segments of people who hold a contract, use what they pay for, or leave."""

from carpel.starters.recipe import Recipe, either, every, stage, trait

HAS_PLAN = trait("subscribed", **{"is": True})
"""Beside what only plans have: of whoever has none it is then known that they are not meant."""

NEVER_USED = trait("inactive_days", is_missing=True)
"""Without anything that was ever done: of no such day it is known how long ago it is."""

LEAVING = (
    Recipe(
        "cancelled_still_here",
        "Cancelled, still here",
        "Stay after all",
        "Ask why before the last day; offer a pause or a smaller plan",
        every(HAS_PLAN, trait("cancelled_at", is_set=True)),
    ),
    Recipe(
        "left_lately",
        "Left within 90 days",
        "Win back while they remember",
        "Ask what was missing; an easy return with a date",
        every(trait("contract_ended_at", in_last="90 days"), trait("subscribed", **{"is": False})),
    ),
)

STAYING = (
    Recipe(
        "first_months",
        "Two to six months with us",
        "Past the months in which most leave",
        "Ask how it goes, show what they have not tried",
        every(
            trait("contract_started_at", in_last="180 days"),
            trait("contract_started_at", not_in_last="60 days"),
            HAS_PLAN,
        ),
    ),
    Recipe(
        "second_year",
        "In their second year",
        "Stay for another",
        "Say what changed since they began; a longer term at a better price",
        every(
            trait("contract_started_at", in_last="2 years"),
            trait("contract_started_at", not_in_last="1 year"),
            HAS_PLAN,
        ),
    ),
    Recipe(
        "several_plans",
        "Holding several plans",
        "Be recommended by them",
        "One bill, thanks, a referral",
        trait("contracts_active", at_least=2),
    ),
    Recipe(
        "many_seats",
        "Teams of ten and more",
        "Grow within the company",
        "Training, a yearly plan, a talk with whoever decides",
        every(HAS_PLAN, trait("seats", at_least=10)),
    ),
)

HOLDING = (
    Recipe(
        "trial_ending",
        "Trial ends this week",
        "Turn the trial into a plan",
        "Show what they achieved, answer what is open, make paying easy",
        every(HAS_PLAN, trait("trial_days_left", between=[0, 7])),
    ),
    Recipe(
        "early_in_trial",
        "Early in the trial",
        "The first success before the trial ends",
        "Guide to the one thing that regular users do",
        every(HAS_PLAN, trait("trial_days_left", more_than=7)),
    ),
    Recipe(
        "past_due",
        "Payment overdue",
        "Get paid, keep them",
        "Remind kindly, check the card, offer another day",
        trait("past_due", **{"is": True}),
    ),
    Recipe(
        "renewing_soon",
        "Renewal within 30 days",
        "Renew, or upgrade",
        "Say what they got out of it; call the largest",
        every(HAS_PLAN, trait("days_to_renewal", between=[0, 30])),
    ),
    Recipe(
        "paying_and_slipping",
        "Paying, slipping out of their rhythm",
        "Back in their rhythm before the renewal",
        "Write personally: what they used, what is new, a reason to come this week",
        every(HAS_PLAN, stage("slipping")),
    ),
    Recipe(
        "trying_not_using",
        "On trial, not started",
        "The first success before the trial ends",
        "Call or write personally; set it up together",
        every(stage("trial"), either(NEVER_USED, trait("inactive_days", more_than=3))),
        of_use=True,
    ),
    Recipe(
        "holding_not_using",
        "Paying, not using",
        "Use it again before they cancel",
        "Ask what is in the way, offer help or a smaller plan",
        every(
            HAS_PLAN,
            either(
                trait("inactive_days", more_than=28),
                every(NEVER_USED, trait("contract_started_at", not_in_last="28 days")),
            ),
        ),
        of_use=True,
    ),
    Recipe(
        "paused",
        "Paused",
        "Resume",
        "Remind of the date, offer an easy return",
        trait("contract_paused", **{"is": True}),
    ),
    Recipe(
        "former",
        "Former subscribers",
        "Win back",
        "Say what is new since they left; ask why they did",
        every(trait("contract_ended_at", is_set=True), trait("subscribed", **{"is": False})),
    ),
    Recipe(
        "new_subscribers",
        "Subscribed lately",
        "Make it a habit",
        "Welcome, first steps, a person to ask",
        every(trait("contract_started_at", in_last="60 days"), HAS_PLAN),
    ),
    Recipe(
        "long_standing",
        "With us for two years",
        "Thank them, be recommended by them",
        "Thanks, a referral, a longer term",
        every(trait("contract_started_at", not_in_last="2 years"), HAS_PLAN),
    ),
)
