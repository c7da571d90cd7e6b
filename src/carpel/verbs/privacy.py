"""`carpel erase`: forget one person."""

from collections.abc import Collection, Iterator
from contextlib import ExitStack, closing, contextmanager

from carpel.engine import postgres_keeping
from carpel.errors import EngineError
from carpel.store import erasure
from carpel.store.erasure import Erasure
from carpel.verbs.session import Session


def erase(session: Session, customer: int) -> Erasure:
    """Erase a person from every build, the ledger and what Carpel keeps beside them.

    Where the engine is PostgreSQL, from its tables too: when it cannot be reached nobody is
    erased, and the EngineError says so.
    """

    def elsewhere(customers: Collection[int], files: Collection[str]) -> None:
        if database is not None:
            with _nobody_erased():
                postgres_keeping.erase(database, customers, files)

    with ExitStack() as opened:
        with _nobody_erased():
            database = session.database()
        if database is not None:
            opened.callback(database.close)
        engine = opened.enter_context(closing(session.engine()))
        return erasure.erase(
            session.store, engine, customer, actor=session.actor, elsewhere=elsewhere
        )


@contextmanager
def _nobody_erased() -> Iterator[None]:
    """Say of an error what it means: nothing was done."""
    try:
        yield
    except EngineError as error:
        raise EngineError(
            f"Nobody was erased: PostgreSQL, where builds were copied to, did not do its part. "
            f"{error.message}",
            place=error.place,
            action=f"Erase again when it can be reached. {error.action}".strip(),
        ) from error
