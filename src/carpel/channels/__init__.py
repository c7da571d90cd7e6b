"""Channels: what carries messages, chosen by name, in four methods: check, render, send, close.

They see neither builds nor the ledger: a person comes in as an address and a message, an outcome
goes out.
"""

from collections.abc import Callable
from pathlib import Path

from carpel.channels.base import Carrier, Outcome, Person, Ready
from carpel.specs import AudienceExport, Channel, Plugin, Smtp, Task, Webhook

__all__ = ["Carrier", "Outcome", "Person", "Ready", "carrier"]


def carrier(spec: Channel, *, campaign: str, reveal: Callable[[str], str], to: Path) -> Carrier:
    """What carries a campaign's messages by this channel.

    `reveal` gives the secret that a `${NAME}` stands for; `to` is the folder for files.
    """
    if isinstance(spec, Smtp):
        from carpel.channels.signing import signer
        from carpel.channels.smtp import SmtpCarrier

        password = reveal(spec.password) if spec.password else None
        sign = signer(spec, reveal(spec.dkim.key)) if spec.dkim else None
        return SmtpCarrier(spec, campaign, password, sign)
    if isinstance(spec, Webhook):
        from carpel.channels.webhook import WebhookCarrier

        return WebhookCarrier(spec, campaign, reveal(spec.secret))
    if isinstance(spec, Plugin):
        from carpel.channels.plugins import plugged

        return plugged(spec, campaign, reveal, to)
    if isinstance(spec, AudienceExport):
        from carpel.channels.ads import AudienceExportCarrier

        return AudienceExportCarrier(spec, campaign, to)
    if isinstance(spec, Task):
        from carpel.channels.task import TaskCarrier

        return TaskCarrier(spec, campaign, to, reveal(spec.hook.secret) if spec.hook else "")
    from carpel.channels.your_sender import YourSenderCarrier

    return YourSenderCarrier(spec, campaign, to)
