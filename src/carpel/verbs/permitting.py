"""What people who follow a link permit, and what they do not any more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from carpel.campaigns.tokens import Way, opened
from carpel.store.permissions import EVERY, Word, holds, note, words
from carpel.verbs.session import Session

Scope = Literal["kind", "medium", "all"]
UNSUBSCRIBED = "unsubscribe"
"""Stands as the page on which somebody unsubscribed."""


@dataclass(frozen=True)
class Link:
    """What a link is about: a medium and a purpose, and which scopes are withdrawn already."""

    medium: str
    purpose: str
    withdrawn: Mapping[Scope, bool]


def link(session: Session, token: str) -> Link:
    """Read a token; raises Refused for one that Carpel did not sign."""
    way = opened(session.store.key, token)
    said = words(session.store.ledger, way.address)
    scopes: tuple[Scope, ...] = get_args(Scope)
    done = {each: holds(said, *_covered(way, each)) is False for each in scopes}
    return Link(way.medium, way.purpose, done)


def withdraw(session: Session, token: str, scope: Scope) -> bool:
    """Note that somebody does not want messages any more; True when that is new."""
    return _noted(session, token, scope, granted=False)


def take_back(session: Session, token: str, scope: Scope) -> bool:
    """Note that unsubscribing was a mistake; True when there was something to take back."""
    way = opened(session.store.key, token)
    said = words(session.store.ledger, way.address)
    if holds(said, *_covered(way, scope)) is not False:
        return False
    return _noted(session, token, scope, granted=True)


def _noted(session: Session, token: str, scope: Scope, *, granted: bool) -> bool:
    store = session.store
    way = opened(store.key, token)
    medium, purpose = _covered(way, scope)
    said = Word(way.address, medium, purpose, granted, session.clock(), UNSUBSCRIBED, way.campaign)
    return bool(note(store.ledger, [said]))


def _covered(way: Way, scope: Scope) -> tuple[str, str]:
    """The medium and purpose that a scope is about."""
    if scope == "kind":
        return way.medium, way.purpose
    return (way.medium if scope == "medium" else EVERY), EVERY
