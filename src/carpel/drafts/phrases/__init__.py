"""Ways to speak to people, by language and tone. None says a number, compares, praises, promises,
hurries, or shows that anything is known of who reads it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import import_module
from typing import Literal

Language = Literal["de", "en", "nl"]
Tone = Literal["plain", "warm"]


@dataclass(frozen=True)
class Phrases:
    """What is said in one language and tone.

    `{topic}` and `{when}` stand for what is spoken about, `{shop}` for who speaks.
    """

    hooks: Mapping[str, tuple[str, ...]]
    """By angle: first lines, subjects and headlines."""
    bodies: Mapping[str, tuple[str, ...]]
    """By angle: a sentence or two."""
    headlines: tuple[str, ...]
    """Headlines that name nothing, for where a name is too long."""
    lines: tuple[str, ...]
    """Sentences that name nothing."""
    calls: tuple[str, ...]
    """What stands before or on a link."""
    profile: str
    """Where the link is, on networks that show none in a text."""
    greeting: str
    """Before a first name, or `stranger`."""
    stranger: str
    unsubscribe: str
    when: Mapping[str, str]
    """Weekdays, the weekend and times of day as they stand for `{when}`."""

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every word of it but names of days and times: those need evidence."""
        texts = [
            each
            for field in fields(self)
            if field.name not in ("when", "unsubscribe")
            for each in _texts(getattr(self, field.name))
        ]
        bare = re.sub(r"\{\w+\}", " ", " ".join(texts)).replace("’", "'")
        return frozenset(re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", bare.lower()))


@cache
def phrases(language: Language, tone: Tone) -> Phrases:
    """The phrases of a language and tone."""
    return import_module(f"carpel.drafts.phrases.{language}").TONES[tone]  # type: ignore[no-any-return]


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    rows = value.values() if isinstance(value, Mapping) else value
    return [each for row in rows for each in _texts(row)]  # type: ignore[attr-defined]
