"""Currencies as three letters, from a code, a sign or a name."""

from functools import lru_cache

from carpel.values.base import EMPTY, Normal, fold, kept, refused, tidy
from carpel.values.localized import look_up
from carpel.values.placeholders import is_placeholder

_SIGNS = {
    "€": "EUR",
    "£": "GBP",
    "us$": "USD",
    "$us": "USD",
    "u$s": "USD",
    "c$": "CAD",
    "ca$": "CAD",
    "a$": "AUD",
    "au$": "AUD",
    "nz$": "NZD",
    "hk$": "HKD",
    "s$": "SGD",
    "r$": "BRL",
    "mx$": "MXN",
    "nt$": "TWD",
    "₹": "INR",
    "₽": "RUB",
    "₺": "TRY",
    "₩": "KRW",
    "₪": "ILS",
    "₫": "VND",
    "฿": "THB",
    "₱": "PHP",
    "₦": "NGN",
    "₴": "UAH",
    "₸": "KZT",
    "₾": "GEL",
    "zł": "PLN",
    "kč": "CZK",
    "ft": "HUF",
    "円": "JPY",
    "元": "CNY",
    "руб": "RUB",
    "fr.": "CHF",
    "sfr": "CHF",
    "rs": "INR",
    "rs.": "INR",
    "rp": "IDR",
    "rm": "MYR",
    "₵": "GHS",
    "₡": "CRC",
    "₲": "PYG",
    "₼": "AZN",
    "₭": "LAK",
    "₮": "MNT",
}
_SHARED = {
    "$": "USD",
    "¥": "JPY",
    "￥": "JPY",
    "dollar": "USD",
    "dollars": "USD",
    "pound": "GBP",
    "pounds": "GBP",
    "kr": None,
    "kr.": None,
    "krone": None,
    "krona": None,
    "kronor": None,
    "kroner": None,
    "peso": None,
    "pesos": None,
    "franc": "CHF",
    "francs": "CHF",
    "rupee": "INR",
    "rupees": "INR",
    "yen": "JPY",
    "yuan": "CNY",
    "rmb": "CNY",
    "sterling": "GBP",
}
_SHARES = {
    "$": {
        "USD",
        "CAD",
        "AUD",
        "NZD",
        "HKD",
        "SGD",
        "MXN",
        "ARS",
        "CLP",
        "COP",
        "TWD",
        "BSD",
        "BBD",
        "BZD",
        "BMD",
        "FJD",
        "GYD",
        "JMD",
        "KYD",
        "LRD",
        "NAD",
        "SBD",
        "SRD",
        "TTD",
        "UYU",
        "XCD",
    },
    "¥": {"JPY", "CNY"},
    "kr": {"SEK", "NOK", "DKK", "ISK"},
    "dollar": {"USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "JMD", "TTD", "BSD", "FJD"},
    "pound": {"GBP", "EGP", "LBP"},
    "peso": {"MXN", "ARS", "CLP", "COP", "PHP", "UYU", "DOP"},
    "franc": {"CHF", "XOF", "XAF"},
    "rupee": {"INR", "PKR", "LKR", "NPR", "MUR"},
}
_FAMILY = {
    "￥": "¥",
    "kr.": "kr",
    "krone": "kr",
    "krona": "kr",
    "kronor": "kr",
    "kroner": "kr",
    "dollars": "dollar",
    "pounds": "pound",
    "pesos": "peso",
    "francs": "franc",
    "rupees": "rupee",
}


@lru_cache(maxsize=10_000)
def normal(text: str, country: str | None = None) -> Normal:
    """ISO 4217. A sign several countries share means the country's own, else the usual one."""
    bare = tidy(text)
    if not bare:
        return EMPTY
    lower = bare.lower()
    if lower in _SHARED:
        code = _of_country(_SHARES.get(_FAMILY.get(lower, lower), set()), country)
        code = code or _SHARED[lower]
        return kept(text, code) if code else refused("a currency several countries share")
    code = _SIGNS.get(lower) or _code(bare) or _named(bare)
    if code:
        return kept(text, code)
    return refused("placeholder" if is_placeholder(bare) else "no currency of this name")


def _code(text: str) -> str | None:
    from babel import Locale

    upper = text.upper()
    return upper if upper in Locale("en").currencies and upper != "XXX" else None


def _named(text: str) -> str | None:
    return look_up("currencies", text) if fold(text) and not is_placeholder(text) else None


def _of_country(candidates: set[str], country: str | None) -> str | None:
    if country is None:
        return None
    from babel.numbers import get_territory_currencies

    return next((code for code in get_territory_currencies(country) if code in candidates), None)
