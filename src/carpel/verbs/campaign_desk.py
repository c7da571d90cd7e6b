"""The desk of one session: the current build, the ledger and the clock, for work on campaigns."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from carpel.campaigns.desk import Desk
from carpel.channels import Carrier, carrier
from carpel.reading.secrets import revealed
from carpel.specs import Campaign
from carpel.store.sendings import recover
from carpel.verbs.reader import reading
from carpel.verbs.session import Session


@contextmanager
def desk(session: Session, *, sound: bool = False) -> Iterator[Desk]:
    """Open the current build; claims of sendings that died are uncertain from here on.

    Where everything has to be `sound`, raises ProjectError for a mistake in any definition.
    """
    definitions = session.definitions if sound else session.understood
    store = session.store
    recover(store.ledger, store.clock)
    with reading(session, definitions=definitions) as reader:
        yield Desk(
            definitions=reader.definitions,
            engine=reader.engine,
            catalogue=reader.evaluator.catalogue,
            sets=reader.sets,
            build=reader.build.build,
            as_of=reader.build.as_of,
            ledger=store.ledger,
            key=store.key,
            clock=session.clock,
            label=lambda name: reader.labels.get(name, name.replace("_", " ")),
        )


def carrier_of(session: Session, at: Desk, campaign: Campaign, to: Path) -> Carrier:
    """What carries a campaign's messages, with its secrets at hand."""
    return carrier(
        at.channel(campaign),
        campaign=campaign.name,
        reveal=lambda named: revealed(named, session.folder),
        to=to,
    )
