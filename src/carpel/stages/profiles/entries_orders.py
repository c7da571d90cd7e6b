"""What people bought, how often, and what it brought in.

An order is one row of the project's revenue event. Shares run from 0 to 1.
"""

from carpel.stages.profiles.entry import Entry

# One paragraph a trait reads better than one line an argument.
# fmt: off

DAY = 86400.0
WINDOWS = (30, 90, 365)


def days_since(anchor: str) -> str:
    """Days, with their fraction, from an anchor to the moment of the build."""
    return f"(epoch(:as_of) - epoch({anchor})) / {DAY}"


def within(days: int) -> str:
    """Rows of the last so many days."""
    return f"at > :since_{days}d"


_PREVIOUS = "at > :since_730d AND at <= :since_365d"
_SPAN = {30: "in the last 30 days", 90: "in the last 90 days", 365: "in the last 365 days"}


def _orders() -> tuple[Entry, ...]:
    return tuple(
        Entry(f"orders_{days}d", f"Orders, {days} days", f"Orders {_SPAN[days]}.", "behavioural",
              "integer", "orders", f"count(*) FILTER (WHERE {within(days)})", "orders", otherwise=0)
        for days in WINDOWS
    )


def _spend() -> tuple[Entry, ...]:
    return tuple(
        Entry(f"spend_{days}d", f"Spend, {days} days", f"Revenue from them {_SPAN[days]}.", "value",
              "number", "revenue",
              f"coalesce(round(sum(amount) FILTER (WHERE {within(days)}), 4), 0)", "money",
              ("amount",), otherwise=0)
        for days in WINDOWS
    )


ORDERS = (
    Entry("first_order_at", "First order", "When they first ordered.", "behavioural", "instant",
          "orders", "min(at)"),
    Entry("last_order_at", "Last order", "When they last ordered.", "behavioural", "instant",
          "orders", "max(at)"),
    Entry("recency_days", "Days since last order", "Days since the last order.", "behavioural",
          "number", "profiles", days_since("last_order_at"), "days", ("last_order_at",)),
    Entry("orders_total", "Orders, all time", "Orders of all time: how frequently they bought.",
          "behavioural", "integer", "orders", "count(*)", "orders", otherwise=0),
    *_orders(),
    Entry("orders_previous_365d", "Orders, year before", "Orders 366 to 730 days ago.",
          "behavioural", "integer", "orders", f"count(*) FILTER (WHERE {_PREVIOUS})", "orders",
          otherwise=0),
    Entry("repeat_customer", "Has bought again", "Ordered at least twice.", "behavioural",
          "boolean", "profiles", "orders_total >= 2", needs=("orders_total",)),
    Entry("tenure_days", "Days since the first order or plan",
          "Days since their first order or plan.", "behavioural", "number", "profiles",
          days_since("customer_since"), "days", ("customer_since",)),
    Entry("average_order_value", "Average order value",
          "Average amount of an order, before returns.", "behavioural", "number", "orders",
          "round(avg(amount), 6)", "money", ("amount",)),
    Entry("largest_order_value", "Largest order", "Amount of the largest order.", "behavioural",
          "number", "orders", "max(amount)", "money", ("amount",)),
    Entry("items_per_order", "Items per order", "Average number of items in an order.",
          "behavioural", "number", "orders", "avg(quantity)", "items", ("quantity",)),
    Entry("lines_per_order", "Products per order", "Average number of lines in an order.",
          "behavioural", "number", "orders", "avg(lines)", "lines", ("lines",)),
    Entry("discount_share", "Discount share",
          "Discounts as a share of what the orders would have cost without them.", "behavioural",
          "number", "orders",
          "sum(abs(discount)) / nullif(sum(amount) FILTER (WHERE discount IS NOT NULL) + "
          "sum(abs(discount)), 0)", "share", ("amount", "discount")),
    Entry("discounted_order_share", "Orders at a discount", "Share of orders with a discount.",
          "behavioural", "number", "orders",
          "count(*) FILTER (WHERE discount <> 0) / nullif(count(discount), 0)", "share",
          ("discount",)),
    Entry("coupon_order_share", "Orders with a coupon", "Share of orders with a coupon.",
          "behavioural", "number", "orders",
          "count(*) FILTER (WHERE nullif(coupon, '') IS NOT NULL) / count(*)", "share",
          ("coupon",)),
    Entry("weekend_share", "Weekend share", "Share of orders on a Saturday or Sunday.",
          "behavioural", "number", "orders",
          "count(*) FILTER (WHERE isodow(local_date) >= 6) / nullif(count(local_date), 0)", "share",
          ("local_date",)),
    Entry("median_gap_days", "Usual gap",
          "Median of the days between one day with orders and the next.", "behavioural", "number",
          "order_gaps", "median(gap)", "days"),
    Entry("gap_cv", "Irregularity",
          "How much the gaps between order days differ, over the average gap: 0 is clockwork.",
          "behavioural", "number", "order_gaps", "stddev_samp(gap) / avg(gap)", "ratio"),
    Entry("rhythm_ratio", "Overdue by",
          "Days since the last order over the usual gap: above 1 is later than usual.",
          "behavioural", "number", "profiles",
          f"{days_since('last_order_at')} / nullif(median_gap_days, 0)", "usual gaps",
          ("last_order_at", "median_gap_days")),
)

