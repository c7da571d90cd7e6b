"""What a column can be, judged from its name and its values together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from carpel.inference.look import Look, fit
from carpel.inference.words import concepts, opaque, words

LEAST_FIT = 0.3
"""Values that fit a role less than this rule it out, whatever the name says."""
ENTITIES = frozenset(
    {
        "person",
        "order",
        "product",
        "item",
        "company",
        "vendor",
        "staff",
        "store",
        "ticket",
        "plan",
        "campaign",
        "event",
        "ad",
        "transaction",
        "cart",
        "session",
        "line",
        "category",
        "charge",
        "contactword",
        "email",
        "review",
        "cancel",
        "refund",
        "previous",
    }
)
"""Concepts that say whose attribute a column is: `seller_city` is not the customer's city."""
GENERIC = frozenset(
    {
        "name",
        "id",
        "number",
        "key",
        "description",
        "type",
        "status",
        "date",
        "stamp",
        "time",
        "price",
        "amount",
        "total",
        "created",
        "updated",
        "size",
        "hash",
        "start",
        "end",
        "code",
        "record",
        "title",
    }
)
"""Concepts that say nothing of whose they are: a bare `name` is that of what the file is about."""
_MILD: Mapping[str, Mapping[str, float]] = {
    "identifier": {
        "person": 0,
        "order": 0.04,
        "bill": 0.03,
        "ship": 0.06,
        "plan": 0.06,
        "charge": 0.08,
        "contactword": 0.02,
        "ticket": 0.05,
        "event": 0.05,
        "number": 0.03,
        "survey": 0.04,
    },
    "trait": {
        "person": 0,
        "order": 0.05,
        "bill": 0.02,
        "ship": 0.05,
        "contactword": 0.02,
        "address": 0.03,
        "number": 0.05,
        "flag": 0.05,
        "ticket": 0.06,
        "plan": 0.06,
    },
    "order": {
        "order": 0.02,
        "line": 0.02,
        "product": 0.05,
        "item": 0.04,
        "number": 0.06,
        "total": 0.05,
        "flag": 0.05,
        "charge": 0.06,
        "store": 0.05,
        "id": 0.1,
        "amount": 0.03,
        "name": 0.05,
    },
    "time": {
        "date": 0.01,
        "stamp": 0.01,
        "time": 0.01,
        "order": 0.05,
        "plan": 0.03,
        "ticket": 0.03,
        "person": 0.04,
        "event": 0.03,
        "charge": 0.05,
        "email": 0.03,
    },
    "contract": {"person": 0.03, "plan": 0, "number": 0.05, "charge": 0.05},
    "currency": {"number": 0.02, "charge": 0.05, "order": 0.02, "price": 0.05},
    "campaign": {"campaign": 0, "email": 0.02, "id": 0.05, "name": 0},
    "permit": {"person": 0, "start": 0.02, "flag": 0, "contactword": 0, "status": 0.02},
    "account": {"company": 0, "order": 0.05, "person": 0.05, "bill": 0.03, "ship": 0.05},
    "ticket": {"ticket": 0, "staff": 0.05},
    "email": {"email": 0, "campaign": 0.03},
    "cost": {"campaign": 0.03, "total": 0.03, "amount": 0.03},
    "survey": {"survey": 0, "order": 0.05},
    "event": {"event": 0, "session": 0.05},
}
"""What a further concept in a name costs where it is harmless."""
_FOREIGN, _KNOWN, _STRANGE = 0.6, 0.46, 0.2
"""What it costs elsewhere: another's attribute, a known concept, a word nobody knows."""
_SMALL = frozenset(
    f"?{word}"
    for word in (
        "of",
        "the",
        "de",
        "du",
        "des",
        "del",
        "della",
        "da",
        "do",
        "der",
        "di",
        "la",
        "le",
        "van",
        "in",
        "utc",
        "usd",
        "eur",
        "gbp",
        "default",
        "primary",
        "main",
        "home",
        "local",
        "gmt",
        "prefix",
        "s",
        "init",
    )
)
OWNED, UNOWNED = 0.03, 0.1
"""What a bare name loses when taken as that of what the file is about, or as anything else."""


@dataclass(frozen=True)
class Pattern:
    """Concepts that a name says together; `=` before them in roles.txt means nothing else."""

    asked: frozenset[str]
    exact: bool = False
    weak: bool = False
    """Written with `~`: another pattern that fits as well goes before."""


