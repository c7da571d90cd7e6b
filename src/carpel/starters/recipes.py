"""The starter segments by kind of business, the most telling first.

Thresholds are relative wherever the data can say what is much: the RFM map compares people with
each other, the lifecycle and `spend_change` compare a person with their own past.
"""

from collections.abc import Mapping

from carpel.starters.recipe import Recipe, every, group, stage, trait

BEST = ("champions", "loyal", "cannot_lose", "at_risk")

RHYTHM = (
    Recipe(
        "best_slipping_away",
        "Best people slipping away",
        "Win back within 60 days",
        "Write personally: what they liked, what is new, a reason to come this month",
        every(stage("slipping"), group(*BEST)),
    ),
    Recipe(
        "best_lost",
        "Best people lost",
        "Win back",
        "One generous offer with a date; ask what went wrong; then leave in peace",
        every(stage("lost"), group(*BEST)),
    ),
    Recipe(
        "best_in_rhythm",
        "Best people in rhythm",
        "Be recommended by them",
        "Early access, thanks, a request for a review or a referral; no discounts",
        every(stage("active"), group("champions")),
    ),
    Recipe(
        "becoming_regular",
        "Becoming regular",
        "Make it a habit",
        "A reason to come back soon: a club, a series, a next-visit offer",
        every(stage("active", "back"), group("potential_loyalists")),
    ),
    Recipe(
        "regulars_with_room",
        "Regulars with room to grow",
        "Raise what they spend each time",
        "Sets, matching products, free shipping from a little above their usual basket",
        every(stage("active"), group("loyal", "need_attention")),
    ),
)

BUYING = (
    Recipe(
        "one_order_so_far",
        "One order so far",
        "A second order within 90 days",
        "Show what others bought next, with an offer that ends",
        every(trait("orders_total", **{"is": 1}), stage("new", "active", "slipping")),
    ),
    Recipe(
        "spending_less",
        "Spending much less",
        "Back to last year's level",
        "Ask, then offer what they used to buy",
        every(trait("spend_change", at_most=-0.3), trait("orders_365d", at_least=1)),
    ),
    Recipe(
        "spending_more",
        "Spending much more",
        "Make them loyal",
        "Invite them to the loyalty programme, offer better products",
        every(trait("spend_change", at_least=0.3), trait("orders_365d", at_least=2)),
    ),
    Recipe(
        "bought_last_year_only",
        "Bought the year before, not since",
        "An order this season",
        "Show what is new since then, remind of what they bought",
        every(trait("orders_previous_365d", at_least=1), trait("orders_365d", **{"is": 0})),
    ),
    Recipe(
        "signed_up_not_bought",
        "Signed up lately, not bought yet",
        "The first order",
        "Show what others like, make the first step small",
        every(stage("lead"), trait("known_days", less_than=60)),
    ),
    Recipe(
        "cart_left_behind",
        "Carts left behind",
        "Finish the order",
        "Remind within a day, answer doubts, no discount at first",
        trait("carts_abandoned_30d", at_least=1),
    ),
    Recipe(
        "one_category_only",
        "Regulars of one category",
        "A second category",
        "Show what goes with what they buy",
        every(trait("orders_total", at_least=3), trait("categories_distinct", **{"is": 1})),
    ),
    Recipe(
        "bargain_hunters",
        "Bargain hunters",
        "Sell with less discount",
        "Clearance and sets instead of money off; leave them out of broad discounts",
        every(trait("orders_total", at_least=3), trait("discounted_order_share", at_least=0.7)),
    ),
    Recipe(
        "clicking_not_buying",
        "Clicking, not buying",
        "Turn interest into an order",
        "Follow up on what they looked at, offer help",
        every(trait("emails_clicked_90d", at_least=1), trait("orders_90d", **{"is": 0})),
    ),
    Recipe(
        "sending_back",
        "Often sending back",
        "Fewer returns",
        "Size and product advice before the order; ask why",
        every(trait("orders_total", at_least=3), trait("return_share", at_least=0.3)),
    ),
    Recipe(
        "weekend_shoppers",
        "Weekend shoppers",
        "Be there when they buy",
        "Send on Friday evening and Saturday",
        every(trait("orders_total", at_least=3), trait("weekend_share", at_least=0.7)),
    ),
)

LEAVING = (
    Recipe(
        "cancelled_still_here",
        "Cancelled, still here",
        "Stay after all",
        "Ask why before the last day; offer a pause or a smaller plan",
        every(trait("subscribed", **{"is": True}), trait("cancelled_at", is_set=True)),
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
            trait("subscribed", **{"is": True}),
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
            trait("subscribed", **{"is": True}),
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
        trait("seats", at_least=10),
    ),
)

