"""How well the values of a column can be what a role asks for."""

import re
from collections.abc import Callable, Mapping

from carpel.inference.look import Look
from carpel.inference.words import folded, listed, words
from carpel.values.attendance import attendance, of_a_visit
from carpel.values.formulas import guarded
from carpel.values.statuses import meaning, won

ENOUGH = 40
"""Values from which on it tells something how many differ."""
MOST_STATES = 30
"""A column of more different values is no status."""
_FLAG = listed(
    "0 1 yes no y n true false t f ja nein oui non si sim nao nee subscribed unsubscribed "
    "active inactive 0.0 1.0 vero falso x ✓ ✗"
)
_GENDER = listed(
    "m f male female man woman w mann frau weiblich mannlich homme femme hombre mujer h uomo "
    "donna maschio femmina homem mulher vrouw other divers diverse d unknown u x mr mrs ms herr "
    "1 2 0 masculino femenino feminino non-binary"
)
_PERMISSION = listed(
    "subscribed unsubscribed cleaned pending opted_in opted_out opted-in in out "
    "never_subscribed granted denied withdrawn revoked never confirmed consented not_subscribed "
    "suppressed single_opt_in confirmed_opt_in archived"
)
_MAILED_ONLY = re.compile(
    r"mail|bounc|unsub|spam|complain|opt.?(?:ed.?)?out|ab(?:ge)?meld|desabon|desinscri"
    r"|af(?:ge)?meld|uitgeschr|disiscri"
)
_MAILED_TOO = re.compile(r"(?:open|click|sent|send|deliver|receiv)")
"""What is done with e-mails and with other things: a click on an export is none on an e-mail."""
_MAILED_BESIDE = listed("unique first total link hard soft human machine marked as list not was")
_PLACES = listed("urban suburban surburban rural city town village metropolitan remote")


def fit(kind: str, look: Look) -> float:
    """How well the values can be what a role's third field says, 0 to 1."""
    if kind not in look.fits:
        look.fits[kind] = _FITS[kind](look) if look.values else 0.75
    return look.fits[kind]


def _dates(look: Look) -> float:
    form, share = look.date
    return share if share >= 0.6 and (form != "compact" or look.distinct > 1) else 0.0


def _code(look: Look) -> float:
    if look.date[1] > 0.9 and look.date[0] in ("ymd", "parts", "named", "native"):
        return 0.0
    if look.numeric > 0.9 and look.like("integer") < 0.9:
        return 1.0 if look.like("two counters") > 0.9 else 0.1
    if look.spaced >= 0.3 or look.length >= 80:
        return 0.25
    return 1.0 if look.share(re.compile(r"\d").search) > 0.3 else 0.6


def _sku(look: Look) -> float:
    """A code that may be a word as well, and is one of two only where nothing else is said."""
    code = _code(look)
    return max(code, 0.9 if code > 0.5 else 0.35) if look.numeric <= 0.9 else code


def _key(look: Look) -> float:
    """A code that tells many things apart: five values on many rows do not, counts hardly."""
    code = _code(look)
    if look.filled < ENOUGH:
        return code
    if look.distinct <= 5:
        return code * 0.2
    few = look.distinct < 30 and look.numeric == 1 and max(map(abs, look.numbers)) < 50
    return code * (0.45 if few else 1.0)


def _line(look: Look) -> float:
    """A line's own id is unique; its number within an order is small."""
    small = look.numeric == 1 and min(look.numbers) in (0, 1) and max(look.numbers) < 1000
    return _code(look) if look.unique or small else 0.1


def _label(look: Look) -> float:
    if look.numeric > 0.9:
        return 0.5 if look.like("integer") > 0.95 and look.distinct < 1000 else 0.05
    return 0.1 if _dates(look) else 1.0


def _status(look: Look) -> float:
    """States of an order; of two columns the one whose words tell whether it stands."""
    told = look.share(lambda each: won(each) or meaning(each) != "unknown")
    return _label(look) * (0.85 + 0.15 * told)


def _attendance(look: Look) -> float:
    """States of a visit, some of which are of nothing else."""
    if look.distinct > MOST_STATES or not any(map(of_a_visit, look.values)):
        return 0.0
    return look.share(lambda each: attendance(each) != "unknown")


def _interval(look: Look) -> float:
    """Words; a figure alone, as `1` beside a column that says of what, is none."""
    return 0.2 if look.numeric > 0.9 and look.distinct == 1 else 1.0


def _street(look: Look) -> float:
    """Streets are many; three words on many rows are ways something came."""
    few = look.distinct <= 5 and look.filled >= ENOUGH
    return 0.0 if look.numeric > 0.9 else _label(look) * (0.2 if few else 1.0)


def _product(look: Look) -> float:
    """What is sold is told apart, and not in sentences."""
    return _label(look) * (0.4 if look.distinct == 1 < look.filled or look.prose else 1.0)


def _name(look: Look) -> float:
    return look.like("letters") * (0.2 if look.distinct <= 5 and look.filled >= ENOUGH else 1.0)