REVENUE = (
    Entry("spend_total", "Spend, all time", "Revenue from them of all time.", "value", "number",
          "revenue", "coalesce(round(sum(amount), 4), 0)", "money", ("amount",), otherwise=0),
    *_spend(),
    Entry("spend_previous_365d", "Spend, year before", "Revenue from them 366 to 730 days ago.",
          "value", "number", "revenue",
          f"coalesce(round(sum(amount) FILTER (WHERE {_PREVIOUS}), 4), 0)", "money", ("amount",),
          otherwise=0),
    Entry("spend_change", "Change in spend",
          "Spend of the last 365 days over that of the 365 days before, less one.", "value",
          "number", "profiles", "spend_365d / nullif(spend_previous_365d, 0) - 1", "ratio",
          ("spend_365d", "spend_previous_365d")),
    Entry("gross_spend_total", "Spend before returns", "Order amounts of all time, before returns.",
          "value", "number", "orders", "coalesce(round(sum(amount), 4), 0)", "money", ("amount",),
          otherwise=0),
    Entry("margin_total", "Margin, all time", "Amounts less unit costs, where costs are known.",
          "value", "number", "purchases", "round(sum(amount - unit_cost * quantity), 4)", "money",
          ("amount", "unit_cost", "quantity")),
    Entry("margin_365d", "Margin, 365 days",
          "Amounts less unit costs in the last 365 days, where costs are known.", "value", "number",
          "purchases", f"round(sum(amount - unit_cost * quantity) FILTER (WHERE {within(365)}), 4)",
          "money", ("amount", "unit_cost", "quantity")),
    Entry("margin_share", "Margin share", "Margin as a share of the amounts whose costs are known.",
          "value", "number", "purchases",
          "sum(amount - unit_cost * quantity) / nullif(sum(amount) FILTER (WHERE "
          "unit_cost * quantity IS NOT NULL), 0)", "share", ("amount", "unit_cost", "quantity")),
)

