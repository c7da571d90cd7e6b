"""What people do beside buying: visits, carts, features, e-mails, tickets, answers."""

from carpel.stages.profiles.entries_orders import FIRST, days_since, within
from carpel.stages.profiles.entry import Entry

# One paragraph a trait reads better than one line an argument.
# fmt: off


def _count(name: str, days: int | None, label: str, meaning: str, rows: str, unit: str) -> Entry:
    if days is None:
        return Entry(f"{name}_total", f"{label}, all time", f"{meaning} of all time.",
                     "behavioural", "integer", rows, "count(*)", unit, otherwise=0)
    return Entry(f"{name}_{days}d", f"{label}, {days} days", f"{meaning} in the last {days} days.",
                 "behavioural", "integer", rows, f"count(*) FILTER (WHERE {within(days)})", unit,
                 otherwise=0)


WEB = (
    _count("visits", None, "Visits", "Visits to the site or app", "sessions", "visits"),
    _count("visits", 30, "Visits", "Visits to the site or app", "sessions", "visits"),
    _count("visits", 90, "Visits", "Visits to the site or app", "sessions", "visits"),
    Entry("last_visit_at", "Last visit", "When their last visit to the site or app began.",
          "behavioural", "instant", "sessions", "max(at)"),
    Entry("visit_recency_days", "Days since last visit",
          "Days since the last visit to the site or app began.", "behavioural", "number",
          "profiles", days_since("last_visit_at"), "days", ("last_visit_at",)),
    Entry("pages_total", "Pages, all time", "Pages viewed of all time.", "behavioural", "integer",
          "sessions", "sum(pages)", "pages", otherwise=0),
    Entry("pages_30d", "Pages, 30 days", "Pages viewed in visits of the last 30 days.",
          "behavioural", "integer", "sessions",
          f"coalesce(sum(pages) FILTER (WHERE {within(30)}), 0)", "pages", otherwise=0),
    Entry("pages_per_visit", "Pages per visit", "Average number of pages in a visit.",
          "behavioural", "number", "sessions", "avg(pages)", "pages"),
    Entry("minutes_per_visit", "Minutes per visit",
          "Average minutes from the first to the last page of a visit.", "behavioural", "number",
          "sessions", "avg(seconds) / 60", "minutes"),
    Entry("bounce_share", "Bounce rate", "Share of visits with a single page.", "behavioural",
          "number", "sessions", "count(*) FILTER (WHERE pages = 1) / count(*)", "share"),
    _count("carts", None, "Carts", "Carts filled", "carts", "carts"),
    Entry("last_cart_at", "Last cart", "When they last put something in a cart.", "behavioural",
          "instant", "carts", "max(at)"),
    Entry("carts_abandoned_30d", "Abandoned carts, 30 days",
          "Carts of the last 30 days without an order within a day.", "behavioural", "integer",
          "carts", f"count(*) FILTER (WHERE abandoned AND {within(30)})", "carts", otherwise=0),
    Entry("cart_abandonment_share", "Abandoned carts",
          "Share of carts without an order within a day, of those at least a day old.",
          "behavioural", "number", "carts",
          "count(*) FILTER (WHERE abandoned) / nullif(count(abandoned), 0)", "share"),
)

