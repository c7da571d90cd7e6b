"""From a person's row to what they read: which message it is, and its words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pyroaring import BitMap

from carpel.campaigns.desk import Desk
from carpel.campaigns.marks import mark
from carpel.campaigns.own_links import sites, tags
from carpel.campaigns.recipients import FITTING, SENT_TO, recipients
from carpel.campaigns.recommending import recommend
from carpel.campaigns.tokens import Way, token
from carpel.channels import Person
from carpel.messages import Compiled, Rendered, compiled
from carpel.messages.links import is_personal, told_apart
from carpel.specs import Campaign, Channel, Message, Speaking
from carpel.specs.campaign_parts import Instead, Variant
from carpel.specs.message import COUPON, GIVEN, VERSION
from carpel.store.addresses import address_hash
from carpel.store.deliveries import Route
from carpel.store.links import code_of

NOWHERE = "https://pages.invalid"
"""Where pages are in previews of a project that has no `public_url` yet."""
SAMPLE = "SAMPLE-CODE"
"""Stands for a coupon's code in previews and tests, where nobody is given one."""
LANGUAGE = "language"
"""The trait that says what somebody reads."""


@dataclass
class Composer:
    """Writes the messages of a campaign's step; `fields` are wanted by the channel besides."""

    desk: Desk
    campaign: Campaign
    fields: frozenset[str] = frozenset()
    step: int = 0
    targets: dict[str, str] = field(default_factory=dict)
    """By code where links of the messages made so far lead."""
    _messages: dict[str, Compiled] = field(default_factory=dict)

    @cached_property
    def needs(self) -> frozenset[str]:
        """All that has to be known of each person."""
        asked = {name for each in self.campaign.messages for name in self.message(each).needs}
        by_language = any(i.language for v in self.campaign.arms for i in v.instead)
        extra = {LANGUAGE} if by_language else set()
        personal = {FITTING} if self.campaign.recommend else set()
        return frozenset((asked | extra | self.fields) - set(GIVEN) | personal)

    def recipients(self, people: BitMap) -> Iterator[dict[str, Any]]:
        """A row a person by ascending key, with all that is needed."""
        if self.campaign.recommend:
            segment = self.desk.segment(self.campaign.audience)
            recommend(self.desk, self.campaign.recommend, people, segment)
        medium = self.desk.channel(self.campaign).medium
        return recipients(self.desk, people, medium, self.needs)

    def person(self, row: Mapping[str, Any], arm: str, occasion: str = "") -> Person:
        """Somebody to be contacted, with the message; raises TemplateError if it cannot be made."""
        address, key, at = str(row[SENT_TO]), self.key(row), self.desk.clock()
        wanted = {name: row.get(name) for name in self.fields}
        channel = self._channel
        if not isinstance(channel, Speaking):
            return Person(key, address, arm, at, values=wanted)
        campaign = self.campaign
        signed = token(self.desk.key, Way(key, channel.medium, campaign.name, campaign.purpose))
        way_out = (channel.unsubscribe_url or "").replace("{token}", signed)
        written = self.campaign.messages
        message = self.rendered(row, arm, way_out, signed) if written else None
        route = Route(self.campaign.name, self.campaign.channel, channel.medium, self.step)
        known = mark(self.desk.key, route, key, occasion)
        return Person(key, address, arm, at, message, way_out, signed, known, wanted)

    def key(self, row: Mapping[str, Any]) -> str:
        """The hash of somebody's address."""
        return address_hash(self.desk.key, str(row[SENT_TO]))

    def rendered(
        self, row: Mapping[str, Any], arm: str, way_out: str = "", signed: str = "preview"
    ) -> Rendered:
        """The message for somebody; raises TemplateError where it cannot be made.

        Links to pages of ours end with who it is, `signed`.
        """
        pages = {name: f"{url}/{signed}" for name, url in self._pages.items()}
        return self.message(self.chosen(row, arm)).render(
            {
                COUPON: SAMPLE,
                **row,
                **self._given,
                VERSION: arm,
                "unsubscribe_url": way_out,
                "pages": pages,
                "followed_url": f"{self._ours}/l/{signed}",
            }
        )

    def chosen(self, row: Mapping[str, Any], arm: str) -> str:
        """Which message somebody gets: the first `instead` that fits, else the variant's own."""
        variant = self._variants[arm]
        fits = (each.message for each in variant.instead if self._fits(each, row))
        return next(fits, str(self.campaign.message_of(variant, self.step)))

    def message(self, name: str) -> Compiled:
        """A message, made ready the first time it is asked for."""
        if name not in self._messages:
            led = self._led if self.campaign.links == "tracked" else self._marked
            self._messages[name] = ready(self.desk.definitions.messages[name], led)
        return self._messages[name]

    def _fits(self, instead: Instead, row: Mapping[str, Any]) -> bool:
        if instead.segment and row["customer"] not in self._members[instead.segment]:
            return False
        said = str(row.get(LANGUAGE) or "").lower()[:2]
        return instead.language is None or instead.language == said

    @cached_property
    def _channel(self) -> Channel:
        return self.desk.channel(self.campaign)

    @cached_property
    def _pages(self) -> Mapping[str, str]:
        return {name: f"{self._ours}/p/{name}" for name in self.desk.definitions.pages}

    @property
    def _ours(self) -> str:
        return self.desk.definitions.project.public_url or NOWHERE

    def _led(self, url: str) -> str:
        """The link by which an address is reached, noted among `targets`."""
        if is_personal(url):
            return url
        code = code_of(self.desk.key, url)
        self.targets[code] = url
        return f"{{{{ followed_url }}}}/{code}"

    def _marked(self, url: str) -> str:
        """The link itself, which says whose it is where it leads to a site of one's own."""
        if url.startswith(f"{self._ours}/"):
            return url
        return told_apart(url, tags(self.campaign, self._channel), self._sites)

    @cached_property
    def _sites(self) -> tuple[str, ...]:
        return sites(self.desk.definitions, self.campaign)

    @cached_property
    def _variants(self) -> Mapping[str, Variant]:
        return {each.name: each for each in self.campaign.arms}

    @cached_property
    def _members(self) -> Mapping[str, BitMap]:
        asked = (i.segment for each in self.campaign.arms for i in each.instead if i.segment)
        return {name: self.desk.segment(name) for name in asked}

    @cached_property
    def _given(self) -> dict[str, Any]:
        """What is the same for everybody: a value for each name that is `GIVEN`."""
        channel, campaign = self.desk.channel(self.campaign), self.campaign
        definitions = self.desk.definitions
        personas = {each.of: each.called for each in definitions.personas.values()}
        return {
            "campaign": campaign.label or campaign.name,
            "offer": campaign.offer,
            "offer_until": campaign.offer_until.isoformat() if campaign.offer_until else "",
            "persona": personas.get(campaign.audience, ""),
            "postal_address": channel.postal_address if isinstance(channel, Speaking) else "",
            "project": definitions.project.label or definitions.project.name,
            "segment": self.desk.label(campaign.audience),
            "followed_url": "",
            "pages": {},
            "unsubscribe_url": "",
        }


def ready(message: Message, led: Callable[[str], str] | None = None) -> Compiled:
    """A message of the project made ready; names that are the same for everybody may be empty."""
    return compiled(
        message.subject,
        markdown=message.markdown,
        mjml=message.mjml,
        preheader=message.preheader,
        unsubscribe=message.unsubscribe_text,
        fallbacks={**dict.fromkeys(GIVEN, ""), **message.fallbacks},
        led=led,
    )