PRODUCTS = (
    Entry("products_distinct", "Different products", "How many different products they bought.",
          "behavioural", "integer", "purchases", "count(DISTINCT product_id)", "products",
          ("product_id",), otherwise=0),
    Entry("items_total", "Items, all time", "Items bought of all time.", "behavioural", "number",
          "purchases", "coalesce(sum(quantity), 0)", "items", ("quantity",), otherwise=0),
    Entry("category_switching_share", "Category switching",
          "Share of orders whose dearest line is of another category than in the order " "before.",
          "behavioural", "number", "category_switches",
          "count(*) FILTER (WHERE value <> former) / count(*)", "share"),
    Entry("brand_switching_share", "Brand switching",
          "Share of orders whose dearest line is of another brand than in the order before.",
          "behavioural", "number", "brand_switches",
          "count(*) FILTER (WHERE value <> former) / count(*)", "share"),
    Entry("interests", "Interests", "The up to three categories they bought or looked at most.",
          "psychographic", "list", "interests",
          "list_transform(min(struct_pack(n := -n, value := value), 3), lambda met: met.value)"),
    Entry("returns_total", "Returns, all time", "Returns of all time.", "behavioural", "integer",
          "returns", "count(*)", "returns", otherwise=0),
    Entry("returns_365d", "Returns, 365 days", "Returns in the last 365 days.", "behavioural",
          "integer", "returns", f"count(*) FILTER (WHERE {within(365)})", "returns", otherwise=0),
    Entry("refunds_total", "Refunds, all time", "Amount of what they returned.", "behavioural",
          "number", "returns", "coalesce(round(sum(abs(amount)), 4), 0)", "money", ("amount",),
          otherwise=0),
    Entry("return_share", "Return share", "Refunds as a share of spend before returns, 1 at most.",
          "behavioural", "number", "profiles",
          "CASE WHEN gross_spend_total > 0 THEN least(refunds_total / gross_spend_total, 1) END",
          "share", ("refunds_total", "gross_spend_total")),
    Entry("coupons_redeemed_total", "Coupons, all time", "Coupons redeemed of all time.",
          "behavioural", "integer", "coupons", "count(*)", "coupons", otherwise=0),
    Entry("coupons_redeemed_365d", "Coupons, 365 days", "Coupons redeemed in the last 365 days.",
          "behavioural", "integer", "coupons", f"count(*) FILTER (WHERE {within(365)})", "coupons",
          otherwise=0),
)


FIRST = ("struct_extract(min(struct_pack(n := -n, amount := -amount, value := value)) "
         "FILTER (WHERE dimension = '{}'), 'value')")
"""The value with most rows, then the greatest amount, then the first by name."""


def _favourite(rows: str, dimension: str, noun: str, of: str) -> tuple[Entry, Entry]:
    own = f"FILTER (WHERE dimension = '{dimension}')"
    return (
        Entry(f"favourite_{dimension}", f"Favourite {noun}", f"The {noun} of most of their {of}.",
              "behavioural", "text", rows, FIRST.format(dimension), needs=(dimension,)),
        Entry(f"favourite_{dimension}_share", f"Share of favourite {noun}",
              f"Share of their {of} in the favourite {noun}.", "behavioural", "number", rows,
              f"max(n) {own} / sum(n) {own}", "share", (dimension,)))


def _different(rows: str, plural: str, dimension: str, meaning: str) -> Entry:
    return Entry(f"{plural}_distinct", f"Different {plural}", meaning, "behavioural", "integer",
                 rows, f"count(*) FILTER (WHERE dimension = '{dimension}')", plural, (dimension,),
                 otherwise=0)


FAVOURITES = (
    *_favourite("purchase_favourites", "category", "category", "purchases"),
    *_favourite("purchase_favourites", "brand", "brand", "purchases"),
    *_favourite("order_favourites", "channel", "channel", "orders"),
    *_favourite("order_favourites", "store", "branch", "orders"),
    *_favourite("order_favourites", "daypart", "time of day", "orders"),
    *_favourite("order_favourites", "weekday", "weekday", "orders"),
    *_favourite("order_favourites", "season", "season", "orders"),
    _different("purchase_favourites", "categories", "category",
               "How many categories they bought from."),
    _different("purchase_favourites", "brands", "brand", "How many brands they bought."),
    _different("order_favourites", "channels", "channel", "How many channels they order through."),
)
