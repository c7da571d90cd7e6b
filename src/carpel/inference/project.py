"""What files say about the business behind them: its kind, country and currency."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from carpel import values
from carpel.inference.clocks import zone_of
from carpel.inference.roles import roles
from carpel.inference.sample import Sample
from carpel.inference.source import SourceProposal
from carpel.inference.words import folded, snake
from carpel.specs import Project

SIGNS = {"R$": "BRL", "€": "EUR", "£": "GBP", "$": "USD", "¥": "JPY", "₹": "INR", "zł": "PLN"}
NAMED = {
    "dollar": "USD",
    "usd": "USD",
    "eur": "EUR",
    "euro": "EUR",
    "gbp": "GBP",
    "pound": "GBP",
    "chf": "CHF",
    "brl": "BRL",
}
BOUGHT = frozenset({"product_purchased", "order_completed"})
"""Events that make a business a shop, whatever kind of file tells them."""
"""Words in column names that say a currency; a dollar is the American one unless a country says."""
NO_CURRENCY = "Nothing says which currency amounts are in: EUR is a guess, set it here."


def project_of(
    name: str, sources: Sequence[SourceProposal], samples: Sequence[Sample], rated: str = ""
) -> tuple[Project, tuple[str, ...]]:
    """The project, and what had to be guessed for it, in sentences.

    `rated` is the currency that a file of rates tells all others in, where there is one.
    """
    country, share = _country(sources, samples)
    most = share > 0.5
    currency, why = _currency(sources, samples, country)
    if rated:
        currency, why = rated, f"Rates are told in {rated}."
    kind = _kind(sources)
    guessed = not why or why == NO_CURRENCY or "guess" in why
    zone, clocks = zone_of(country if most else None, currency, guessed=guessed)
    notes = [*([why] if why else ()), clocks]
    if country:
        notes.append(_named(country, share, most=most))
    folder = snake(name)
    return Project(
        name=folder, label=name, currency=currency, country=country, kind=kind, timezone=zone
    ), tuple(notes)


def _named(country: str, share: float, *, most: bool) -> str:
    if most:
        return f"Most rows that name a country name {country}."
    return (
        f"No country is named by most rows that name one: {country}, which is taken, by "
        f"{share:.0%}. Set `country` where it is not so."
    )


Business = Literal["shop", "subscription", "venue", "people"]


def _kind(sources: Sequence[SourceProposal]) -> Business:
    kinds = {source.kind for source in sources}
    if "check_ins" in kinds:
        return "venue"
    if any(source.spec.hold for source in sources) and not kinds & {"order_lines"}:
        return "subscription"
    bought = any(each.event in BOUGHT for source in sources for each in source.spec.track)
    return "shop" if bought or kinds & {"order_lines", "orders"} else "people"


def _columns(
    sources: Sequence[SourceProposal], samples: Sequence[Sample], role: str
) -> Counter[str]:
    """The values of the columns of a role with how often they stand, over all files."""
    counts: Counter[str] = Counter()
    for source, sample in zip(sources, samples, strict=True):
        for each in source.columns:
            if each.role == role:
                counts.update(sample.look(each.column).counts)
    return counts


def _country(
    sources: Sequence[SourceProposal], samples: Sequence[Sample]
) -> tuple[str | None, float]:
    """The country that most often is named, and its share of the rows that name one."""
    counts = _columns(sources, samples, "country")
    said = list(counts)
    codes: Counter[str] = Counter()
    for text, normal in zip(said, values.normal("country", said), strict=True):
        if normal.value:
            codes[normal.value] += counts[text]
    if not codes:
        return None, 0.0
    country, rows = codes.most_common(1)[0]
    return country, rows / codes.total()


def _currency(
    sources: Sequence[SourceProposal], samples: Sequence[Sample], country: str | None
) -> tuple[str, str]:
    """The currency and how it is known; nothing is said of a guess where no amount was read."""
    counts = _columns(sources, samples, "currency")
    codes = Counter(
        {key.upper(): n for key, n in counts.items() if re.fullmatch("[A-Za-z]{3}", key)}
    )
    if codes:
        most = codes.most_common(1)[0][0]
        return most, f"Most rows are in {most}."
    for sample in samples:
        for look in sample.looks:
            if written := _written(look.name, look.values):
                return written, f"The column {look.name} is in {written}."
    return _guessed(country, said=_amounts(sources))


def _amounts(sources: Sequence[SourceProposal]) -> bool:
    """Whether any column was read as a sum of money."""
    return any(
        each.role in roles() and roles()[each.role].kind == "money"
        for source in sources
        for each in source.columns
    )


def _guessed(country: str | None, *, said: bool) -> tuple[str, str]:
    if country and (usual := _of_country(country)):
        return usual, f"The currency is a guess from the country {country}." if said else ""
    return "EUR", NO_CURRENCY if said else ""


def _written(name: str, shown: Sequence[str]) -> str | None:
    for word, code in NAMED.items():
        if word in re.findall(r"[a-z]+", folded(name)):
            return code
    for sign, code in SIGNS.items():
        if shown and re.search(rf"{re.escape(sign)}(?![\w{{])", name):
            return code
        if sum(
            each.strip("-( ").startswith(sign) or each.endswith(sign) for each in shown
        ) > 0.5 * max(1, len(shown)) and any(re.search(r"\d", each) for each in shown):
            return code
    return None


def _of_country(country: str) -> str | None:
    from babel.numbers import get_territory_currencies

    codes = get_territory_currencies(country)
    return str(codes[0]) if codes else None