HOLDING = (
    Recipe(
        "trial_ending",
        "Trial ends this week",
        "Turn the trial into a plan",
        "Show what they achieved, answer what is open, make paying easy",
        trait("trial_days_left", between=[0, 7]),
    ),
    Recipe(
        "early_in_trial",
        "Early in the trial",
        "The first success before the trial ends",
        "Guide to the one thing that regular users do",
        trait("trial_days_left", more_than=7),
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
        trait("days_to_renewal", between=[0, 30]),
    ),
    Recipe(
        "holding_not_using",
        "Paying, not using",
        "Use it again before they cancel",
        "Ask what is in the way, offer help or a smaller plan",
        every(trait("subscribed", **{"is": True}), trait("inactive_days", more_than=28)),
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
        every(trait("contract_started_at", in_last="60 days"), trait("subscribed", **{"is": True})),
    ),
    Recipe(
        "long_standing",
        "With us for two years",
        "Thank them, be recommended by them",
        "Thanks, a referral, a longer term",
        every(
            trait("contract_started_at", not_in_last="2 years"), trait("subscribed", **{"is": True})
        ),
    ),
    Recipe(
        "using_daily",
        "Using it on most days",
        "Upgrade, or become a reference",
        "A larger plan, a case study, early access",
        trait("active_days_28d", at_least=16),
    ),
)

VISITING = (
    Recipe(
        "members_staying_away",
        "Members staying away",
        "A visit within two weeks",
        "Call or write personally, offer a session with a trainer",
        every(trait("subscribed", **{"is": True}), trait("check_in_recency_days", more_than=21)),
    ),
    Recipe(
        "guests_coming_often",
        "Guests coming often",
        "Turn guests into members",
        "Show what they would save as members",
        every(trait("check_ins_90d", at_least=3), trait("subscribed", **{"is": False})),
    ),
    Recipe(
        "visiting_most",
        "Visiting twice a week and more",
        "Be recommended by them",
        "Bring a friend, a review, thanks",
        trait("check_ins_30d", at_least=8),
    ),
    Recipe(
        "visited_once",
        "Visited once",
        "A second visit",
        "Ask how it was, offer a date",
        trait("check_ins_total", **{"is": 1}),
    ),
)

FEELING = (
    Recipe(
        "unhappy",
        "Unhappy",
        "Put it right",
        "Call before anything else is sent; leave out of campaigns until solved",
        trait("nps_group", **{"is": "detractor"}),
    ),
    Recipe(
        "waiting_for_help",
        "Waiting for help",
        "Solve it first",
        "Leave out of campaigns until the ticket is closed",
        trait("tickets_open", at_least=1),
    ),
    Recipe(
        "promoters",
        "Promoters",
        "Be recommended by them",
        "Ask for a review or a referral",
        trait("nps_group", **{"is": "promoter"}),
    ),
)

PEOPLE = (
    Recipe(
        "lately_known",
        "Known for less than 30 days",
        "Make a good first impression",
        "Welcome, say what to expect",
        trait("known_days", less_than=30),
    ),
    Recipe(
        "nearby",
        "Within 10 kilometres",
        "A visit",
        "Invite to the nearest branch",
        trait("branch_distance_km", at_most=10),
    ),
    Recipe(
        "families",
        "With children",
        "Serve the whole family",
        "Family offers, school holidays",
        trait("children", at_least=1),
    ),
    Recipe(
        "under_30",
        "Under 30",
        "Win them for long",
        "Starter offers, social channels",
        trait("age", less_than=30),
    ),
    Recipe(
        "between_30_and_59",
        "30 to 59",
        "Serve the busiest years",
        "Convenience, time saved",
        every(trait("age", at_least=30), trait("age", less_than=60)),
    ),
    Recipe(
        "from_60",
        "60 and older",
        "Serve with care",
        "Personal service, letters and phone",
        trait("age", at_least=60),
    ),
    Recipe(
        "opening_mails",
        "Opening our e-mails",
        "A first purchase or visit",
        "Send them what is new first",
        trait("emails_opened_90d", at_least=1),
    ),
    Recipe(
        "may_be_mailed",
        "May be written to by e-mail",
        "Stay in touch",
        "Send the newsletter; ask what interests them",
        {"consent": "email"},
    ),
)

SETS: Mapping[str, tuple[Recipe, ...]] = {
    "shop": (*RHYTHM, *BUYING, *FEELING),
    "subscription": (*HOLDING, *LEAVING, *STAYING, *FEELING, *RHYTHM, *BUYING),
    "venue": (
        VISITING[0],
        *HOLDING[:4],
        LEAVING[0],
        *RHYTHM,
        *VISITING[1:],
        *HOLDING[5:],
        LEAVING[1],
        *STAYING,
        *FEELING,
    ),
    "people": (*PEOPLE, *FEELING),
}