ENGAGEMENT = (
    Entry("first_active_at", "First seen active", "When they first did anything.", "behavioural",
          "instant", "activity", "min(first_at)"),
    Entry("last_active_at", "Last active", "When they last did anything.", "behavioural", "instant",
          "activity", "max(last_at)"),
    Entry("inactive_days", "Days inactive", "Days since they last did anything.", "behavioural",
          "number", "profiles", days_since("last_active_at"), "days", ("last_active_at",)),
    Entry("active_days_28d", "Active days of 28", "Days of the last 28 on which they did anything.",
          "behavioural", "integer", "activity", "bit_count(bit_or(days))", "days", otherwise=0),
    _count("check_ins", None, "Check-ins", "Check-ins", "check_ins", "check-ins"),
    _count("check_ins", 30, "Check-ins", "Check-ins", "check_ins", "check-ins"),
    _count("check_ins", 90, "Check-ins", "Check-ins", "check_ins", "check-ins"),
    Entry("last_check_in_at", "Last check-in", "When they last checked in.", "behavioural",
          "instant", "check_ins", "max(at)"),
    Entry("check_in_recency_days", "Days since last check-in", "Days since the last check-in.",
          "behavioural", "number", "profiles", days_since("last_check_in_at"), "days",
          ("last_check_in_at",)),
    _count("feature_uses", 30, "Feature uses", "Uses of features", "features", "uses"),
    Entry("features_distinct_90d", "Different features",
          "How many features they used in the last 90 days.", "behavioural", "integer", "features",
          f"count(DISTINCT feature) FILTER (WHERE {within(90)})", "features", ("feature",),
          otherwise=0),
    Entry("favourite_feature", "Favourite feature", "The feature they use most.", "behavioural",
          "text", "feature_favourites",
          FIRST.format("feature"), needs=("feature",)),
    Entry("last_feature_at", "Last feature use", "When they last used a feature.", "behavioural",
          "instant", "features", "max(at)"),
    _count("emails_sent", 90, "E-mails sent", "E-mails sent to them", "emails_sent", "e-mails"),
    _count("emails_opened", 90, "E-mails opened", "E-mails they opened, each once", "emails_opened",
           "e-mails"),
    _count("emails_clicked", 90, "E-mails clicked", "E-mails they clicked in, each once",
           "emails_clicked", "e-mails"),
    Entry("last_email_opened_at", "Last e-mail opened", "When they last opened an e-mail.",
          "behavioural", "instant", "emails_opened", "max(last_at)"),
    Entry("email_open_rate_90d", "E-mail open rate",
          "Share of the e-mails of the last 90 days that they opened.", "behavioural", "number",
          "profiles", "CASE WHEN emails_sent_90d > 0 THEN least(1.0, emails_opened_90d / "
          "emails_sent_90d) END", "share", ("emails_opened_90d", "emails_sent_90d")),
    Entry("email_click_rate_90d", "E-mail click rate",
          "Share of the e-mails of the last 90 days that they clicked in.", "behavioural", "number",
          "profiles", "CASE WHEN emails_sent_90d > 0 THEN least(1.0, emails_clicked_90d / "
          "emails_sent_90d) END", "share", ("emails_clicked_90d", "emails_sent_90d")),
    _count("social_interactions", None, "Social interactions", "Likes, shares and comments",
           "social", "interactions"),
    _count("social_interactions", 90, "Social interactions", "Likes, shares and comments", "social",
           "interactions"),
    _count("referrals", None, "Referrals", "People they referred", "referrals", "referrals"),
    _count("referrals", 365, "Referrals", "People they referred", "referrals", "referrals"),
    _count("tickets", None, "Tickets", "Support tickets opened", "tickets", "tickets"),
    _count("tickets", 90, "Tickets", "Support tickets opened", "tickets", "tickets"),
    Entry("resolution_hours", "Hours to resolve",
          "Average hours until their tickets were resolved.", "behavioural", "number", "tickets",
          "avg(resolution_hours)", "hours", ("resolution_hours",)),
    Entry("tickets_open", "Open tickets", "Tickets not resolved yet.", "behavioural", "integer",
          "tickets", "count(*) FILTER (WHERE resolution_hours IS NULL)", "tickets",
          ("resolution_hours",), otherwise=0),
    Entry("nps_score", "Would recommend",
          "Their latest answer, 0 to 10, whether they would recommend us.", "psychographic",
          "integer", "answers",
          "struct_extract(max(struct_pack(at := at, score := nps)) FILTER (WHERE nps "
          "BETWEEN 0 AND 10), 'score')", "points", ("nps",)),
    Entry("nps_group", "Promoter or detractor", "Promoter from 9, detractor up to 6, else passive.",
          "psychographic", "text", "profiles",
          "CASE WHEN nps_score >= 9 THEN 'promoter' WHEN nps_score >= 7 THEN 'passive' "
          "WHEN nps_score >= 0 THEN 'detractor' END", needs=("nps_score",)),
    Entry("satisfaction_score", "Satisfaction",
          "Their latest satisfaction score, as the survey counts.", "psychographic", "number",
          "answers",
          "struct_extract(max(struct_pack(at := at, score := satisfaction)) FILTER (WHERE "
          "satisfaction IS NOT NULL), 'score')", "points", ("satisfaction",)),
    Entry("satisfaction_average", "Average satisfaction", "Average of their satisfaction scores.",
          "psychographic", "number", "answers", "avg(satisfaction)", "points", ("satisfaction",)),
)
