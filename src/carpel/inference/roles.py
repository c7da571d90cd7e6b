"""What a column can be, judged from its name and its values together."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from carpel.inference.look import Look, fit
from carpel.inference.words import concepts, opaque, words

LEAST_FIT = 0.3
"""Values that fit a role less than this rule it out, whatever the name says."""
ENTITIES = frozenset({"person", "order", "product", "item", "company", "vendor", "staff", "store",
                      "ticket", "plan", "campaign", "event", "ad", "cart", "session", "line",
                      "category", "charge", "contactword", "email", "review", "cancel", "refund",
                      "previous"})
"""Concepts that say whose attribute a column is: `seller_city` is not the customer's city."""
GENERIC = frozenset({"name", "id", "number", "key", "description", "type", "status", "date",
                     "stamp", "time", "price", "amount", "total", "created", "updated", "size",
                     "hash", "start", "end", "code", "record", "title"})
"""Concepts that say nothing of whose they are: a bare `name` is that of what the file is about."""
_MILD: Mapping[str, Mapping[str, float]] = {
    "identifier": {"person": 0, "order": 0.04, "bill": 0.03, "ship": 0.06, "plan": 0.06,
                   "charge": 0.08, "contactword": 0.02, "ticket": 0.05, "event": 0.05,
                   "number": 0.03, "survey": 0.04},
    "trait": {"person": 0, "order": 0.05, "bill": 0.02, "ship": 0.05, "contactword": 0.02,
              "address": 0.03, "number": 0.05, "flag": 0.05, "ticket": 0.06, "plan": 0.06},
    "order": {"order": 0.02, "line": 0.02, "product": 0.05, "item": 0.04, "number": 0.06,
              "total": 0.05, "flag": 0.05, "charge": 0.06, "store": 0.05},
    "time": {"date": 0.01, "stamp": 0.01, "time": 0.01, "order": 0.05, "plan": 0.03,
             "ticket": 0.03, "person": 0.04, "event": 0.03, "charge": 0.05, "email": 0.03},
    "contract": {"person": 0.03, "plan": 0, "number": 0.05},
    "permit": {"person": 0, "flag": 0, "contactword": 0, "status": 0.02},
    "account": {"company": 0, "person": 0.05, "bill": 0.03, "ship": 0.05},
    "ticket": {"ticket": 0, "staff": 0.05}, "email": {"email": 0, "campaign": 0.03},
    "cost": {"campaign": 0.03, "total": 0.03, "amount": 0.03}, "survey": {"survey": 0, "order": 0.05},
    "event": {"event": 0, "session": 0.05},
}
"""What a further concept in a name costs where it is harmless."""
_FOREIGN, _KNOWN, _STRANGE = 0.5, 0.22, 0.1


@dataclass(frozen=True)
class Role:
    """Something a column can be."""

    name: str
    group: str
    kind: str
    """What its values must be: a name that `look.fit` knows."""
    patterns: tuple[tuple[str, ...], ...] = ()


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
    return Role(name, group, kind, tuple(tuple(each.split()) for each in patterns.split(";")))


def candidates(look: Look, entity: str = "") -> list[Candidate]:
    """The roles that name and values allow, best first.

    `entity` is what a row of the file is about: a bare `name` in a file of products is a
    product's.
    """
    found = [*_by_name(look, entity), *_by_values(look)]
    best: dict[str, Candidate] = {}
    for each in found:
        if each.role.name not in best or each.score > best[each.role.name].score:
            best[each.role.name] = each
    return sorted(best.values(), key=lambda each: -each.score)


def _by_name(look: Look, entity: str) -> list[Candidate]:
    said = concepts(look.name)
    if numbered(look.name) > 1:
        said = (*said, "?2")
    if not said or opaque(look.name):
        return []
    found = []
    for role in roles().values():
        named = _name_score(role, said, entity)
        if named < LEAST_FIT:
            continue
        if (fits := fit(role.kind, look)) >= LEAST_FIT:
            found.append(Candidate(role, round(named * (0.3 + 0.7 * fits), 3),
                                   f"the name says {role.name.replace('_', ' ')}, "
                                   f"{_agreement(fits, look)}"))
    return found


def _agreement(fits: float, look: Look) -> str:
    if not look.values:
        return "the column is empty"
    return "the values agree" if fits > 0.9 else f"{fits:.0%} of the values agree"


def _name_score(role: Role, said: tuple[str, ...], entity: str) -> float:
    plain = max((_match(role, pattern, said) for pattern in role.patterns), default=0.0)
    if not entity or role.group == "row" or not GENERIC.issuperset(said):
        return plain
    owned = (entity, *said)
    within = max((_match(role, pattern, owned) for pattern in role.patterns
                  if set(pattern) & set(said)), default=0.0)
    return max(within, plain - 0.1)


def _match(role: Role, pattern: tuple[str, ...], said: tuple[str, ...]) -> float:
    """0.95 when the name says the pattern and nothing else; less for everything further."""
    if not set(pattern) <= set(said):
        return 0.0
    score = 0.95
    mild = _MILD.get(role.group, {})
    for further in sorted(set(said) - set(pattern)):
        if further in mild:
            score -= mild[further]
        elif further in ENTITIES:
            score -= _FOREIGN
        else:
            score -= _STRANGE if further.startswith("?") else _KNOWN
    return score


def _by_values(look: Look) -> list[Candidate]:
    """Roles that values alone show, whatever the column is called."""
    if not look.values:
        return []
    shown = (
        ("email", look.like("email"), 0.85, "the values are e-mail addresses"),
        ("phone", look.like("international"), 0.75, "the values are phone numbers"),
        ("urbanity", fit("urbanity", look) if look.numeric < 0.1 else 0, 0.97,
         "the values say urban or rural"),
        ("gender", look.among(frozenset({"male", "female", "m", "f", "other", "unknown"}))
         if 1 < look.distinct <= 5 else 0, 0.8, "the values say male or female"),
        ("row_number", float(look.ascending), 0.6, "the values count the rows"),
    )
    return [Candidate(roles()[name], round(score * share, 3), why)
            for name, share, score, why in shown if share >= 0.8]


def numbered(name: str) -> int:
    """The number at the end of a name: 2 for `Address 2`, 0 for none."""
    last = words(name)[-1:]
    return int(last[0]) if last and last[0].isdigit() and len(last[0]) < 3 else 0
