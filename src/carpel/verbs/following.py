"""Links that people follow: where they lead, and who followed them, if it was a person."""

import re
from datetime import timedelta

from carpel.campaigns.tokens import opened
from carpel.errors import CarpelError, NotFound, Refused
from carpel.store.deliveries import contacted_at
from carpel.store.links import Click, clicked, point, target, targets
from carpel.verbs.session import Session

SHORT = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
TOO_SOON = timedelta(seconds=5)
"""Nobody reads a message within this of its handing over; what opens every link of it does."""


def follow(session: Session, code: str, token: str = "", machine: str = "") -> str:
    """Where a link leads; noted, with what followed it when that was no person.

    A token that is not whole says nothing of whose it was; the link leads on all the same, since
    it leads nowhere but where somebody of the project said. Raises NotFound for no code of ours.
    """
    store, at = session.store, session.clock()
    led = target(store.ledger, code)
    if led is None:
        raise NotFound("link", "")
    try:
        way = opened(store.key, token) if token else None
    except Refused:
        way = None
    if way is None:
        clicked(store.ledger, Click(code, "", "", "", at, machine))
        return led
    sent = contacted_at(store.ledger, way.campaign, way.address)
    soon = "too_soon" if sent is not None and at - sent < TOO_SOON else ""
    told = (way.address, way.medium, way.campaign, at, machine or soon)
    clicked(store.ledger, Click(code, *told))
    return led


def short(session: Session, name: str, url: str) -> bool:
    """Let a short link lead to an address from now on; True when it led elsewhere or nowhere.

    Raises CarpelError for a name or an address that is none.
    """
    if not SHORT.fullmatch(name):
        raise CarpelError(
            f"{name!r} is no name of a short link.",
            action="Use small letters, digits and dashes: flyer-spring.",
        )
    if not re.fullmatch(r"https?://[^\s\"<>\\]+", url):
        raise CarpelError(f"{url!r} is no address.", action="Write it whole: https://shop.example")
    at = session.clock()
    return bool(point(session.store.ledger, {f"s/{name}": url}, at=at, actor=session.actor))


def shorts(session: Session) -> dict[str, str]:
    """Every short link, and where it leads."""
    found = targets(session.store.ledger).items()
    return {code.removeprefix("s/"): url for code, url in found if code.startswith("s/")}
