"""Postcodes in the form of their country, leading zeros kept."""

import re
from collections.abc import Sequence
from functools import lru_cache

from carpel.values.base import EMPTY, Normal, kept, refused, tidy
from carpel.values.placeholders import is_placeholder

LOST_ZERO = "a leading zero seems lost"
_DIGITS = {
    "4": "AT AU BE BG CH DK HU LU NO NZ SI ZA AR PH BD CY GE",
    "5": "DE ES FI FR IT HR EE TR MX UA TH MY ID MA EG SA KR RS LT MC",
    "6": "CN IN RU RO SG CO VN KZ BY NG EC",
    "7": "IL CL",
    "4|6": "AR",
}
_FORMS = {
    "US": (r"(\d{5})(\d{4})?", r"\1-\2"),
    "GB": (r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})", r"\1 \2"),
    "CA": (r"([ABCEGHJ-NPRSTVXY]\d[A-Z])(\d[A-Z]\d)", r"\1 \2"),
    "NL": (r"([1-9]\d{3})([A-Z]{2})", r"\1 \2"),
    "IE": (r"([A-Z]\d[\dW])([A-Z\d]{4})", r"\1 \2"),
    "BR": (r"(\d{5})(\d{3})", r"\1-\2"),
    "PL": (r"(\d{2})(\d{3})", r"\1-\2"),
    "PT": (r"(\d{4})(\d{3})", r"\1-\2"),
    "JP": (r"(\d{3})(\d{4})", r"\1-\2"),
    "SE": (r"(\d{3})(\d{2})", r"\1 \2"),
    "CZ": (r"(\d{3})(\d{2})", r"\1 \2"),
    "SK": (r"(\d{3})(\d{2})", r"\1 \2"),
    "GR": (r"(\d{3})(\d{2})", r"\1 \2"),
    "LV": (r"(?:LV)?(\d{4})", r"LV-\1"),
    "MT": (r"([A-Z]{3})(\d{4})", r"\1 \2"),
    "TW": (r"(\d{3}(?:\d{2,3})?)", r"\1"),
    "AR": (r"([A-Z]?\d{4}(?:[A-Z]{3})?)", r"\1"),
    "IS": (r"(\d{3})", r"\1"),
}
_BEFORE = re.compile(r"^(?:[A-Z]{1,3})[- ]+(?=\d)")
_ANY = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9 -]{1,9}")


@lru_cache(maxsize=300)
def _form(country: str) -> tuple[re.Pattern[str], str] | None:
    if country in _FORMS:
        pattern, shape = _FORMS[country]
        return re.compile(pattern), shape
    length = next((digits for digits, where in _DIGITS.items() if country in where.split()), None)
    return (re.compile(rf"(\d{{{length}}})"), r"\1") if length else None


def normals(distinct: Sequence[str], country: str | None = None) -> list[Normal]:
    """Postcodes as their country writes them; any short code with a digit where it is unknown.

    Where no code of the column begins with a zero, a spreadsheet took them away: they come back.
    """
    return placed([(text, country) for text in distinct])


def placed(distinct: Sequence[tuple[str, str | None]]) -> list[Normal]:
    """The same of codes that each have a country (two letters) of their own, where one is known."""
    zeroless = not any(text.lstrip().startswith("0") for text, _ in distinct)
    found = [_normal(text, country) for text, country in distinct]
    pairs = list(zip(distinct, found, strict=True))
    whole = {country for (_, country), each in pairs if each.value is not None}
    return [
        _padded(text, each, country) if zeroless and country in whole else each
        for (text, country), each in pairs
    ]


def _padded(text: str, found: Normal, country: str | None) -> Normal:
    if found.reason != LOST_ZERO:
        return found
    digits = re.sub(r"\.0$", "", tidy(text))
    candidates = (_normal("0" * zeros + digits, country).value for zeros in (1, 2))
    return Normal(next(filter(None, candidates)), "zeros")


def _normal(text: str, country: str | None) -> Normal:
    bare = tidy(text).upper()
    if not bare:
        return EMPTY
    if is_placeholder(bare) or (bare.isdigit() and len(bare) > 3 and set(bare) == {"9"}):
        return refused("placeholder")
    bare = re.sub(r"(?<=\d)\.0$", "", bare)
    form = _form(country) if country else None
    if form is None:
        return kept(text, bare) if _ANY.fullmatch(bare) else refused("not a postcode")
    pattern, shape = form
    match = pattern.fullmatch(re.sub(r"[\s.-]", "", _BEFORE.sub("", bare)))
    if match:
        return kept(text, match.expand(shape).rstrip("-"))
    return refused(_fault(bare, country or "", pattern))


def _fault(bare: str, country: str, pattern: re.Pattern[str]) -> str:
    padded = (
        bare.isdigit()
        and len(bare) >= 3
        and any(pattern.fullmatch("0" * zeros + bare) for zeros in (1, 2))
    )
    return LOST_ZERO if padded else f"not a postcode of {country}"
