"""`carpel erase`: forget one person."""

from contextlib import closing

from carpel.store import erasure
from carpel.store.erasure import Erasure
from carpel.verbs.session import Session


def erase(session: Session, customer: int) -> Erasure:
    """Erase a person from every build, the ledger and what Carpel keeps beside them."""
    with closing(session.engine()) as engine:
        return erasure.erase(session.store, engine, customer, actor=session.actor)
