"""Channels: what carries messages, chosen by name, in four methods: check, render, send, close.

They see neither builds nor the ledger: a person comes in as an address and a message, an outcome
goes out.
"""

from pathlib import Path

from carpel.channels.base import Carrier, Outcome, Person, Ready
from carpel.specs import Channel, Smtp

__all__ = ["Carrier", "Outcome", "Person", "Ready", "carrier"]


def carrier(spec: Channel, *, campaign: str, password: str | None, to: Path) -> Carrier:
    """What carries a campaign's messages by this channel; `to` is the folder for files."""
    if isinstance(spec, Smtp):
        from carpel.channels.smtp import SmtpCarrier

        return SmtpCarrier(spec, campaign, password)
    from carpel.channels.your_sender import YourSenderCarrier

    return YourSenderCarrier(spec, campaign, to)
