"""A page for the people who are written to: what they permit and like, or a few questions."""

from collections.abc import Collection, Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from carpel.specs.base import Document, Name, Spec
from carpel.specs.column import Column
from carpel.specs.senders import Medium
from carpel.specs.source import Permit, Source, Track

SAID = "said_on_pages"
"""The source of what people say on pages, and the data frame that a run hands to it."""
WHOSE = ("email", "phone", "push_token")
"""Kinds of identifier that messages go to, so that links in them are somebody's."""
SPLIT = "|"
"""Stands between several answers to one question."""
SCORES: Mapping[str, range] = {"nps": range(11), "satisfaction": range(1, 6)}
"""By kind of answer: the scores that may be given."""


class Ask(Spec):
    """One question, and what may be answered."""

    name: Name
    """What the answer is called: the trait, or for a survey `survey_` and this."""
    ask: str = Field(min_length=1)
    answer: Literal["one", "several", "text", "nps", "satisfaction"] = "one"
    """One of the options, several, own words, 0 to 10 whether they would recommend, or 1 to 5."""
    options: dict[Name, str] = Field(default_factory=dict)
    """By value: what the page says."""
    days: dict[Name, Annotated[int, Field(ge=1, le=365)]] = Field(default_factory=dict)
    """By value of a question how often to write: one message in so many days at most."""

    @model_validator(mode="after")
    def _answerable(self) -> "Ask":
        if (self.answer in ("one", "several")) != bool(self.options):
            raise ValueError("`options` go with answers of `one` and `several`, and only with them")
        if self.days and (self.answer != "one" or not self.days.keys() <= self.options.keys()):
            raise ValueError("`days` go with `options` of which one is chosen, by their names")
        return self

    def taken(self, given: list[str]) -> str:
        """An answer as it is kept; empty for what the question does not allow."""
        if self.answer == "text":
            return " ".join(" ".join(given).split())[:2000]
        allowed = [str(score) for score in SCORES.get(self.answer, ())] or list(self.options)
        picked = [each for each in allowed if each in given]
        return SPLIT.join(picked if self.answer == "several" else picked[:1])


class Preferences(Document):
    """Where people choose what they get, by which way, and say what they like."""

    name: Name
    kind: Literal["preferences"]
    title: str = Field(min_length=1)
    text: str = ""
    by: Annotated[tuple[Medium, ...], Field(min_length=1)] = ("email",)
    permissions: dict[Name, str] = Field(default_factory=dict)
    """By purpose: what the page calls it; `marketing` is what campaigns are for unless they say."""
    asks: tuple[Ask, ...] = ()

    @model_validator(mode="after")
    def _declared(self) -> "Preferences":
        _apart(self.asks)
        if any(each.answer not in ("one", "several") for each in self.asks):
            raise ValueError("here an answer is `one` or `several` of the options")
        if not (self.permissions or self.asks):
            raise ValueError("there is nothing to choose: give `permissions`, `asks` or both")
        return self


class Survey(Document):
    """One to five questions."""

    name: Name
    kind: Literal["survey"]
    title: str = Field(min_length=1)
    text: str = ""
    asks: tuple[Ask, ...] = Field(min_length=1, max_length=5)
    thanks: str = ""
    """What the page says afterwards."""

    @model_validator(mode="after")
    def _told_apart(self) -> "Survey":
        _apart(self.asks)
        if any(each.days for each in self.asks):
            raise ValueError("how often to write is asked on a page of preferences: `days` there")
        return self

    @property
    def scored(self) -> Ask | None:
        """The question that a link with a score answers: the first that has scores."""
        return next((each for each in self.asks if each.answer in SCORES), None)


Page = Annotated[Preferences | Survey, Field(discriminator="kind")]


def said_source(
    pages: Mapping[str, Page], others: Collection[Source], *, tracked: bool, by_tools: bool = False
) -> Source:
    """What people say on these pages as a source like any other: facts, answers, permissions.

    With `tracked` links also which they followed, and where messages are sent `by_tools` what
    these say that people did. What other sources call people by, and state as
    lists, is so here too.
    """
    known = {kind for each in others for kind in each.identifiers}
    lists = {name for each in others for name, said in each.traits.items() if said.is_list}
    surveyed = any(isinstance(each, Survey) for each in pages.values())
    chosen = [each for each in pages.values() if isinstance(each, Preferences)]
    media = sorted({medium for each in chosen if each.permissions for medium in each.by})
    return Source(
        name=SAID,
        label="Said on pages",
        read=(f"frame:{SAID}",),
        timezone="UTC",
        key=("key",),
        identifiers={each: Column(column=each) for each in WHOSE if each in known},
        traits={ask.name: _fact(ask, lists) for each in chosen for ask in each.asks},
        seen_at=Column(column="at"),
        track=(
            *((_ANSWERED,) if surveyed else ()),
            *((_did("clicked"),) if tracked or by_tools else ()),
            *((_did("opened"),) if by_tools else ()),
        ),
        permit=tuple(_permit(medium) for medium in media),
        most_shrink=1,
    )


def _fact(ask: Ask, lists: Collection[str]) -> Column:
    if ask.answer == "several" or ask.name in lists:
        return Column(column=f"said_{ask.name}", type="list", separator=SPLIT)
    return Column(column=f"said_{ask.name}", type="text")


def _permit(medium: str) -> Permit:
    return Permit.model_validate(
        {
            "channel": {"constant": medium},
            "purpose": "purpose",
            "granted": "granted",
            "at": "at",
            "proof": "page",
            "when": {"channel": medium},
        }
    )


def _did(what: str) -> Track:
    """What people did with e-mails: `email_clicked`, `email_opened`."""
    return Track.model_validate(
        {
            "event": f"email_{what}",
            "at": "at",
            "key": ["key"],
            "when": {"did": what},
            "properties": {"campaign": "campaign", "link": "link"},
        }
    )


_ANSWERED = Track.model_validate(
    {
        "event": "survey_answered",
        "at": "at",
        "key": ["key"],
        "when": {"survey": {"is_set": True}},
        "properties": {
            each: each for each in ("survey", "question", "answer", "nps", "satisfaction")
        },
    }
)


def _apart(asks: tuple[Ask, ...]) -> None:
    names = [each.name for each in asks]
    if len(set(names)) < len(names):
        raise ValueError("two questions have the same name")
