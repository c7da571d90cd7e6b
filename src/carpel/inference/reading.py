"""Which column is what, in a file of a given kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from carpel.inference.candidates import Candidate, candidates
from carpel.inference.fits import ENOUGH
from carpel.inference.kind import Kind
from carpel.inference.look import Look
from carpel.inference.nameless import nameless
from carpel.inference.words import concepts, numbered, opaque

LEAST = 0.5
"""A role less sure than this is not given: the column stays unknown, or keeps its own name."""
SHARED = {"order_lines": ("product_id", "product_name"), "survey_answers": ("survey", "question")}
"""Roles whose values stand on many rows of such a file."""
ALWAYS = frozenset({"identifier", "trait", "time", "currency"})
ASKED = frozenset({"identifier", "trait", "permit", "survey"})
"""Groups of roles that people are asked for: no question is an order's figure."""
OWN = ("trait", "property", "time", "survey_answer")
"""Roles that any number of columns may have, each under its own name."""
NUMBERED = "numbered columns"
"""What is said of answers in figures, all on one scale."""


@dataclass(frozen=True)
class Reading:
    """What a column is taken to be, how sure that is (0 to 1) and why."""

    column: str
    role: str
    confidence: float
    reason: str
    use: str = ""
    """Where the spec puts it: `identifier email`, `trait city`, `not used`, …"""

    @property
    def known(self) -> bool:
        return self.role != "unknown"


def readings(looks: Sequence[Look], kind: Kind) -> dict[str, Reading]:
    """One reading a column, each role given once, to the column it fits best.

    An empty column takes what no other is, and nothing that is told of a person.
    """
    unnamed = nameless(looks)
    at = {look.position: look for look in looks}
    offers = sorted(
        (
            (look.position, each)
            for look in looks
            for each in _offers(look, kind, unnamed)
            if _belongs(each, kind) and (look.values or each.role.group != "trait")
        ),
        key=lambda offer: (
            not at[offer[0]].values,
            -offer[1].score,
            -_told(at[offer[0]], offer[1]),
            offer[0],
        ),
    )
    given: dict[str, Reading] = {}
    taken: set[str] = set()
    for position, offer in offers:
        name, role = at[position].name, offer.role.name
        if name in given or role in taken or offer.score < LEAST:
            continue
        taken.add(role)
        given[name] = Reading(name, role, offer.score, offer.reason)
    _line_or_order(given)
    _survey(looks, given)
    return {look.name: given.get(look.name) or _otherwise(look, kind) for look in looks}


def _offers(look: Look, kind: Kind, unnamed: Mapping[str, Candidate]) -> list[Candidate]:
    told = candidates(look, kind.entities)
    if asks(look):
        told = [each for each in told if each.role.group in ASKED]
    offers = [_weighed(each, look, kind) for each in told]
    return [unnamed[look.name], *offers] if look.name in unnamed else offers


def _told(look: Look, offer: Candidate) -> int:
    """How much a time tells: of a day and an instant of one thing the instant is taken."""
    return look.distinct if offer.role.group == "time" else 0


def asks(look: Look) -> bool:
    """Whether the name is a question."""
    return look.name.rstrip().endswith("?")


def _weighed(offer: Candidate, look: Look, kind: Kind) -> Candidate:
    """What is another on every row of a file of purchases is a line, not a product.

    A bare `type` beside orders is a payment's as likely as a product's.
    """
    alone = look.unique and look.filled >= ENOUGH and offer.role.name in SHARED.get(kind.name, ())
    vague = offer.role.name == "category" and concepts(look.name) == ("type",)
    if alone or (vague and "order" in kind.entities):
        return replace(offer, score=round(0.4 * offer.score, 3))
    return offer


def _line_or_order(given: dict[str, Reading]) -> None:
    """A transaction's number is a line's where the order has one too, else it is the order's."""
    if "order_id" in (each.role for each in given.values()):
        return
    for name, each in given.items():
        if each.role == "line_id" and "transaction" in concepts(name):
            given[name] = replace(each, role="order_id")


def _belongs(offer: Candidate, kind: Kind) -> bool:
    return offer.role.group in ALWAYS | kind.groups and offer.role.name not in kind.without


def _survey(looks: Sequence[Look], given: dict[str, Reading]) -> None:
    """Columns that ask, or four and more numbered alike with the same few numbers, are answers."""
    blocks: dict[tuple[int, int], list[Look]] = {}
    for look in looks:
        if look.name not in given and asks(look) and look.distinct <= 50:
            asked = "the name asks a question"
            given[look.name] = Reading(look.name, "survey_answer", 0.7, asked)
        if look.name not in given and _scale(look):
            blocks.setdefault((int(min(look.numbers)), int(max(look.numbers))), []).append(look)
    for (low, high), block in blocks.items():
        if len(block) >= 4:
            for look in block:
                given[look.name] = Reading(
                    look.name,
                    "survey_answer",
                    0.75,
                    f"one of {len(block)} {NUMBERED} with answers from {low} to {high}",
                )


def _scale(look: Look) -> bool:
    return (
        numbered(look.name) > 0
        and look.numeric == 1
        and 3 <= look.distinct <= 11
        and all(each.is_integer() and 0 <= each <= 10 for each in look.numbers)
    )


def _otherwise(look: Look, kind: Kind) -> Reading:
    """What a column without a standard role is: something under its own name, or unknown."""
    if not look.values:
        return Reading(look.name, "unknown", 0.0, "the column is empty")
    if "secret" in concepts(look.name):
        return Reading(look.name, "unknown", 0.0, "the name says that it is a secret")
    if "discount" in concepts(look.name) and look.numeric == 1 and not any(look.numbers):
        return Reading(look.name, "unknown", 0.0, "it is zero on every row")
    if look.like("ip") > 0.9:
        return Reading(look.name, "ip", 0.7, "the values are addresses of machines")
    form, share = look.date
    if share > 0.95 and (form not in ("compact", "epoch") or look.distinct > 10):
        return Reading(look.name, "time", 0.7, "the values are dates")
    if opaque(look.name):
        return Reading(look.name, "unknown", 0.0, "neither its name nor its values say what it is")
    if look.prose:
        return Reading(look.name, "unknown", 0.0, "free text")
    own = "property" if kind.name not in ("contacts", "people", "companies") else "trait"
    return Reading(look.name, own, 0.6, f"{_about(look)}, under its own name")


def _about(look: Look) -> str:
    if 1 <= look.distinct <= 2:
        return "two values" if look.distinct == 2 else "one value"
    if look.numeric > 0.95:
        return f"numbers from {min(look.numbers):g} to {max(look.numbers):g}"
    return f"text with {look.distinct:,} different values"


def spread(given: Mapping[str, Reading]) -> dict[str, Reading]:
    """Readings by role, for the roles that one column has."""
    return {each.role: each for each in given.values() if each.role not in (*OWN, "unknown")}
