"""The kinds of values, and what makes each regular."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from carpel.values import country as countries
from carpel.values import currency, email, language, meanings, person, phone, postcode
from carpel.values.base import EMPTY, Normal, kept, refused, tidy
from carpel.values.placeholders import is_placeholder

Reader = Callable[[Sequence[str], str | None], list[Normal]]


def normal(kind: str, distinct: Sequence[str], country: str | None = None) -> list[Normal]:
    """Make each value regular, in order; hand in every distinct value of a column once.

    `kind` is one of KINDS, KeyError otherwise; `country` (two letters) reads phones, postcodes
    and currency signs that leave it out.
    """
    return KINDS[kind](distinct, country)


def _texts(distinct: Sequence[str], _country: str | None) -> list[Normal]:
    return [_text(text) for text in distinct]


def _text(text: str) -> Normal:
    bare = tidy(text)
    if not bare:
        return EMPTY
    if is_placeholder(bare):
        return refused("placeholder")
    repaired = person.mended(bare)
    return kept(text, repaired, "form" if repaired == bare else "characters")


def _identifiers(distinct: Sequence[str], _country: str | None) -> list[Normal]:
    """Numbers that a spreadsheet wrote as `17.0` lose the `.0` when all of them have it.

    Zeros only are the first number where others of that length begin with a zero, else nothing.
    """
    floats = bool(distinct) and all(re.fullmatch(r"\s*\d+\.0|\s*", text) for text in distinct)
    filled = {len(bare) for bare in map(tidy, distinct) if re.fullmatch(r"0+[1-9]\d*", bare)}
    return [_identifier(text, floats, filled) for text in distinct]


def _identifier(text: str, floats: bool, filled: Collection[int]) -> Normal:
    bare = tidy(text)
    if not bare:
        return EMPTY
    if is_placeholder(bare) and not (bare.isdigit() and len(bare) in filled):
        return refused("placeholder")
    return kept(text, bare.removesuffix(".0") if floats else bare)


KINDS: Mapping[str, Reader] = {
    "email": lambda distinct, _: [email.normal(text) for text in distinct],
    "phone": lambda distinct, country: [phone.normal(text, country) for text in distinct],
    "country": lambda distinct, _: [countries.normal(text) for text in distinct],
    "currency": lambda distinct, country: [currency.normal(text, country) for text in distinct],
    "language": lambda distinct, _: [language.normal(text) for text in distinct],
    "gender": lambda distinct, _: meanings.genders(distinct),
    "boolean": lambda distinct, _: meanings.booleans(distinct),
    "name": lambda distinct, _: [person.normal(text) for text in distinct],
    "postcode": postcode.normals,
    "identifier": _identifiers,
    "text": _texts,
}
