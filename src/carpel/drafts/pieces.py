"""What can be said by one reason: first lines and sentences, filled in and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from carpel.drafts.angles import Reason
from carpel.drafts.checker import Given, Unfounded, rejections
from carpel.drafts.names import begun, spoken, tag
from carpel.drafts.phrases import Language, Phrases, Tone, phrases


@dataclass(frozen=True)
class Brief:
    """What the user gives: who speaks, how, with which offer, and where it leads."""

    shop: str
    language: Language = "en"
    tone: Tone = "plain"
    offer: str = ""
    link: str = ""

    @property
    def phrases(self) -> Phrases:
        """The phrases of its language and tone."""
        return phrases(self.language, self.tone)

    def checked(self, text: str, given: Given) -> str:
        """The text; raises Unfounded where it says what nobody gave."""
        if reasons := rejections(text, given, self.phrases.vocabulary):
            raise Unfounded(f"{text!r}: {reasons[0]}")
        return text


@dataclass(frozen=True)
class Pieces:
    """Texts of one reason, for mail, posts and ads to be put together from."""

    reason: Reason
    given: Given
    about: str
    """What is spoken about, as it stands in a sentence."""
    hooks: Sequence[str]
    bodies: Sequence[str]

    @property
    def texts(self) -> list[str]:
        """All of them, as a writer may reword them."""
        return [*self.hooks, *self.bodies]

    def reworded(self, wordings: Mapping[str, str]) -> "Pieces":
        """The same in other words, where there are any."""

        def said(rows: Sequence[str]) -> list[str]:
            return list(dict.fromkeys(wordings.get(each, each) for each in rows))

        return replace(self, hooks=said(self.hooks), bodies=said(self.bodies))


def _named(reason: Reason, language: Language) -> str:
    if reason.called or reason.sentence is None:
        return reason.called or reason.name
    return spoken(reason.sentence.evidence.of, reason.name, language)


def pieces(reason: Reason, brief: Brief) -> Pieces:
    """What can be said by this reason in the language and tone of the brief."""
    words, timed = brief.phrases, reason.angle == "time"
    about = words.when[reason.name] if timed else _named(reason, brief.language)
    tags = tuple(filter(None, dict.fromkeys(map(tag, (brief.shop, *([] if timed else [about]))))))
    given = Given((brief.shop, about), brief.offer, brief.link, tags)

    def filled(rows: Sequence[str]) -> list[str]:
        named = {"topic": about, "when": about, "shop": brief.shop}
        return [brief.checked(begun(each.format(**named)), given) for each in rows]

    return Pieces(
        reason, given, about, filled(words.hooks[reason.angle]), filled(words.bodies[reason.angle])
    )
