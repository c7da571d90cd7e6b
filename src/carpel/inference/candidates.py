"""What a column may be, judged from its name and its values together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from carpel.inference.event_names import MOST_EVENTS, known_event, mailed
from carpel.inference.fits import ENOUGH, fit
from carpel.inference.look import Look
from carpel.inference.naming import anothers, named
from carpel.inference.roles import Role, roles
from carpel.inference.words import concepts, folded, listed, numbered, only_interval, opaque

LEAST_FIT = 0.3
"""Values that fit a role less than this rule it out, whatever the name says."""
SHOWN = 0.8
"""Share of the values that have to be of a kind to show it, whatever the column is called."""
BEHIND = 0.55
"""What is left of a number's role for a column of e-mail addresses: enough where the e-mail
address is another column."""
_CALLED = frozenset({"person", "contactword"})
"""Names such as `Contact` and `Recipient`, which say who and not by what."""
_SALUTATIONS = listed(
    "mr mrs ms miss mx dr prof herr frau divers m mme mlle monsieur madame sr sra srta dhr mevr mw "
    "sig sig.ra dott"
)
_RECOMMENDS = re.compile(
    r"recommend|empfehl|recommand|recomend|recomiend|aanbevel|aanbeveel|aanraden|raccomand|consigli"
)
"""Words of the question whose answer is the net promoter score."""
_SATISFIED = re.compile(r"satisf|zufried|tevred|soddisf")
_ADDRESSED = frozenset({"bill", "ship", "address"})
"""Concepts in the name of a field of a postal address, whose company is a line on a parcel: where
people have things sent to and not what they belong to."""
_GENDERS = frozenset({"male", "female", "m", "f", "other", "unknown"})


@dataclass(frozen=True)
class Candidate:
    """A role a column may have, how sure that is (0 to 1) and why."""

    role: Role
    score: float
    reason: str


def candidates(look: Look, entities: tuple[str, ...] = ()) -> list[Candidate]:
    """The roles that name and values allow, best first.

    `entities` are what a row of the file is about: a bare `name` in a file of products is a
    product's, and a `purchase price` is what the business paid.
    """
    best: dict[str, Candidate] = {}
    for each in (*_by_name(look, entities), *_by_values(look), *_by_question(look)):
        if each.role.name not in best or each.score > best[each.role.name].score:
            best[each.role.name] = each
    return sorted(best.values(), key=lambda each: -each.score)


def _by_name(look: Look, entities: tuple[str, ...]) -> Iterator[Candidate]:
    said = concepts(look.name)
    if not said or opaque(look.name):
        return
    if numbered(look.name) > 1:
        said = (*said, "?2")
    if entities == ("product",) and {"order", "price"} <= {*said}:
        said = tuple("bought" if each == "order" else each for each in said)
    postal = not _ADDRESSED.isdisjoint(concepts(re.sub(r"[()\[\]]", " ", look.name)))
    for role, score in named(said, entities):
        if postal and role.group == "account":
            continue
        if (fits := fit(role.kind, look)) >= LEAST_FIT:
            sure = score * (0.3 + 0.7 * fits) * (BEHIND if _addresses(role, look) else 1.0)
            yield Candidate(
                role,
                round(sure, 3),
                f"the name says {role.name.replace('_', ' ')}, {_agreement(fits, look)}",
            )


def _addresses(role: Role, look: Look) -> bool:
    """Whether what a name takes for somebody's number are e-mail addresses."""
    numbers = role.group in ("identifier", "account") and role.name != "email"
    return numbers and look.like("email") >= SHOWN


def _by_question(look: Look) -> Iterator[Candidate]:
    """What a question asks for whose words are a sentence: to recommend, to be satisfied."""
    if len(look.name.split()) < 3 or not look.values or look.distinct < 3:
        return
    for name, asked in (("nps", _RECOMMENDS), ("rating", _SATISFIED)):
        role = roles()[name]
        if asked.search(folded(look.name)) and (fits := fit(role.kind, look)) >= LEAST_FIT:
            yield Candidate(
                role, round(0.9 * fits, 3), f"the question asks for it, {_agreement(fits, look)}"
            )


def _agreement(fits: float, look: Look) -> str:
    if not look.values:
        return "the column is empty"
    return "the values agree" if fits > 0.9 else f"{fits:.0%} of the values agree"


def _by_values(look: Look) -> Iterator[Candidate]:
    """Roles that values alone show, whatever the column is called."""
    if not look.values:
        return
    urban = fit("urbanity", look) if look.numeric < 0.1 and look.distinct > 1 else 0
    gender = look.among(_GENDERS) if 1 < look.distinct <= 5 else 0
    few = 1 < look.distinct <= 12
    greeted = look.share(lambda each: each.rstrip(".").lower() in _SALUTATIONS) if few else 0
    regular = look.share(only_interval) if few else 0
    own = not anothers(look.name) and (look.distinct > 5 or look.filled < ENOUGH)
    called = own and set(concepts(look.name)) <= _CALLED
    done = 1 < look.distinct <= MOST_EVENTS
    emails, events = (mailed(look.values), look.share(known_event)) if done else (0, 0)
    shown = (
        ("email", look.like("email") * own, 0.85, "the values are e-mail addresses"),
        ("phone", look.like("international") * own, 0.75, "the values are phone numbers"),
        ("phone", look.like("dialled") * called, 0.97, "the values are phone numbers"),
        ("email_event", emails, 0.85, "the values are what e-mails tell"),
        ("event_name", events, 0.8, "the values are names of events"),
        ("urbanity", urban, 0.97, "the values say urban or rural"),
        ("gender", gender, 0.8, "the values say male or female"),
        ("salutation", greeted, 0.97, "the values are Mr, Ms and the like"),
        ("interval", regular, 0.8, "the values are months, years and the like"),
        ("row_number", look.ascending and opaque(look.name), 0.6, "the values count the rows"),
    )
    for name, share, score, why in shown:
        if share >= SHOWN:
            yield Candidate(roles()[name], round(score * share, 3), why)
