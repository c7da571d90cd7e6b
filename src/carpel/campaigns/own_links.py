"""What links to sites of one's own say of a campaign, so that an analytics tool tells it apart."""

from collections.abc import Mapping
from urllib.parse import quote

from carpel.specs import Campaign, Channel, Definitions, Smtp
from carpel.specs.message import VERSION
from carpel.specs.senders import domain_of

TOLD = f"{{{{ {VERSION} }}}}"
"""What stands for the version until it is known who reads it."""


def sites(definitions: Definitions, campaign: Campaign) -> tuple[str, ...]:
    """Domains whose links a campaign marks: those of the project, else that of its sender.

    None where links are tracked, or the messages are no e-mail: in others each sign may cost.
    """
    channel = definitions.channels.get(campaign.channel)
    if campaign.links != "direct" or channel is None or channel.medium != "email":
        return ()
    if definitions.project.sites is not None:
        return definitions.project.sites
    return (domain_of(channel.sender),) if isinstance(channel, Smtp) else ()


def tags(campaign: Campaign, channel: Channel) -> Mapping[str, str]:
    """The parameters, in the words that analytics tools know; the version as a field."""
    return {
        "utm_source": quote(channel.name),
        "utm_medium": channel.medium,
        "utm_campaign": quote(campaign.name),
        "utm_content": TOLD,
    }
