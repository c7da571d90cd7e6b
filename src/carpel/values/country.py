"""Countries as two letters, from a code or a name in any common language."""

from functools import lru_cache

from carpel.values.base import EMPTY, Normal, fold, kept, refused, tidy
from carpel.values.localized import Index, look_up
from carpel.values.placeholders import is_placeholder

_SAID = {
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "britain": "GB",
    "eng": "GB",
    "sct": "GB",
    "wls": "GB",
    "u s a": "US",
    "u s": "US",
    "u k": "GB",
    "america": "US",
    "united states of america": "US",
    "the united states": "US",
    "estados unidos de america": "US",
    "ee uu": "US",
    "eeuu": "US",
    "vereinigte staaten von amerika": "US",
    "etats unis d amerique": "US",
    "brd": "DE",
    "bundesrepublik deutschland": "DE",
    "federal republic of germany": "DE",
    "holland": "NL",
    "the netherlands": "NL",
    "korea": "KR",
    "republic of korea": "KR",
    "south korea": "KR",
    "russian federation": "RU",
    "viet nam": "VN",
    "ivory coast": "CI",
    "burma": "MM",
    "czech republic": "CZ",
    "tschechische republik": "CZ",
    "macedonia": "MK",
    "swaziland": "SZ",
    "turkiye": "TR",
    "uae": "AE",
    "u a e": "AE",
    "ksa": "SA",
    "prc": "CN",
    "roc": "TW",
    "republic of ireland": "IE",
    "eire": "IE",
    "hong kong": "HK",
    "macau": "MO",
    "macao": "MO",
    "cape verde": "CV",
    "east timor": "TL",
    "vatican": "VA",
    "palestine": "PS",
    "laos": "LA",
    "moldova": "MD",
    "iran": "IR",
    "syria": "SY",
    "tanzania": "TZ",
    "bolivia": "BO",
    "venezuela": "VE",
    "brunei": "BN",
    "congo": "CG",
    "kongo": "CG",
    "dr congo": "CD",
    "drc": "CD",
}


@lru_cache(maxsize=1)
def _codes() -> Index:
    """Two letters, three letters and numbers, to two letters."""
    from babel import Locale
    from babel.core import get_global

    names = Locale("en").territories
    two = {
        code: code
        for code in names
        if len(code) == 2
        and code.isalpha()
        and code not in ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ")
    }
    former = {
        old: new[0]
        for old, new in get_global("territory_aliases").items()
        if len(new) == 1 and new[0] in two
    }
    return {**former, **two}


@lru_cache(maxsize=50_000)
def normal(text: str) -> Normal:
    """ISO 3166-1 alpha-2."""
    bare = tidy(text)
    if not bare:
        return EMPTY
    said = _SAID.get(fold(bare)) or _codes().get(bare.upper().strip("."))
    code = said or (None if is_placeholder(bare) else look_up("territories", bare))
    if code is None:
        return refused("placeholder" if is_placeholder(bare) else "no country of this name")
    return kept(text, code)
