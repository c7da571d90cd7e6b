"""What people hold: plans, trials, renewals; and the company or household they belong to."""

from carpel.stages.profiles.entries_orders import DAY, days_since
from carpel.stages.profiles.entry import Entry

# One paragraph a trait reads better than one line an argument.
# fmt: off


def _days_until(anchor: str) -> str:
    return f"(epoch({anchor}) - epoch(:as_of)) / {DAY}"


CONTRACTS = (
    Entry("contracts_active", "Active plans", "Plans that are running.", "value", "integer",
          "contracts", "count(*) FILTER (WHERE active)", "plans", otherwise=0),
    Entry("subscribed", "Has a plan", "Has a running plan.", "value", "boolean", "profiles",
          "contracts_active > 0", needs=("contracts_active",)),
    Entry("plan", "Plan", "The running plan that began last.", "value", "text",
          "contracts", "struct_extract(max(struct_pack(began := started_at, plan := plan)) FILTER "
          "(WHERE active AND plan IS NOT NULL), 'plan')"),
    Entry("recurring_revenue_monthly", "Monthly recurring revenue",
          "What running plans bring in a month; trials and pauses bring nothing.", "value",
          "number", "contracts",
          "CASE WHEN count(*) FILTER (WHERE earning) = 0 THEN 0 ELSE round(sum(monthly) "
          "FILTER (WHERE earning), 4) END", "money per month", ("amount", "interval"), otherwise=0),
    Entry("contract_started_at", "First plan began", "When their first plan began.", "value",
          "instant", "contracts", "min(started_at)"),
    Entry("contract_ended_at", "Last plan ended",
          "When the last of their plans ended; unknown while one is running.", "value",
          "instant", "contracts",
          "CASE WHEN count(*) FILTER (WHERE active) = 0 THEN max(over_at) END"),
    Entry("trial_ends_at", "Trial ends", "When the trial of the running plan ends.", "value",
          "instant", "contracts", "max(trial_ends_at) FILTER (WHERE active AND in_trial)",
          needs=("trial_ends_at",)),
    Entry("trial_days_left", "Trial days left", "Days until the trial ends.", "value", "number",
          "profiles", _days_until("trial_ends_at"), "days", ("trial_ends_at",)),
    Entry("renews_at", "Renewal", "When a running plan next renews.", "value", "instant",
          "contracts", "min(renews_at) FILTER (WHERE active AND renews_at > :as_of)",
          needs=("renews_at",)),
    Entry("days_to_renewal", "Days to renewal", "Days until the next renewal.", "value", "number",
          "profiles", _days_until("renews_at"), "days", ("renews_at",)),
    Entry("past_due", "Is past due", "A running plan is not paid.", "value", "boolean",
          "contracts", "coalesce(bool_or(past_due) FILTER (WHERE active), false)",
          needs=("status",), otherwise=0),
    Entry("contract_paused", "Has a paused plan", "A running plan is paused.", "value", "boolean",
          "contracts", "coalesce(bool_or(paused) FILTER (WHERE active), false)", otherwise=0),
    Entry("cancelled_at", "Cancelled", "When they last cancelled.", "value", "instant", "contracts",
          "max(cancelled_at) FILTER (WHERE cancelled_at <= :as_of)", needs=("cancelled_at",)),
    Entry("seats", "Seats", "Seats in running plans.", "value", "integer", "contracts",
          "sum(seats) FILTER (WHERE active)", "seats", ("seats",)),
)

ACCOUNTS = (
    Entry("account_people", "People in the company", "People in their company or household.",
          "demographic", "integer", "accounts", "max(people)", "people"),
    Entry("account_spend_365d", "Company's spend, 365 days",
          "Spend in the last 365 days of everybody in their company or household.", "value",
          "number", "accounts", "max(spend_365d)", "money", ("spend_365d",)),
)

SINCE = (
    Entry("customer_since", "Buying since", "Their first order or plan.", "behavioural",
          "instant", "since", "min(at)"),
    Entry("known_days", "Days known", "Days since we first knew of them.", "behavioural", "number",
          "profiles", days_since("known_since"), "days", ("known_since",)),
    Entry("known_since", "Known since",
          "The first that any data source tells of them: the day they signed up, or what they did.",
          "behavioural", "instant", "customers", "min(known_since)"),
)
