"""Numbers as people read them: thousands marked, per cent, money with its currency."""

LOCALE = "en"
THIN = "\u00a0"
"""Between a number and what it counts, so that a line does not break there."""
SPANS = ("days", "years", "hours", "minutes", "seconds", "months", "weeks", "km")


def number(value: float | None) -> str:
    """A number with thousands marked and no more digits than it deserves."""
    if value is None:
        return "not known"
    if float(value).is_integer() or abs(value) >= 100:
        return f"{value:,.0f}".replace("-", "−")
    digits = 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}".replace("-", "−")


def percent(value: float | None) -> str:
    """A share of 0 to 1 as per cent; what is not nothing or all is not rounded to it."""
    if value is None:
        return "not known"
    if value < 0:
        return f"−{percent(-value)}" if value <= -0.0005 else f"a little under 0{THIN}%"
    if 0 < value < 0.0005:
        return f"under 0.1{THIN}%"
    if 0.9995 <= value < 1:
        return f"over 99.9{THIN}%"
    digits = 0 if value in (0, 1) or 0.0995 <= value < 0.995 or value > 1 else 1
    return f"{value * 100:.{digits}f}{THIN}%"


def signed(value: float, digits: str, currency: str) -> str:
    """Digits of an amount behind the sign of its currency; nothing has no minus."""
    from babel.numbers import get_currency_symbol

    sign = get_currency_symbol(currency, locale=LOCALE)
    minus = "−" if value < 0 and digits.strip("0.,") else ""
    return f"{minus}{sign}{'' if len(sign) == 1 else THIN}{digits}"


def money(value: float | None, currency: str) -> str:
    """An amount in whole units of its currency; small ones keep their cents."""
    if value is None:
        return "not known"
    whole = value == 0 or abs(value) >= 100
    return signed(value, f"{abs(value):,.{0 if whole else 2}f}", currency)


def is_currency(unit: str) -> bool:
    """Whether a unit is a currency's three letters."""
    return len(unit) == 3 and unit.isupper()


def figure(value: float, unit: str) -> str:
    """A value as a sentence says it the second time: money and shares with their sign."""
    if is_currency(unit):
        return money(value, unit)
    return percent(value) if unit in ("share", "rate") else number(value)


def measured(value: float, unit: str) -> str:
    """A value as a sentence says it the first time, with what it counts: `3 orders`, `1 day`."""
    said = figure(value, unit)
    if is_currency(unit) or unit in ("", "share", "rate", "ratio"):
        return said
    one = unit[:-1] if said == "1" and unit.endswith("s") else unit
    return f"{said}{THIN}{one}"
