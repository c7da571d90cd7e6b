"""Reading back what could not be delivered, and who complained."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from carpel.campaigns.returning import Reader
from carpel.channels.mailboxes import fetch, read_files
from carpel.errors import CarpelError, NotFound
from carpel.reading.secrets import revealed
from carpel.specs import Bounces, Smtp
from carpel.verbs.session import Session


@dataclass(frozen=True)
class Returns:
    """What was read: reports by what they say, and messages left alone, by the reason."""

    undeliverable: int
    """Their addresses are on the do-not-contact list."""
    blocked: int
    """The message was refused for good, not the address."""
    soft: int
    complaints: int
    delivered: int
    delayed: int
    aside: Mapping[str, int]


def bounces(session: Session, place: Path | None = None, channel: str | None = None) -> Returns:
    """Read reports from files, from the mailbox of a channel, or from those of all channels.

    Each report counts once, however often it is read. Raises NotFound, SourceError, ChannelError.
    """
    store = session.store
    reader = Reader(store.ledger, store.key, session.clock, session.actor)
    if place is not None:
        read_files(place, reader.take)
    else:
        for spec in _mailboxes(session, channel):
            fetch(spec, revealed(str(spec.password), session.folder), reader.take)
    found = reader.kinds
    return Returns(
        undeliverable=found["undeliverable"],
        blocked=found["blocked"],
        soft=found["soft"],
        complaints=found["complaint"],
        delivered=found["delivered"],
        delayed=found["delayed"],
        aside=dict(reader.aside),
    )


def _mailboxes(session: Session, channel: str | None) -> list[Bounces]:
    channels = session.definitions.channels
    if channel is not None and channel not in channels:
        raise NotFound("channel", channel, channels)
    asked = [each for name, each in channels.items() if channel in (None, name)]
    found = [each.bounces for each in asked if isinstance(each, Smtp) and each.bounces]
    read = [each for each in found if each.fetch]
    if not read:
        raise CarpelError(
            "No channel says where bounces are fetched from.",
            action="Say `fetch: imap` under `bounces` in the channel's file, or name files: --from",
        )
    return read
