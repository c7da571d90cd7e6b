"""How what is measured is said: of built-in traits in words of their own, of others by label."""

from collections.abc import Mapping
from dataclasses import dataclass

# One line a trait reads better than one line an argument.
# fmt: off


@dataclass(frozen=True)
class Lead:
    """The ways to say an average: clearly more, clearly less, and as it is; what it is over."""

    more: str
    less: str
    flat: str
    over: str = ""
    """What the figure is over, such as ` in the last 30 days`."""
    ends: str = ""
    """What ends it after `flat` alone; `more` and `less` say it themselves."""
    by: str = ""
    """What stands before the figure, after `more` or `less`."""


def _in(days: int) -> str:
    return f" in the last {days} days"


NUMBERS: Mapping[str, Lead] = {
    "age": Lead("They are older", "They are younger", "They are", ends=" old"),
    "children": Lead("They have more children", "They have fewer children", "They have"),
    "household_size": Lead("They live in larger households", "They live in smaller households",
                           "They live in households of"),
    "branch_distance_km": Lead("They live farther from a branch", "They live nearer to a branch",
                               "Their way to a branch is"),
    **{f"orders_{days}d": Lead("They order more often", "They order less often", "They place",
                               _in(days)) for days in (30, 90, 365)},
    "orders_total": Lead("They have ordered more often", "They have ordered less often",
                         "They have", " so far"),
    **{f"spend_{days}d": Lead("They spend more", "They spend less", "They spend", _in(days))
       for days in (30, 90, 365)},
    "spend_total": Lead("They have spent more", "They have spent less", "They have spent",
                        " so far"),
    "average_order_value": Lead("They spend more on an order", "They spend less on an order",
                                "They spend", ends=" on an order"),
    "largest_order_value": Lead("Their largest order is larger", "Their largest order is smaller",
                                "Their largest order is"),
    "median_gap_days": Lead("They come back later", "They come back sooner",
                            "They come back after", by="after "),
    "recency_days": Lead("Their last order is longer ago", "Their last order is less long ago",
                         "Their last order was", ends=" ago"),
    "tenure_days": Lead("They have bought here for longer", "They have bought here for less long",
                        "They have bought here for"),
    "known_days": Lead("They have been known for longer", "They have been known for less long",
                       "They have been known for"),
    "inactive_days": Lead("They were last active longer ago", "They were last active less long ago",
                          "They were last active", ends=" ago"),
    "active_days_28d": Lead("They are active on more days", "They are active on fewer days",
                            "They are active on", " of the last 28"),
    "items_per_order": Lead("They put more items in an order", "They put fewer items in an order",
                            "They put", ends=" in an order"),
    "lines_per_order": Lead("They put more products in an order",
                            "They put fewer products in an order", "They put",
                            ends=" in an order"),
    "items_total": Lead("They have bought more items", "They have bought fewer items",
                        "They have bought", " so far"),
    "products_distinct": Lead("They have tried more products", "They have tried fewer products",
                              "They have tried", " so far"),
    "categories_distinct": Lead("They buy from more categories", "They buy from fewer categories",
                                "They buy from"),
    "brands_distinct": Lead("They buy more brands", "They buy fewer brands", "They buy"),
    "discounted_order_share": Lead("They buy at a discount more often",
                                   "They buy at a discount less often",
                                   "They buy at a discount in", " of their orders"),
    "discount_share": Lead("They save more by discounts", "They save less by discounts",
                           "They save", ends=" by discounts"),
    "weekend_share": Lead("They order more on weekends", "They order less on weekends",
                          "They place", " of their orders", " on weekends"),
    "coupons_redeemed_365d": Lead("They redeem more coupons", "They redeem fewer coupons",
                                  "They redeem", _in(365)),
    "coupons_redeemed_total": Lead("They have redeemed more coupons",
                                   "They have redeemed fewer coupons", "They have redeemed",
                                   " so far"),
    "category_switching_share": Lead("They switch categories more often",
                                     "They switch categories less often",
                                     "They switch categories in", " of their orders"),
    "brand_switching_share": Lead("They switch brands more often", "They switch brands less often",
                                  "They switch brands in", " of their orders"),
    "email_open_rate_90d": Lead("They open more of their e-mails",
                                "They open fewer of their e-mails", "They open",
                                " of their e-mails"),
    "email_click_rate_90d": Lead("They click in more of their e-mails",
                                 "They click in fewer of their e-mails", "They click in",
                                 " of their e-mails"),
    "visits_30d": Lead("They visit more often", "They visit less often", "They come to", _in(30)),
    "visits_90d": Lead("They visit more often", "They visit less often", "They come to", _in(90)),
    "pages_per_visit": Lead("They look at more pages", "They look at fewer pages", "They look at",
                            ends=" in a visit"),
    "minutes_per_visit": Lead("They stay longer", "They stay less long", "They stay for",
                              " in a visit"),
    "cart_abandonment_share": Lead("They leave more carts behind", "They leave fewer carts behind",
                                   "They leave behind", " of their carts"),
    "carts_abandoned_30d": Lead("They leave more carts behind", "They leave fewer carts behind",
                                "They leave behind", _in(30)),
    "return_share": Lead("They send more back", "They send less back", "They send back",
                         " of what they spend"),
    "returns_365d": Lead("They send more back", "They send less back", "They have", _in(365)),
    "tickets_total": Lead("They ask for help more often", "They ask for help less often",
                          "They have opened", " so far"),
    "tickets_90d": Lead("They ask for help more often", "They ask for help less often",
                        "They have opened", _in(90)),
    "resolution_hours": Lead("They wait longer for an answer", "They wait less long for an answer",
                             "They wait", " for an answer"),
    "nps_score": Lead("They would recommend us more", "They would recommend us less",
                      "They would recommend us with"),
    "satisfaction_score": Lead("They are more satisfied", "They are less satisfied",
                               "They are satisfied with"),
    "check_ins_30d": Lead("They check in more often", "They check in less often", "They have",
                          _in(30)),
    "recurring_revenue_monthly": Lead("Their plans bring in more", "Their plans bring in less",
                                      "Their plans bring in"),
    "feature_uses_30d": Lead("They use features more often", "They use features less often",
                             "They have", _in(30)),
}
UNITS: Mapping[str, str] = {
    "lines_per_order": "products", "nps_score": "points of 10",
}
"""Units said otherwise in a sentence."""
VERBS: Mapping[str, str] = {
    "age_band": "are aged {part}", "age_band_stated": "are aged {part}",
    "generation": "count as {part}", "city": "live in {part}", "region": "live in {part}",
    "country": "live in {part}", "income": "have an income of {part}",
    "income_band": "have an income of {part}",
    "favourite_weekday": "have {part} as their favourite weekday",
    "favourite_daypart": "have the {part} as their favourite time to order",
    "favourite_season": "have {part} as their favourite season",
    "favourite_store": "have branch {part} as their favourite",
    "favourite_category": "have {part} as their favourite category",
    "favourite_brand": "have {part} as their favourite brand",
    "favourite_channel": "have {part} as their favourite way to order",
    "bought_category": "bought {part} in the last 365 days",
    "bought_brand": "bought {part} in the last 365 days",
    "reached": "may and can be reached by {part}",
    "ordered_in": "order in {part}",
    "plan": "are on the plan “{part}”",
    "nps_group": "are {part}s",
}
"""What people do or are who have a value of a category."""
YES_NO = ("yes", "no")
WORDY: Mapping[str, str] = {"gender": "are {part}", "marital_status": "are {part}"}
"""The same, where the value is a word of its own such as married."""
# fmt: on


