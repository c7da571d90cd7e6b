"""What the contract of a table says, and the columns that several tables have."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """The contract of one table, or of a family of tables."""

    writer: str
    meaning: str
    columns: Mapping[str, str]
    open: bool = False
    identifying: bool = False
    family: bool = False
    joined_by: tuple[str, ...] = ()  # stages that add rows about what they make themselves


def columns(text: str) -> Mapping[str, str]:
    """Names and types, as `customer BIGINT, at TIMESTAMP`."""
    return dict(each.split(" ", 1) for each in text.split(", "))


DOING = "event_key UBIGINT, at TIMESTAMP, local_date DATE, local_hour TINYINT, loaded_at TIMESTAMP"
"""What is known of any event."""
TERMS = (
    "contract_id VARCHAR, plan VARCHAR, amount DOUBLE, currency VARCHAR, interval VARCHAR, "
    "seats BIGINT, status VARCHAR, started_at TIMESTAMP, ended_at TIMESTAMP, "
    "trial_ends_at TIMESTAMP, renews_at TIMESTAMP, paused_at TIMESTAMP, cancelled_at TIMESTAMP"
)
"""What is known of any contract."""
