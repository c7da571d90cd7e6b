"""Whom campaigns contacted, by today's keys, and what these people did with the messages."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pyroaring import BitMap

from carpel.campaigns.coupons import redeemers
from carpel.campaigns.desk import Desk
from carpel.specs import Campaign, Speaking
from carpel.store import returns
from carpel.store.engagement import Engaged, engaged
from carpel.store.links import Click, clicks
from carpel.store.permissions import Word, words
from carpel.store.reached import Reached, reached


@dataclass(frozen=True)
class Touch:
    """A message that somebody got, or a link of one that they followed."""

    campaign: str
    customer: int
    at: datetime


@dataclass(frozen=True)
class Contacts:
    """Whom one campaign contacted; who was erased since is counted in `messages` alone, which has
    them by campaign: its regions, or itself."""

    first: Mapping[int, datetime]
    last: Mapping[int, datetime]
    did: Mapping[str, BitMap]
    """Who by what: sent, delivered, opened, clicked, unsubscribed, complained, given, redeemed."""
    known: frozenset[str]
    """Which of these can be known at all."""
    messages: Counter[str]
    of: Counter[int]
    """Messages by person."""


class Ledgers:
    """What the activity log says of all campaigns, read once."""

    def __init__(self, at: Desk) -> None:
        self._at = at
        self._reached = reached(at.ledger)
        self._clicks = [each for each in clicks(at.ledger) if not each.machine]
        self._engaged = [each for each in engaged(at.ledger) if not each.machine]
        self._words = [each for each in words(at.ledger) if not each.granted]
        self._complaints = returns.complained(at.ledger)
        self._whose: dict[str, int] = {
            each.address: at.key_today(each.customer)
            for each in self._reached
            if each.customer is not None and at.key_today(each.customer) in at.everybody
        }

    @property
    def campaigns(self) -> list[str]:
        """Those of which anything was handed over, the first that left first."""
        return list(dict.fromkeys(each.campaign for each in self._reached))

    def touches(self) -> list[Touch]:
        """Everything that may have led somebody to buy."""
        left = (each for each in self._reached if each.state != "failed")
        came = (each for each in self._engaged if each.kind == "clicked")
        said: Iterable[Reached | Click | Engaged] = (*left, *self._clicks, *came)
        found = [
            Touch(each.campaign, self._whose[each.address], each.at)
            for each in said
            if each.at is not None and each.address in self._whose
        ]
        return sorted(found, key=lambda each: each.at)

    def contacts(self, campaign: Campaign, names: Sequence[str]) -> Contacts:
        """Those of one campaign; `names` are its regions, or itself."""
        mine = [each for each in self._reached if each.campaign in names]
        sent = [(who, each) for each in mine if (who := self._whose.get(each.address)) is not None]
        arrived = (who for who, each in sent if each.state == "sent")
        first, last = dict[int, datetime](), dict[int, datetime]()
        for who, each in sent:
            first.setdefault(who, each.at)
            last[who] = each.at
        holders, redeemed = redeemers(self._at, campaign, names)
        did = {
            "sent": BitMap(first),
            "delivered": BitMap(arrived),
            "given": holders,
            "redeemed": redeemed & holders,
            **self._reactions(names),
        }
        told = any(each.campaign in names for each in self._engaged)
        return Contacts(
            first,
            last,
            {name: who & did["sent"] for name, who in did.items()},
            _known(self._at, campaign, told, bool(holders)),
            Counter(each.campaign for each in mine),
            Counter(who for who, _ in sent),
        )

    def _reactions(self, names: Sequence[str]) -> dict[str, BitMap]:
        read = {
            kind: [e for e in self._engaged if e.kind == kind and e.campaign in names]
            for kind in ("opened", "clicked", "unsubscribed", "complained")
        }
        ours: dict[str, Iterable[Click | Word]] = {
            "clicked": (each for each in self._clicks if each.campaign in names),
            "unsubscribed": (each for each in self._words if each.campaign in names),
        }
        found = {
            kind: self._people(each.address for each in (*rows, *ours.get(kind, ())))
            for kind, rows in read.items()
        }
        told = self._people(a for name, a in self._complaints if name in names)
        return {
            **found,
            "opened": found["opened"] | (found["clicked"] if found["opened"] else BitMap()),
            "complained": found["complained"] | told,
        }

    def _people(self, addresses: Iterable[str]) -> BitMap:
        return BitMap(self._whose[each] for each in addresses if each in self._whose)


def _known(at: Desk, campaign: Campaign, told: bool, given: bool) -> frozenset[str]:
    """What can be known: of another tool's messages only what its exports told."""
    ours = isinstance(at.definitions.channels[campaign.channel], Speaking)
    found = {"sent"}
    if ours or told:
        found |= {"delivered", "unsubscribed", "complained"}
    if told:
        found |= {"opened"}
    if told or campaign.links == "tracked":
        found |= {"clicked"}
    return frozenset(found | ({"redeemed"} if given else set()))
