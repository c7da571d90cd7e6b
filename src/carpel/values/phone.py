"""Phone numbers in E.164: `+` and digits, the same number always the same text."""

import re
from functools import lru_cache
from typing import NamedTuple

from carpel.values.base import EMPTY, Normal, kept, refused, tidy
from carpel.values.placeholders import is_filler, is_placeholder

_USUAL = re.compile(r"\+?[\d\s().\-/·•]+")
_EXTENSION = re.compile(
    r"[\s,;]*(?:extension|extensión|ext\.?|ramal|anexo|interno|int\.|durchwahl|dw\.?|poste|доб\.?"
    r"|wew\.?|toestel|x|#)\s*[:.=]?\s*(\d{1,7})\s*$",
    re.I,
)
_LABEL = re.compile(
    r"^(?:tel(?:ephone|efon|éfono|efono|éphone)?|phone|fon|mob(?:ile|il|iel)?"
    r"|cell?|handy|móvil|gsm|t|p|m)\s*[:.]+\s*|^tel:",
    re.I,
)
NO_COUNTRY = "form without country"


class Region(NamedTuple):
    """What is needed to judge a country's usual numbers without the whole library."""

    code: str
    valid: re.Pattern[str]
    prefix: str
    prefixed: re.Pattern[str]


def normal(text: str, country: str | None = None) -> Normal:
    """E.164, with `;ext=12` behind it for an extension.

    `country` (two letters) reads numbers that leave it out; without one, 7 to 15 digits stay as
    they are, comparable among themselves only, with the fix `form without country`.
    """
    bare = _LABEL.sub("", tidy(text))
    if re.fullmatch(r"\d+\.0", bare):
        bare = bare[:-2]
    if not bare:
        return EMPTY
    if is_placeholder(bare):
        return refused("placeholder")
    extension = _EXTENSION.search(bare)
    number = bare[: extension.start()] if extension else bare
    found = _quick(number, country) or _thorough(number, country)
    if found.value is None or found.fix == NO_COUNTRY:
        return found
    suffix = f";ext={extension[1]}" if extension else ""
    return kept(text, found.value + suffix)


def _quick(number: str, country: str | None) -> Normal | None:
    """A usual number of the country itself; None where the library has to decide."""
    region = _region(country) if country else None
    if region is None or not _USUAL.fullmatch(number):
        return None
    digits = re.sub(r"\D", "", number)
    if number.startswith("+"):
        if not digits.startswith(region.code):
            return None
        digits = digits[len(region.code) :]
    elif region.prefix and digits.startswith(region.prefix):
        digits = digits[len(region.prefix) :]
    if region.prefixed.match(digits) or not region.valid.fullmatch(digits) or is_filler(digits):
        return None
    return Normal(f"+{region.code}{digits}")


@lru_cache(maxsize=300)
def _region(country: str) -> Region | None:
    """A country's patterns; None where it is not the first of its calling code."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    about = PhoneMetadata.metadata_for_region(country, None)
    if (
        about is None
        or about.country_code is None
        or COUNTRY_CODE_TO_REGION_CODE[about.country_code][0] != country
    ):
        return None
    prefix, plain = about.national_prefix or "", about.national_prefix_for_parsing or ""
    if about.national_prefix_transform_rule or (prefix and plain != prefix):
        return None
    kinds = (
        about.fixed_line,
        about.mobile,
        about.toll_free,
        about.premium_rate,
        about.shared_cost,
        about.voip,
        about.personal_number,
        about.pager,
        about.uan,
    )
    patterns = [
        kind.national_number_pattern
        for kind in kinds
        if kind is not None and kind.national_number_pattern
    ]
    return Region(
        str(about.country_code),
        re.compile("|".join(f"(?:{each})" for each in patterns)),
        prefix,
        re.compile(plain or "(?!)"),
    )


def _thorough(number: str, country: str | None) -> Normal:
    import phonenumbers as library

    digits = re.sub(r"\D", "", number)
    if is_filler(digits):
        return refused("placeholder")
    international = "+" + number.lstrip("0 ") if number.startswith("00") else number
    if country is None and not international.startswith("+"):
        return _without_country(number, digits)
    try:
        parsed = library.parse(international, country)
    except library.NumberParseException:
        return refused("not a phone number")
    if not library.is_valid_number(parsed):
        return refused("no such phone number")
    return Normal(library.format_number(parsed, library.PhoneNumberFormat.E164))


def _without_country(number: str, digits: str) -> Normal:
    if not _USUAL.fullmatch(number) or not 7 <= len(digits) <= 15:
        return refused("not a phone number")
    return Normal(digits, NO_COUNTRY if digits != number else "")
