"""What somebody who follows a link has chosen so far, and what they choose and answer now."""

from collections.abc import Mapping
from dataclasses import dataclass

from carpel.campaigns.tokens import Way, opened
from carpel.engine.query import query
from carpel.errors import NotFound
from carpel.specs import Page, Preferences
from carpel.store.answers import Answer, answers, keep
from carpel.store.deliveries import recipient
from carpel.store.permissions import Word, holds, note, words
from carpel.store.suppressions import is_listed
from carpel.verbs.reader import reading
from carpel.verbs.session import Session

Permissions = Mapping[tuple[str, str], bool]
"""By medium and purpose whether permission is in force."""


@dataclass(frozen=True)
class Chosen:
    """A page as one person finds it: what is in force, and what they answered last."""

    page: Page
    permissions: Permissions
    answers: Mapping[str, str]
    left_alone: bool = False
    """On the do-not-contact list by other than their own word: no page takes them off it."""


def chosen(session: Session, name: str, token: str) -> Chosen:
    """What a page shows of somebody; raises Refused for a wrong token, NotFound for no page."""
    way, page = opened(session.store.key, token), page_of(session, name)
    ledger = session.store.ledger
    said = {each.field: each.value for each in answers(ledger, way.address) if each.page == name}
    if not isinstance(page, Preferences):
        return Chosen(page, {}, said)
    listed = is_listed(ledger, way.address, way.medium)
    return Chosen(page, _in_force(session, way, page), said, listed)


def choose(session: Session, name: str, token: str, granted: Permissions) -> int:
    """Note which permissions somebody gives and withdraws; gives how many changed.

    What stays as the page showed it is not said anew.
    """
    way, before = opened(session.store.key, token), chosen(session, name, token)
    changed = {
        scope: granted.get(scope, False)
        for scope, was in before.permissions.items()
        if granted.get(scope, False) != was
    }
    at, by = session.clock(), way.campaign
    return note(
        session.store.ledger,
        [Word(way.address, *scope, each, at, name, by) for scope, each in changed.items()],
    )


def answer(session: Session, name: str, token: str, given: Mapping[str, list[str]]) -> int:
    """Note what somebody answers to the questions of a page; gives how many answers changed.

    A question that is not among `given` is one that nobody was asked.
    """
    way, page = opened(session.store.key, token), page_of(session, name)
    at, by = session.clock(), way.campaign
    told = [
        Answer(way.address, name, ask.name, ask.taken(given[ask.name]), at, by)
        for ask in page.asks
        if ask.name in given
    ]
    return keep(session.store.ledger, told) if told else 0


def page_of(session: Session, name: str) -> Page:
    """A page that somebody wrote; raises NotFound."""
    pages = session.understood.pages
    if name not in pages:
        raise NotFound("page", name, pages)
    return pages[name]


def _in_force(session: Session, way: Way, page: Preferences) -> Permissions:
    """The person's own word where there is one, else what the current build has."""
    own, build = words(session.store.ledger, way.address), _by_build(session, way)
    found: dict[tuple[str, str], bool] = {}
    for scope in ((medium, purpose) for medium in page.by for purpose in page.permissions):
        said = holds(own, *scope)
        found[scope] = build.get(scope, False) if said is None else said
    return found


def _by_build(session: Session, way: Way) -> Permissions:
    """What the current build says of whoever was sent a message at this address."""
    customer = recipient(session.store.ledger, way.address)
    if customer is None or session.store.builds.current_name() is None:
        return {}
    with reading(session) as reader:
        rows = reader.engine.rows(
            query(
                "SELECT channel, purpose, granted FROM consents WHERE customer = "
                "coalesce((SELECT survivor FROM aliases WHERE customer = :it), :it)",
                it=customer,
            )
        )
    return {(channel, purpose): bool(granted) for channel, purpose, granted in rows}
