"""What a contract is at a moment, from its row."""

from typing import Any

from .clock import DAY, Clock

Row = dict[str, Any]
OVER = {"ended", "cancelled", "canceled", "expired", "churned", "terminated", "inactive", "closed"}
OVER |= {"refunded", "incomplete_expired"}
TRIAL = {"trial", "trialing", "trialling", "in_trial"}
PAUSED = {"paused", "frozen", "suspended", "on_hold"}
DUE = {"past_due", "overdue", "unpaid", "in_arrears", "payment_failed", "delinquent"}
MONTHS = {"month": 1, "quarter": 3, "half": 6, "semi": 6, "year": 12, "annual": 12}


def begun(row: Row, clock: Clock) -> bool:
    return row["started_at"] is None or row["started_at"] <= clock.moment


def active(row: Row, clock: Clock) -> bool:
    over = _over(row)
    return over > clock.moment if over else _status(row) not in OVER


def terms(row: Row, clock: Clock) -> Row:
    """What a rule may ask of it."""
    lasts = _lasts(row)
    trial, paused = row["trial_ends_at"], row["paused_at"]
    return {
        **{word: row[word] for word in ("plan", "amount", "currency", "interval", "seats")},
        "status": row["status"],
        "price": row["amount"],
        "started": row["started_at"],
        "ended": _over(row),
        "cancelled": row["cancelled_at"],
        "trial_ends": trial,
        "renews": row["renews_at"],
        "renewed": _renewed(row, clock),
        "on_trial": trial > clock.moment if trial else _status(row) in TRIAL,
        "paused": (paused is not None and paused <= clock.moment) or _status(row) in PAUSED,
        "past_due": _status(row) in DUE,
        "monthly_price": row["amount"] / lasts if row["amount"] is not None and lasts else None,
    }


def _status(row: Row) -> str:
    return (row["status"] or "").strip().lower().replace(" ", "_").replace("-", "_")


def _over(row: Row) -> Any:
    """When it ended or ends: cancelled, it runs to its next renewal."""
    if row["ended_at"] or not row["cancelled_at"]:
        return row["ended_at"]
    return max(row["cancelled_at"], row["renews_at"] or row["cancelled_at"])


def _lasts(row: Row) -> float | None:
    """Months of one interval."""
    word = (row["interval"] or "").strip().lower()
    if word.startswith("da"):
        return 12 / 365.25
    if word.startswith("week"):
        return 7 * 12 / 365.25
    return next((months for begin, months in MONTHS.items() if word.startswith(begin)), None)


def _renewed(row: Row, clock: Clock) -> Any:
    """An interval before it renews next, at the same time of day, when it had begun by then."""
    lasts, renews = _lasts(row), row["renews_at"]
    if not lasts or not renews or not row["started_at"]:
        return None
    if lasts >= 1:
        at = clock.by_months(renews, -int(lasts))
    else:
        at = clock.instant(clock.local(renews) - (7 if lasts > 0.1 else 1) * DAY)
    return at if at > row["started_at"] else None