def lead(of: str, label: str) -> Lead:
    """How to say the average of a trait."""
    own = f"“{label}” is"
    return NUMBERS.get(of) or Lead(f"{own} higher", f"{own} lower", own)


CHANNELS: Mapping[str, str] = {"email": "e-mail", "sms": "text message", "push": "app message"}


def shown(of: str, part: str) -> str:
    """A value as it stands in a sentence: capitals that shout are lowered."""
    if of == "reached":
        return CHANNELS.get(part, part.replace("_", " "))
    shouting = part.isupper() and len(part) > 3 and not any(each.isdigit() for each in part)
    lowered = shouting or (of in WORDY and part.isalpha() and len(part) > 2)
    if lowered:
        return part.lower()
    if of.startswith("income") and part[:1].isalpha():
        return part[:1].lower() + part[1:]
    return part


def verb(of: str, label: str, part: str) -> str:
    """What people do or are who have this value."""
    if of == "children" and part[:1].isdigit():
        counted = "no children" if part == "0" else f"{part} child{'' if part == '1' else 'ren'}"
        return f"have {counted}"
    if of == "household_size" and part[:1].isdigit():
        return "live alone" if part == "1" else f"live in a household of {part}"
    if of in WORDY and part.isalpha() and len(part) > 2:
        return WORDY[of].format(part=shown(of, part))
    if part.lower() in YES_NO:
        return f"have “{part.lower()}” for “{label}”"
    plain = "have “{part}” as {label}"
    small = label[:1].lower() + label[1:] if not label[:2].isupper() else label
    return VERBS.get(of, plain).format(part=shown(of, part), label=small)
