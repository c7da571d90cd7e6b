"""How well a column's name says a role."""

from collections.abc import Mapping
from functools import lru_cache

from carpel.inference.roles import GENERIC, Pattern, Role, by_concept, roles
from carpel.inference.words import concepts, listed

LEAST_NAMED = 0.3
"""A name that says a role less than this does not say it."""
ENTITIES = listed(
    "person order product item company vendor staff store ticket plan campaign event ad "
    "transaction cart session line category charge contactword email review cancel refund "
    "previous relative"
)
"""Concepts that say whose attribute a column is: `seller_city` is not the customer's city."""
_OTHERS = listed("staff vendor store company relative previous")
"""Those of them whose addresses are nobody's of the customers."""
_IDS = ("id", "key", "hash")
_FIGURES = frozenset({"money", "count", "tax", "number", "rate", "reduction"})
_HEADS = frozenset({"status", "method", "stamp", "date", "address", "comment"})
"""Last words that make a name another thing: an `order status` is no order."""
_FIGURE_HEADS = _HEADS | {"id", "key", "number", "name", "type", "flag", "description"}
"""Last words that a figure's name does not end with."""


def _costs(text: str) -> Mapping[str, float]:
    return {name: float(cost) for name, cost in (each.split("=") for each in text.split())}


_MILD: Mapping[str, Mapping[str, float]] = {
    group: _costs(text)
    for group, text in {
        "identifier": "person=0 order=.04 bill=.03 ship=.06 plan=.06 charge=.08 contactword=.02 "
        "ticket=.05 event=.05 number=.03 survey=.04",
        "trait": "person=0 order=.05 bill=.02 ship=.05 contactword=.02 address=.03 number=.05 "
        "flag=.05 ticket=.06 plan=.06",
        "order": "order=.02 line=.02 product=.05 item=.04 number=.06 total=.05 flag=.05 "
        "charge=.06 store=.05 id=.1 amount=.03 name=.05 transaction=.03",
        "time": "date=.01 stamp=.01 time=.01 order=.05 plan=.03 ticket=.03 person=.04 event=.03 "
        "charge=.05 email=.03",
        "contract": "person=.03 plan=0 number=.05 charge=.05 order=.06 unit=.06",
        "currency": "number=.02 charge=.05 order=.02 price=.05 amount=.03 plan=.03",
        "campaign": "campaign=0 email=.02 id=.05 name=0",
        "permit": "person=0 start=.02 flag=0 contactword=0 status=.02",
        "account": "company=0 order=.05 person=.05",
        "ticket": "ticket=0 staff=.05",
        "email": "email=0 campaign=.03",
        "cost": "campaign=.03 total=.03 amount=.03",
        "survey": "survey=0 order=.05",
        "event": "event=0 session=.05",
    }.items()
}
"""What a further concept in a name costs where it is harmless."""
_FOREIGN, _KNOWN, _STRANGE = 0.6, 0.46, 0.2
"""What it costs elsewhere: another's attribute, a known concept, a word nobody knows."""
_SMALL = frozenset(
    f"?{word}"
    for word in listed(
        "of the de du des del della da do der di la le van in utc usd eur gbp inr default "
        "primary main home local gmt prefix s d l init your"
    )
)
OWNED, UNOWNED = 0.03, 0.1
"""What a bare name loses when taken as that of what the file is about, or as anything else."""


def anothers(name: str) -> bool:
    """Whether a name says that an address in the column is that of staff, a seller or the like."""
    return not _OTHERS.isdisjoint(concepts(name))


@lru_cache(maxsize=8192)
def named(said: tuple[str, ...], owners: tuple[str, ...]) -> tuple[tuple[Role, float], ...]:
    """The roles that concepts in this order may say, and how well, in the order of roles.txt.

    `owners` are what a bare name belongs to; the score is 0.95 for a name that says just that.
    """
    owners = owners if GENERIC.issuperset(said) else ()
    best: dict[str, float] = {}
    for concept in dict.fromkeys((*said, *owners)):
        for role, pattern in by_concept().get(concept, ()):
            score = _score(role, pattern, said, owners)
            best[role.name] = max(score, best.get(role.name, 0.0))
    return tuple(
        (role, best[name]) for name, role in roles().items() if best.get(name, 0.0) >= LEAST_NAMED
    )


def _score(role: Role, pattern: Pattern, said: tuple[str, ...], owners: tuple[str, ...]) -> float:
    """How well a name says a pattern: as it stands, or as that of what the file is about."""
    if not _heads(role, pattern, said) or not _owns(pattern, said):
        return 0.0
    plain = _match(role, pattern, frozenset(said))
    if role.group == "row" or not owners:
        return plain
    within = [
        _match(role, pattern, frozenset((owner, *said)))
        for owner in owners
        if pattern.asked & set(said)
    ]
    return max(max(within, default=0.0) - OWNED, plain - UNOWNED)


def _heads(role: Role, pattern: Pattern, said: tuple[str, ...]) -> bool:
    """Whether the name's last word leaves it what the pattern says."""
    heads = _FIGURE_HEADS if role.kind in _FIGURES else _HEADS
    if role.group in ("time", "trait", "permit", "identifier"):
        return True
    return said[-1] not in heads or said[-1] in pattern.asked


def _owns(pattern: Pattern, said: tuple[str, ...]) -> bool:
    """Whether the id in a name is that of what the pattern speaks of.

    A `merchant order id` is the order's, whichever way a language turns it.
    """
    at = max((place for place, each in enumerate(said) if each in _IDS), default=None)
    if at is None:
        return True
    beside = said[at - 1 : at] if at else said[1:2]
    return not (set(beside) & ENTITIES) or set(beside) <= pattern.asked


def _match(role: Role, pattern: Pattern, said: frozenset[str]) -> float:
    """0.95 when the name says the pattern and nothing else; less for everything further."""
    further = said - pattern.asked
    if not pattern.asked <= said or (pattern.exact and further - _SMALL):
        return 0.0
    mild = _MILD.get(role.group, {})
    vague = pattern.asked <= GENERIC
    return (0.9 if pattern.weak else 0.95) - sum(
        mild[each] if each in mild else _cost(each, vague) for each in sorted(further)
    )


def _cost(further: str, vague: bool) -> float:
    if further in _SMALL:
        return 0.02
    if further in ENTITIES:
        return _FOREIGN
    return _STRANGE if further.startswith("?") and not vague else _KNOWN