@dataclass(frozen=True)
class Role:
    """Something a column can be."""

    name: str
    group: str
    kind: str
    """What its values must be: a name that `look.fit` knows."""
    patterns: tuple[Pattern, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A role a column may have, how sure that is (0 to 1) and why."""

    role: Role
    score: float
    reason: str


@lru_cache(maxsize=1)
def roles() -> Mapping[str, Role]:
    """All roles by name, in the order of roles.txt."""
    text = files("carpel.inference").joinpath("roles.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {role.name: role for role in map(_role, lines)}


def _role(line: str) -> Role:
    group, name, kind, patterns = (part.strip() for part in line.split("|"))
    return Role(name, group, kind, tuple(map(_pattern, patterns.split(";"))))


def _pattern(text: str) -> Pattern:
    asked = frozenset(each.strip("=~") for each in text.split())
    return Pattern(asked, "=" in text, "~" in text)


@lru_cache(maxsize=1)
def _by_concept() -> Mapping[str, Sequence[tuple[Role, Pattern]]]:
    """Every pattern under one of its concepts, the most telling where it can be."""
    found: dict[str, list[tuple[Role, Pattern]]] = {}
    for role in roles().values():
        for pattern in role.patterns:
            under = min(pattern.asked, key=lambda each: (each in GENERIC, each))
            found.setdefault(under, []).append((role, pattern))
    return found


def candidates(look: Look, entities: tuple[str, ...] = ()) -> list[Candidate]:
    """The roles that name and values allow, best first.

    `entities` are what a row of the file is about: a bare `name` in a file of products is a
    product's.
    """
    found = [*_by_name(look, entities), *_by_values(look)]
    best: dict[str, Candidate] = {}
    for each in found:
        if each.role.name not in best or each.score > best[each.role.name].score:
            best[each.role.name] = each
    return sorted(best.values(), key=lambda each: -each.score)


def _by_name(look: Look, entities: tuple[str, ...]) -> list[Candidate]:
    said = concepts(look.name)
    if not said or opaque(look.name):
        return []
    if numbered(look.name) > 1:
        said = (*said, "?2")
    owners = entities if GENERIC.issuperset(said) else ()
    found = []
    for role, named in _named(said, owners):
        if (fits := fit(role.kind, look)) >= LEAST_FIT:
            found.append(
                Candidate(
                    role,
                    round(named * (0.3 + 0.7 * fits), 3),
                    f"the name says {role.name.replace('_', ' ')}, {_agreement(fits, look)}",
                )
            )
    return found


def _agreement(fits: float, look: Look) -> str:
    if not look.values:
        return "the column is empty"
    return "the values agree" if fits > 0.9 else f"{fits:.0%} of the values agree"


@lru_cache(maxsize=4096)
def _named(said: tuple[str, ...], owners: tuple[str, ...]) -> tuple[tuple[Role, float], ...]:
    """The roles that a name may say, and how well it says them, in the order of roles.txt."""
    best: dict[str, float] = {}
    for concept in dict.fromkeys((*said, *owners)):
        for role, pattern in _by_concept().get(concept, ()):
            score = _name_score(role, pattern, said, owners)
            best[role.name] = max(score, best.get(role.name, 0.0))
    return tuple(
        (role, best[name]) for name, role in roles().items() if best.get(name, 0.0) >= LEAST_FIT
    )


def _name_score(
    role: Role, pattern: Pattern, said: tuple[str, ...], owners: tuple[str, ...]
) -> float:
    """How well a name says a pattern: as it stands, or as that of what the file is about."""
    plain = _match(role, pattern, frozenset(said))
    if role.group == "row" or not owners:
        return plain
    within = [
        _match(role, pattern, frozenset((owner, *said)))
        for owner in owners
        if pattern.asked & set(said)
    ]
    return max(max(within, default=0.0) - OWNED, plain - UNOWNED)


def _match(role: Role, pattern: Pattern, said: frozenset[str]) -> float:
    """0.95 when the name says the pattern and nothing else; less for everything further."""
    further = said - pattern.asked
    if not pattern.asked <= said or (pattern.exact and further):
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


def _by_values(look: Look) -> list[Candidate]:
    """Roles that values alone show, whatever the column is called."""
    if not look.values:
        return []
    shown = (
        ("email", look.like("email"), 0.85, "the values are e-mail addresses"),
        ("phone", look.like("international"), 0.75, "the values are phone numbers"),
        (
            "urbanity",
            fit("urbanity", look) if look.numeric < 0.1 else 0,
            0.97,
            "the values say urban or rural",
        ),
        (
            "gender",
            look.among(frozenset({"male", "female", "m", "f", "other", "unknown"}))
            if 1 < look.distinct <= 5
            else 0,
            0.8,
            "the values say male or female",
        ),
        (
            "row_number",
            float(look.ascending and opaque(look.name)),
            0.6,
            "the values count the rows",
        ),
    )
    return [
        Candidate(roles()[name], round(score * share, 3), why)
        for name, share, score, why in shown
        if share >= 0.8
    ]


def numbered(name: str) -> int:
    """The number at the end of a name: 2 for `Address 2`, 0 for none."""
    digits = [each for each in words(name) if each.isdigit()]
    last = words(name)[-1:]
    return int(last[0]) if digits == list(last) and len(last[0]) < 3 else 0
