"""What became of every row that was read: one reckoning for whoever tells of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from carpel.engine.base import Engine
from carpel.engine.query import query

FATES = ("loaded", "merged", "set aside")


@dataclass(frozen=True)
class Reason:
    """Why rows were set aside: their number, and their money where rows carry amounts."""

    reason: str
    rows: int
    amount: float | None


@dataclass(frozen=True)
class Account:
    """The rows of one source by fate; together they are all that were read."""

    source: str
    rows: Mapping[str, int]
    amounts: Mapping[str, float] | None
    """Money by fate, where the rows carry amounts."""
    reasons: tuple[Reason, ...]
    """Why rows were set aside, most rows first."""

    @property
    def read(self) -> int:
        """Rows read."""
        return sum(self.rows.values())


def accounts(engine: Engine) -> list[Account]:
    """One account a source by name, one of which nothing was read as well."""
    told: dict[str, list[tuple[str, Reason]]] = {}
    for source, fate, reason, rows, amount in engine.rows(
        query("""
        SELECT source, fate, coalesce(reason, ''), CAST(sum("rows") AS BIGINT), sum(amount)
        FROM accounting GROUP BY ALL ORDER BY 1, 4 DESC, 3""")
    ):
        told.setdefault(source, []).append((fate, Reason(reason, rows, amount)))
    return [_account(source, fates) for source, fates in told.items()]


def _account(source: str, fates: list[tuple[str, Reason]]) -> Account:
    with_money = any(each.amount is not None for _, each in fates)
    return Account(
        source,
        {name: sum(each.rows for fate, each in fates if fate == name) for name in FATES},
        {name: sum(each.amount or 0.0 for fate, each in fates if fate == name) for name in FATES}
        if with_money
        else None,
        tuple(each for fate, each in fates if fate == "set aside" and each.rows),
    )
