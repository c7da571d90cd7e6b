"""What people said of themselves on pages: by hashes of addresses, only ever added to."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from carpel.store.ledger import Ledger

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True)
class Answer:
    """One answer to one question; an empty `value` takes a former one back."""

    address: str
    page: str
    field: str
    value: str
    at: datetime
    campaign: str


def answers(ledger: Ledger, *addresses: str) -> list[Answer]:
    """All answers of these addresses, or of everybody, oldest first."""
    from sqlalchemy import select

    from carpel.store.schema import answers as a

    asked = select(a).order_by(a.c.id)
    rows = ledger.rows(asked.where(a.c.address.in_(addresses)) if addresses else asked)
    return [Answer(*(getattr(row, name) for name in Answer.__match_args__)) for row in rows]


def latest(said: Collection[Answer]) -> dict[tuple[str, str, str], Answer]:
    """The last answer by address, page and field."""
    return {(each.address, each.page, each.field): each for each in said}


def keep(ledger: Ledger, given: Sequence[Answer]) -> int:
    """Add answers that differ from the last ones; gives how many did."""
    from sqlalchemy import insert, select

    from carpel.store.schema import answers as a

    whose = a.c.address.in_({each.address for each in given})
    with ledger.write() as connection:
        held = connection.execute(select(a).where(whose).order_by(a.c.id)).all()
        was = {(row.address, row.page, row.field): row.value for row in held}
        told = [(each, was.get((each.address, each.page, each.field), "")) for each in given]
        fresh = [asdict(each) for each, before in told if each.value != before]
        if fresh:
            connection.execute(insert(a), fresh)
    return len(fresh)


def forget(connection: "Connection", addresses: Collection[str]) -> None:
    """Leave nothing that erased people said of themselves."""
    from sqlalchemy import delete

    from carpel.store.schema import answers as a

    connection.execute(delete(a).where(a.c.address.in_(list(addresses))))
