"""Segments of people who buy: their rhythm, and what they spend."""

from carpel.starters.recipe import Recipe, every, group, stage, trait

BEST = ("champions", "loyal", "cannot_lose", "at_risk")
"""Groups of the RFM map whom it hurts to lose."""

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
