"""Segments of people who use something: how often, how long ago; and of people of a company."""

from carpel.starters.recipe import Recipe, every, trait
from carpel.starters.recipes.holding import NEVER_USED

USING = (
    Recipe(
        "using_daily",
        "Using it on most days",
        "Upgrade, or become a reference",
        "A larger plan, a case study, early access",
        trait("active_days_28d", at_least=16),
    ),
    Recipe(
        "using_weekly",
        "Using it every week",
        "Make it a daily habit",
        "Show what daily users do that they have not tried",
        trait("active_days_28d", between=[4, 15]),
    ),
    Recipe(
        "gone_quiet",
        "Quiet for two weeks to two months",
        "Use it again while they remember",
        "Ask what is in the way, show what is new, offer help",
        trait("inactive_days", between=[14, 60]),
    ),
    Recipe(
        "long_gone",
        "Not here for three months",
        "Win back at low cost",
        "Say once what is new; then leave in peace",
        trait("inactive_days", more_than=90),
    ),
    Recipe(
        "not_started",
        "Known lately, not started yet",
        "The first success",
        "Guide to the one thing that regular users do; make the first step small",
        every(NEVER_USED, trait("known_days", less_than=60)),
        of_use=True,
    ),
    Recipe(
        "one_feature_only",
        "Using one feature only",
        "A second feature",
        "Show what goes with what they use",
        every(trait("feature_uses_30d", at_least=3), trait("features_distinct_90d", **{"is": 1})),
    ),
)

COMPANIES = (
    Recipe(
        "colleagues_of_buyers",
        "Colleagues of buyers",
        "A second department",
        "Ask the buyer for an introduction; show what their company uses already",
        every(trait("account_spend_365d", more_than=0), trait("orders_365d", **{"is": 0})),
    ),
    Recipe(
        "only_contact",
        "Buying, the only contact of their company",
        "Know a second person there",
        "Ask who else works with it; invite both",
        every(trait("account_people", **{"is": 1}), trait("orders_365d", at_least=1)),
    ),
    Recipe(
        "companies_gone_silent",
        "Company bought before, not for a year",
        "A talk within this quarter",
        "Call whoever decided last time; ask what changed",
        every(trait("account_spend_365d", **{"is": 0}), trait("orders_total", at_least=1)),
    ),
    Recipe(
        "companies_of_several",
        "Companies of which we know ten people and more",
        "Grow within the company",
        "Training, a yearly plan, a talk with whoever decides",
        trait("account_people", at_least=10),
    ),
)
