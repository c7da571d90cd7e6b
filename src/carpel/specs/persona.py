"""A persona in people's own words, and the sections that every persona has."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator

from carpel.specs.base import Document, Name, Spec

SECTIONS: Mapping[str, str] = {
    "gist": "In short",
    "age": "Age",
    "gender": "Gender",
    "income": "Income",
    "education": "Education and work",
    "family": "Family and home",
    "place": "Place",
    "interests": "Interests",
    "habits": "Buying habits",
    "days": "Days and channels",
    "buys": "What they buy",
    "seldom": "What they seldom or never buy",
    "needs": "Needs",
    "pains": "What bothers them",
    "motivations": "Why they buy",
    "objections": "What holds them back",
    "tone": "The tone that works",
    "year": "One typical year",
    "recognise": "How to recognise them",
    "assume": "What not to assume",
}
"""By section, in the order told: what it is called on screen."""


def _texts(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]


class OwnWords(Spec):
    """What people say of a segment themselves, by section: a sentence, or a list of them."""

    gist: Texts = ()
    age: Texts = ()
    gender: Texts = ()
    income: Texts = ()
    education: Texts = ()
    family: Texts = ()
    place: Texts = ()
    interests: Texts = ()
    habits: Texts = ()
    days: Texts = ()
    buys: Texts = ()
    seldom: Texts = ()
    needs: Texts = ()
    pains: Texts = ()
    motivations: Texts = ()
    objections: Texts = ()
    tone: Texts = ()
    year: Texts = ()
    recognise: Texts = ()
    assume: Texts = ()


class Persona(Document):
    """People's own words on a segment; they stand beside what is computed, and are marked."""

    name: Name
    segment: str = ""
    """The segment, or a group of a set as `rfm.champions`; the file's name when left out."""
    called: str = ""
    """A name for the persona, such as Regular Rita."""
    by: str = ""
    """Who says so."""
    words: OwnWords = OwnWords()

    @property
    def of(self) -> str:
        """The segment that is spoken of."""
        return self.segment or self.name
