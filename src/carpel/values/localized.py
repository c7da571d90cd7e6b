"""Names of countries, currencies and languages in the languages people write them in."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Literal

from carpel.values.base import fold

Index = Mapping[str, str]
FIRST = ("en", "de", "fr", "es", "it", "pt", "nl")
"""Read first: almost every file is answered by these."""
FURTHER = (
    "sv",
    "da",
    "nb",
    "fi",
    "pl",
    "cs",
    "sk",
    "hu",
    "ro",
    "bg",
    "hr",
    "sr",
    "sr_Latn",
    "sl",
    "el",
    "tr",
    "ru",
    "uk",
    "ar",
    "he",
    "fa",
    "hi",
    "bn",
    "ur",
    "ta",
    "te",
    "id",
    "ms",
    "vi",
    "th",
    "fil",
    "sw",
    "am",
    "zu",
    "af",
    "ko",
    "ja",
    "zh",
    "zh_Hant",
    "lt",
    "lv",
    "et",
    "is",
    "ga",
    "cy",
    "ca",
    "eu",
    "gl",
    "sq",
    "mk",
    "bs",
    "ka",
    "hy",
    "az",
    "kk",
    "uz",
    "mn",
    "ne",
    "si",
    "km",
    "lo",
    "my",
    "pa",
    "gu",
    "mr",
    "kn",
    "ml",
    "be",
    "mt",
    "lb",
)


@lru_cache(maxsize=6)
def index(what: Literal["territories", "currencies", "languages"], deep: bool = False) -> Index:
    """Folded name to code; an earlier language wins where one name means two things."""
    from babel import Locale

    found: dict[str, str] = {}
    for identifier in FURTHER if deep else FIRST:
        locale = Locale.parse(identifier)
        for name, code in (*_names(locale, what), *_plurals(locale, what)):
            found.setdefault(fold(name), code)
    return found


def look_up(what: Literal["territories", "currencies", "languages"], name: str) -> str | None:
    """The code behind a name in any of the languages; the rare ones are read only when needed."""
    key = fold(name)
    return index(what).get(key) or index(what, True).get(key)


def _names(locale: Any, what: str) -> Iterable[tuple[str, str]]:
    wanted = {"territories": 2, "currencies": 3, "languages": 3}[what]
    return (
        (name, code)
        for code, name in getattr(locale, what).items()
        if len(code) <= wanted and not code.isdigit()
    )


def _plurals(locale: Any, what: str) -> Iterable[tuple[str, str]]:
    if what != "currencies":
        return ()
    plural: Mapping[str, Mapping[str, str]] = locale._data["currency_names_plural"]
    return ((name, code) for code, forms in plural.items() for name in forms.values())
