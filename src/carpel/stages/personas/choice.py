"""Which of all that is known goes into which section of a persona."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from carpel.stages.personas.candidate import Judged

PATTERNS: Mapping[str, str] = {
    "age": r"age(_band|_group|_band_stated|_stated)?|generation|senior\w*",
    "gender": r"gender|sex",
    "income": r"\w*income\w*",
    "education": r"\w*education\w*|occupation|profession|job\w*|language",
    "family": r"children|kids|partner|spouse|dependents?|married|household_\w+|marital_status|"
    r"family\w*|life_stage|home_ownership",
    "place": r"city|region|country|state|urbanity|climate|branch_distance_km",
    "interests": r"interests?|favourite_(category|brand|feature)",
    "habits": r"orders_365d|average_order_value|median_gap_days|lines_per_order|recency_days|"
    r"discounted_order_share|coupons_redeemed_365d|brand_switching_share|visits_90d|"
    r"check_ins_30d|plan|recurring_revenue_monthly",
    "days": r"reached|favourite_(weekday|daypart|season|channel|store)|weekend_share|"
    r"email_(open|click)_rate_90d",
    "needs": r"survey_\w*need\w*",
    "pains": r"tickets_90d|resolution_hours|return_share|cart_abandonment_share|nps_(score|group)|"
    r"satisfaction_score|past_due|survey_\w*(problem|difficult|hard|easy)\w*",
    "motivations": r"survey_\w*(why|motiv|important|reason)\w*",
    "objections": r"survey_\w*(object|prevent|doubt|barrier|keep)\w*",
    "tone": r"survey_\w*(tone|style|letter)\w*",
}
"""Names of traits by section."""
OTHERWISE: Mapping[str, str] = {
    "demographic": "education",
    "geographic": "place",
    "psychographic": "interests",
}
"""Where traits of no pattern go, by criterion."""
MOST: Mapping[str, int] = {"habits": 5, "days": 6, "family": 4, "age": 2, "buys": 6, "seldom": 6}
SOME = 3
"""Sentences of a section at most, where MOST does not say."""
STRONGEST = 5
TELLING = 0.05
"""A value that not even so large a share has tells nothing of a group it is not special to."""
BELIEVED = re.compile(
    rf"{PATTERNS['age']}|{PATTERNS['gender']}|{PATTERNS['income']}|{PATTERNS['family']}|"
    rf"{PATTERNS['place']}|weekend_share|discounted_order_share"
)
"""What people like to think that they know of a group."""
SEVERAL = frozenset({"reached"})
"""Told value by value: who can be reached by one channel may be by another."""
COMMON = 0.1
"""What fewer of everybody else have, nobody takes for granted."""
PLAINEST = frozenset({"orders_365d", "spend_365d", "coupons_redeemed_365d"})
"""Of traits about one idea, those that are said first wherever they are clear."""
UNTELLING = re.compile(
    r"favourite_\w+_share|brands_distinct|products_distinct|items_\w+|\w+_previous_365d|gross_\w+|known_days|tenure_days|\w*inactive_days|"
    r"rhythm_ratio|gap_cv|repeat_customer|\w+_low|\w+_high"
)
"""Traits that tell a person little, or say again what another says."""


@lru_cache(maxsize=4096)
def section(trait: str, criterion: str) -> str | None:
    """The section a trait belongs in; None for those that are told only where they stand out."""
    for name, pattern in PATTERNS.items():
        if re.fullmatch(pattern, trait):
            return name
    return OTHERWISE.get(criterion)


def chosen(name: str, found: Sequence[Judged]) -> list[Judged]:
    """What a section tells of its traits: of a category what stands out, else the commonest."""
    traits: dict[str, list[Judged]] = {}
    for each in found:
        it = each.candidate
        key = f"{it.of} {it.part}" if it.of in SEVERAL else it.of
        traits.setdefault(key, []).append(each)
    picked = [picked for each in traits.values() if (picked := _picked(each))]
    ranked = sorted(picked, key=lambda row: (not _clear(row[0]), _rank(name, row[0])))
    first = [row[0] for row in ranked]
    more = [each for row in ranked for each in row[1:]]
    return [*first, *more][: MOST.get(name, SOME)]


def _picked(values: Sequence[Judged]) -> list[Judged]:
    if values[0].candidate.part in ("yes", "no"):
        values = [each for each in values if each.candidate.part == "yes"] or values
    clear = [each for each in values if each.direction == "more"]
    if values[0].candidate.part is None or not clear:
        commonest = max(values, key=lambda each: each.candidate.inside.mean)
        telling = values[0].candidate.part is None or commonest.candidate.inside.mean >= TELLING
        return [commonest] if telling else []
    return sorted(clear, key=lambda each: -each.effect)[:2]


def _rank(name: str, each: Judged) -> int:
    """The place of a trait in the pattern of its section."""
    alternatives = PATTERNS.get(name, "").split("|")
    for at, pattern in enumerate(alternatives):
        if pattern.startswith(each.candidate.of):
            return at
    return len(alternatives)


def _common(each: Judged) -> bool:
    return each.candidate.part is None or each.candidate.outside.mean >= COMMON


def _clear(each: Judged) -> bool:
    return each.direction in ("more", "less")


def buys(found: Iterable[Judged]) -> list[Judged]:
    """What more of them buy than of others, the clearest first."""
    clear = [each for each in found if each.direction == "more"]
    return sorted(clear, key=lambda each: -each.effect)[: MOST["buys"]]


def seldom(found: Iterable[Judged]) -> list[Judged]:
    """What fewer of them buy; what nobody of them does comes first."""
    clear = [each for each in found if each.direction == "less"]
    clear.sort(key=lambda each: (each.candidate.inside.mean > 0, each.effect))
    return clear[: MOST["seldom"]]


def strongest(found: Iterable[Judged], asked: Iterable[str] = ()) -> list[Judged]:
    """What sets them apart most, one of traits that say nearly the same; none of those `asked`."""
    told: dict[str, Judged] = {}
    known = {_idea(each) for each in asked}
    found = [each for each in found if _idea(each.candidate.of) not in known]
    for each in sorted(found, key=lambda each: (-abs(each.effect), each.candidate.of)):
        it = each.candidate
        plain = it.part is None or (each.direction == "more" and it.part != "no")
        if _clear(each) and plain and not UNTELLING.fullmatch(it.of):
            best = told.setdefault(_idea(it.of), each)
            if it.of in PLAINEST and best.candidate.of not in PLAINEST:
                told[_idea(it.of)] = each
    return list(told.values())[:STRONGEST]


def _idea(trait: str) -> str:
    """What a trait is about, whatever the stretch of time."""
    bare = re.sub(r"_(\d+d|total|distinct|days|per_order|365d|score|group|stated)$", "", trait)
    return {
        "lines": "orders",
        "categories": "orders",
        "recency": "orders",
        "household_type": "children",
        "household_size": "children",
        "life_stage": "children",
        "active_days": "orders",
        "median_gap": "orders",
        "largest_order_value": "average_order_value",
        "discount_share": "discounted_order_share",
        "age_band": "age",
        "generation": "age",
    }.get(bare, bare)


def believed(found: Iterable[Judged]) -> list[Judged]:
    """What is not different though one would think so; alike for sure comes first."""
    told: dict[str, Judged] = {}
    listed = [each for each in found if BELIEVED.fullmatch(each.candidate.of)]
    different = {_idea(each.candidate.of) for each in listed if _clear(each)}
    listed = [each for each in listed if _common(each)]
    listed.sort(key=lambda each: (each.direction != "same", -each.candidate.outside.mean))
    for each in listed:
        idea = _idea(each.candidate.of)
        if not _clear(each) and idea not in different:
            told.setdefault(idea, each)
    return list(told.values())[:SOME]
