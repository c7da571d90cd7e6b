"""What to speak about with a segment, by evidence of its persona; without any, what is missing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from carpel.drafts.names import unsayable
from carpel.errors import NotFound
from carpel.evidence import Sentence
from carpel.specs.words import counted

Angle = Literal["topic", "time", "new"]
ANGLES: Mapping[Angle, str] = {
    "topic": "What they buy",
    "time": "When they buy",
    "new": "What is new to them",
}
"""As the marketer reads it."""
NOTHING: Mapping[Angle, str] = {
    "topic": "Nothing is bought by clearly more of them than of others, and nothing is the "
    "favourite of most of them.",
    "time": "No day of the week and no time of day clearly stands out.",
    "new": "Nothing is bought by clearly fewer of them than of others.",
}
"""By angle: what is missing where nothing else says it."""
GIVEN = "You gave it."
BOUGHT = ("bought_category", "bought_brand")
FAVOURITES = ("favourite_category", "favourite_brand", "favourite_feature")
TIMES = ("favourite_weekday", "weekend_share", "favourite_daypart")
SPEAKING = 0.1
"""Share from which a favourite that sets them apart is worth speaking of."""
APART = 1.1
"""How many times as many of them as of others have such a favourite at least."""
MOSTLY = 0.5
"""Share from which a favourite is spoken of though it does not set them apart."""
NIGHT = "night"
"""Nothing is said of it, and nobody is written to then."""


@dataclass(frozen=True)
class Reason:
    """Why an angle is taken: the sentence of the persona that it stands on, or the user's word."""

    angle: Angle
    name: str
    """What is spoken about: a category or brand, a weekday, `weekend` or a time of day."""
    sentence: Sentence | None = None
    """None where the user named it."""
    called: str = ""
    """What the user calls it, where the name of the data is none for people."""

    @property
    def because(self) -> str:
        """The evidence, for the marketer alone."""
        if self.sentence is None:
            return GIVEN
        people = counted(self.sentence.evidence.n, "person", "people")
        return f"{self.sentence.text} ({people})"


@dataclass(frozen=True)
class Angles:
    """Reasons, the strongest of each angle first, and what there is none for."""

    reasons: Sequence[Reason]
    missing: Sequence[tuple[str, str]]
    """Angle as the marketer reads it, and why nothing is drafted for it."""
    passed_over: Sequence[tuple[str, str]]
    """Names that nobody is addressed with, and why."""

    def of(self, angle: Angle) -> list[Reason]:
        """Those of one angle."""
        return [each for each in self.reasons if each.angle == angle]

    def in_turn(self) -> list[Reason]:
        """One of each angle, then the next of each: so that the first few differ."""
        rows = [self.of(angle) for angle in ANGLES]
        longest = max(map(len, rows), default=0)
        return [row[at] for at in range(longest) for row in rows if at < len(row)]


def angles(
    sentences: Iterable[Sentence],
    called: Mapping[str, str] | None = None,
    about: Sequence[str] = (),
) -> Angles:
    """What the user names, and what the sentences of one persona give reason to speak about.

    `called` gives names of the data, in any case, other ones. Raises NotFound for a name that no
    reason has.
    """
    reasons: dict[tuple[Angle, str], Reason] = {
        ("topic", each.casefold()): Reason("topic", each, None, each) for each in about
    }
    passed: dict[str, str] = {}
    names = {name.casefold(): each for name, each in (called or {}).items()}
    candidates = list(_candidates(list(sentences)))
    known = {each.name.casefold(): each.name for each in candidates if each.angle != "time"}
    for name in names:
        if name not in known:
            raise NotFound("name in the evidence", name, known.values())
    for candidate in candidates:
        each = replace(candidate, called=names.get(candidate.name.casefold(), ""))
        if each.angle != "time" and (why := unsayable(each.name, each.called)):
            passed[each.name] = why
        else:
            reasons.setdefault((each.angle, each.name.casefold()), each)
    told = {each.angle for each in reasons.values()}
    return Angles(
        list(reasons.values()),
        [(title, NOTHING[angle]) for angle, title in ANGLES.items() if angle not in told],
        list(passed.items()),
    )


def _candidates(sentences: Sequence[Sentence]) -> Iterator[Reason]:
    """What is bought comes before favourites, a favourite that stands out before a common one."""
    about = [
        each for each in sentences if each.evidence.part and each.evidence.statistic == "share"
    ]
    for each in about:
        if each.evidence.of in BOUGHT and each.evidence.direction == "more":
            yield Reason("topic", each.evidence.part or "", each)
    for each in sorted(about, key=lambda each: each.evidence.direction != "more"):
        if each.evidence.of in FAVOURITES and _worth(each):
            yield Reason("topic", each.evidence.part or "", each)
    for each in about:
        if each.evidence.of in BOUGHT and each.evidence.direction == "less":
            yield Reason("new", each.evidence.part or "", each)
    timed = [each for each in sentences if each.kind == "told" and each.evidence.of in TIMES]
    for each in sorted(timed, key=lambda each: TIMES.index(each.evidence.of)):
        if each.evidence.direction == "more":
            name = each.evidence.part or "weekend"
            if name.lower() != NIGHT:
                yield Reason("time", name.lower(), each)


def _worth(sentence: Sentence) -> bool:
    it = sentence.evidence
    if sentence.kind != "told":
        return False
    common = it.of != "favourite_brand" and it.direction != "less" and it.value >= MOSTLY
    return common or (it.direction == "more" and it.value >= max(SPEAKING, APART * it.contrast))