def _first_or_last(look: Look) -> float:
    """Names, one of them on every row too; formulas tell nothing, as somebody typed them in."""
    shown = [each for each in look.values if guarded(each) == each]
    if not shown:
        return 0.0 if look.numeric > 0.9 else 0.75
    letters = sum(map(look.letters, shown)) / len(shown)
    return letters * (0.2 if look.among(_FLAG) > 0.5 else 1.0)


def _money(look: Look) -> float:
    if look.distinct == 2 and set(look.numbers) == {0, 1}:
        return 0.0
    return look.numeric if look.date[1] < 0.9 or look.date[0] == "epoch" else 0.0


def _fractions(look: Look) -> bool:
    """Whether the numbers are shares: none above 1, some between 0 and 1."""
    return any(0 < each < 1 for each in look.numbers) and max(look.numbers) <= 1


def _reduction(look: Look) -> float:
    """Amounts taken off; where nothing ever is, the column says nothing of discounts."""
    return _money(look) * (0.4 if _fractions(look) else 1.0) if any(look.numbers) else 0.0


def _tax(look: Look) -> float:
    """Amounts of tax; a few whole numbers on many rows are rates."""
    rates = look.distinct <= 5 and look.filled >= ENOUGH and look.like("integer") == 1
    return 0.2 if rates and all(0 < each <= 40 for each in look.numbers) else _money(look)


def _count(look: Look) -> float:
    return look.numeric if look.like("integer") > 0.7 or look.numeric > 0.9 else 0.0


def _done_by_mail(text: str) -> bool:
    """Whether a value says what was done with an e-mail."""
    rest = [each for each in words(text) if each not in _MAILED_BESIDE]
    alone = bool(rest) and all(map(_MAILED_TOO.match, rest))
    return alone or _MAILED_ONLY.search(folded(text)) is not None


def _within(look: Look, low: float, high: float) -> float:
    inside = [low <= each <= high for each in look.numbers]
    return look.numeric * sum(inside) / len(inside) if inside else 0.0


def _birth(look: Look) -> float:
    years = [
        int(match[0])
        for each in look.values
        if (match := re.search(r"(?<!\d)(18|19|20)\d{2}", each))
    ]
    return _dates(look) if not years or sum(y < 2020 for y in years) > 0.8 * len(years) else 0.3


def _serial(look: Look) -> float:
    return float(look.ascending)


_FITS: Mapping[str, Callable[[Look], float]] = {
    "any": lambda _: 1.0,
    "email": lambda look: min(1.0, look.like("email") * 1.1),
    "phone": lambda look: look.like("phone") if look.date[1] < 0.5 else 0.0,
    "code": _code,
    "unique": lambda look: _code(look) * (1.0 if look.unique else 0.1),
    "serial": _serial,
    "key": _key,
    "sku": _sku,
    "line": _line,
    "event": lambda look: _label(look) * (0.3 if look.spaced > 0.9 and look.distinct > 20 else 1.0),
    "order": lambda look: _key(look) * (1.0 if look.distinct > 0.01 * look.filled else 0.2),
    "street": _street,
    "words": lambda look: 0.0 if look.numeric > 0.9 else _label(look),
    "label": _label,
    "status": _status,
    "attendance": _attendance,
    "interval": _interval,
    "name": _name,
    "first or last": _first_or_last,
    "text": lambda look: 0.2 if look.numeric > 0.9 else 1.0,
    "band": lambda look: 0.0 if look.numeric > 0.9 else _label(look),
    "number": lambda look: look.numeric,
    "money": _money,
    "tax": _tax,
    "count": _count,
    "rate": lambda look: _within(look, 0, 1) if look.distinct > 1 and _fractions(look) else 0.0,
    "percent": lambda look: _within(look, 0, 100) * (max(look.numbers, default=0) > 1),
    "reduction": _reduction,
    "date": _dates,
    "birth": _birth,
    "year": lambda look: _within(look, 1900, 2025),
    "age": lambda look: _within(look, 0, 120) if look.distinct > 2 or look.filled < 5 else 0.0,
    "gender": lambda look: look.among(_GENDER) if look.distinct <= 8 else 0.0,
    "flag": lambda look: look.among(_FLAG) if look.distinct <= 2 else 0.0,
    "permission": lambda look: (
        max(look.among(_FLAG), look.among(_PERMISSION)) if look.distinct <= 8 else 0.0
    ),
    "currency": lambda look: look.share(re.compile(r"^[A-Za-z]{3}$|^[^\w\s]$").match),
    "postcode": lambda look: look.share(
        lambda each: len(each) <= 10 and any(sign.isdigit() for sign in each)
    ),
    "urbanity": lambda look: float(look.distinct <= 6 and look.among(_PLACES) >= 0.8),
    "product": _product,
    "emailword": lambda look: look.share(_done_by_mail),
    "nps": lambda look: _within(look, 0, 10) if look.distinct <= 11 else 0.0,
    "likert": lambda look: _within(look, 0, 10) if look.distinct <= 11 else 0.0,
}
