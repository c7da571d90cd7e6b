"""What people decided about records: one person after all, or never one person."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from carpel.store.ledger import Ledger


@dataclass(frozen=True)
class Decision:
    """What a person said about records: those of `left` and of `right` are one, or never are.

    Where they were one and are taken apart, `right` leaves: the key of `left` stays.
    """

    kind: Literal["together", "apart"]
    left: tuple[int, ...]
    right: tuple[int, ...]

    def refs(self) -> frozenset[int]:
        """All records it speaks of."""
        return frozenset(self.left + self.right)


def decide(ledger: Ledger, decision: Decision, *, at: datetime, actor: str = "local") -> None:
    """Note a decision; it holds in every later build until another one says otherwise."""
    from sqlalchemy import insert

    from carpel.store import schema

    sides = json.dumps([list(map(int, side)) for side in (decision.left, decision.right)])
    row = {"at": at, "actor": actor, "kind": decision.kind, "refs": sides}
    with ledger.write() as connection:
        connection.execute(insert(schema.decisions).values(row))


def decisions(ledger: Ledger) -> tuple[Decision, ...]:
    """All decisions, oldest first."""
    from sqlalchemy import select

    from carpel.store import schema

    rows = ledger.rows(select(schema.decisions).order_by(schema.decisions.c.id))
    return tuple(Decision(row.kind, *map(tuple, json.loads(row.refs))) for row in rows)
