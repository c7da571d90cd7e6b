"""Segments to start with where a file states facts about people and no doings.

Thresholds come from the data: the highest and the lowest fifth of a figure, rounded.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, islice, zip_longest
from typing import Any

from carpel.starters.facts import FEW, Fact
from carpel.starters.recipe import Recipe, every, trait

LEFT = re.compile(r"(^|_)(churn(ed)?|cancel(l?ed)?|left|attrition|exited|lapsed|unsubscribed)($|_)")
DONE = re.compile(
    r"(^|_)(conver(sion|ted)|respon(se|ded)|purchased?|bought|visit(ed)?|retention|retained|"
    r"subscribed|opened|clicked|active|renewed|accepted)($|_)"
)
SILENT = re.compile(r"(^|_)(recency|since|inactive|last_(seen|order|visit|purchase))($|_)")
TENURE = re.compile(r"(^|_)(tenure|seniority|member_for|years_with|account_age|months_with)($|_)")
MONEY = re.compile(
    r"(^|_)(spend(ing)?|spent|charges?|history|revenue|amount|balance|income|salary|total|sales|"
    r"value|ltv|clv|fee|premium)($|_)"
)
MANY = 15
"""Different figures from which on a fifth of them is a group of its own."""
COMBINED = 4
"""Combinations to start with."""
SEVERAL = 8
"""The same for figures whose name says what they are."""


def recipes(found: Sequence[Fact]) -> list[Recipe]:
    """Segments by what is stated: combinations first, then one of each kind in turn."""
    kinds = (_outcomes, _money, _silent, _tenure, _largest, _figures, _answers, _flags)
    rounds = zip_longest(*([*kind(found)] for kind in kinds))
    singly = [recipe for several in rounds for recipe in several if recipe]
    return [*islice(_together(found), COMBINED), *singly]


def _spread(fact: Fact) -> bool:
    return fact.numeric and fact.different >= MANY


def _named(found: Sequence[Fact], words: re.Pattern[str]) -> list[Fact]:
    return [
        each
        for each in found
        if each.numeric and each.different >= SEVERAL and words.search(each.name)
    ]


def _costly(found: Sequence[Fact]) -> list[Fact]:
    return [each for each in _named(found, MONEY) if not SILENT.search(each.name)]


def _said(found: Sequence[Fact], words: re.Pattern[str]) -> list[Fact]:
    return [each for each in found if each.yes is not None and words.search(each.name)]


def _is(fact: Fact, value: Any) -> dict[str, Any]:
    return trait(fact.name, **{"is": value})


def _most(fact: Fact) -> dict[str, Any]:
    """The highest fifth; more than the least where most have only that."""
    if fact.high is None or fact.least is None or fact.high <= fact.least:
        return trait(fact.name, more_than=fact.least)
    return trait(fact.name, at_least=fact.high)


def _least(fact: Fact) -> dict[str, Any]:
    return trait(fact.name, at_most=fact.low)


def _together(found: Sequence[Fact]) -> Iterator[Recipe]:
    silent, tenure, money = _named(found, SILENT), _named(found, TENURE), _costly(found)
    for figure, silence in zip(money[:1], silent[:1], strict=False):
        yield Recipe(
            f"high_{figure.name}_and_silent",
            f"Much {_low(figure)}, silent longest",
            "Win back",
            "Write personally: what is new, and a reason to come this month",
            every(_most(figure), _most(silence)),
        )
    for figure, since in zip(money[:1], tenure[:1], strict=False):
        yield Recipe(
            f"long_{since.name}_and_high_{figure.name}",
            f"Long with us, high {_low(figure)}",
            "Keep them, be recommended by them",
            "Thanks, a referral, something that money off is not",
            every(_most(since), _most(figure)),
        )
        yield Recipe(
            f"short_{since.name}_and_high_{figure.name}",
            f"New with us, high {_low(figure)}",
            "Make them stay",
            "Welcome, a person to ask, a check that they have what they expected",
            every(_least(since), _most(figure)),
        )
    for one, other in combinations(_said(found, DONE), 2):
        yield _not_yet(*sorted((one, other), key=lambda fact: -fact.agreed))
    for one, other in combinations(money[:2], 2):
        yield from (_apart(one, other), _apart(other, one))


def _apart(much: Fact, little: Fact) -> Recipe:
    return Recipe(
        f"high_{much.name}_low_{little.name}",
        f"High {_low(much)}, low {_low(little)}",
        "Raise what is low",
        "Ask what is missing; show what fits people like them",
        every(_most(much), _least(little)),
    )


def _not_yet(first: Fact, second: Fact) -> Recipe:
    return Recipe(
        f"{first.name}_not_{second.name}",
        f"{first.label}: yes, {_low(second)}: no",
        "The next step",
        "Ask what was missing, make the next step small",
        every(_is(first, first.yes), _is(second, second.no)),
    )


def _outcomes(found: Sequence[Fact]) -> Iterator[Recipe]:
    for fact in _said(found, LEFT)[:2]:
        yield Recipe(
            f"{fact.name}_yes",
            f"{fact.label}: yes",
            "Win back",
            "Ask why they left; one offer with a date; then leave in peace",
            _is(fact, fact.yes),
        )
    for fact in _said(found, DONE)[:3]:
        yield Recipe(
            f"{fact.name}_yes",
            f"{fact.label}: yes",
            "Have them do it again",
            "Thank them, and follow up on what they did",
            _is(fact, fact.yes),
        )


def _money(found: Sequence[Fact]) -> Iterator[Recipe]:
    for fact in _costly(found)[:3]:
        yield Recipe(
            f"high_{fact.name}",
            f"Highest {_low(fact)}",
            "Keep the most valuable",
            "Thanks, early access, the best service; no discounts",
            _most(fact),
        )
    for fact in _costly(found)[:2]:
        yield Recipe(
            f"low_{fact.name}",
            f"Lowest {_low(fact)}",
            "Grow, at low cost",
            "Show the next step up; spend little on it",
            _least(fact),
        )


def _silent(found: Sequence[Fact]) -> Iterator[Recipe]:
    for fact in _named(found, SILENT)[:1]:
        yield Recipe(
            f"low_{fact.name}",
            "Here most lately",
            "Make it a habit",
            "A reason to come back soon",
            _least(fact),
        )
        yield Recipe(
            f"high_{fact.name}",
            "Silent longest",
            "Win back at low cost",
            "One offer to return, then leave in peace",
            _most(fact),
        )


def _tenure(found: Sequence[Fact]) -> Iterator[Recipe]:
    for fact in _named(found, TENURE)[:1]:
        yield Recipe(
            f"long_{fact.name}",
            "Longest with us",
            "Thank them, be recommended by them",
            "Thanks, a referral, a longer term",
            _most(fact),
        )
        yield Recipe(
            f"short_{fact.name}",
            "Newest with us",
            "Make a good first impression",
            "Welcome, first steps, a person to ask",
            _least(fact),
        )


def _largest(found: Sequence[Fact]) -> Iterator[Recipe]:
    for fact in [each for each in found if not each.numeric and each.yes is None][:4]:
        if 2 <= fact.different <= FEW:
            yield _group(fact, fact.values[0])


def _group(fact: Fact, value: Any) -> Recipe:
    return Recipe(
        re.sub(r"[^a-z0-9]+", "_", f"{fact.name}_{value}".lower()).strip("_"),
        f"{fact.label}: {value}",
        "Speak to what they have in common",
        "Show what others like them chose; ask what they miss",
        _is(fact, value),
    )


def _figures(found: Sequence[Fact]) -> Iterator[Recipe]:
    """The most and the least of any other figure: rounds played, visits, points."""
    named = (*_costly(found), *_named(found, SILENT), *_named(found, TENURE))
    others = [each for each in found if _spread(each) and each not in named and each.name != "age"]
    for fact in others[:2]:
        yield Recipe(
            f"high_{fact.name}",
            f"Highest {_low(fact)}",
            "Keep them, learn from them",
            "Thanks, early access, a question about what they like most",
            _most(fact),
        )
        yield Recipe(
            f"low_{fact.name}",
            f"Lowest {_low(fact)}",
            "Find out what is in the way",
            "Ask, and make the next step small",
            _least(fact),
        )


def _answers(found: Sequence[Fact]) -> Iterator[Recipe]:
    """The highest answers to a survey's questions."""
    asked = [each for each in found if each.numeric and each.criterion == "psychographic"]
    for fact in [each for each in asked if 3 <= each.different <= FEW][:6]:
        yield Recipe(
            f"high_{fact.name}",
            f"High {_low(fact)}",
            "Speak their language",
            "Say what matters to them; ask a few of them what they meant",
            trait(fact.name, at_least=max(fact.values)),
        )


def _flags(found: Sequence[Fact]) -> Iterator[Recipe]:
    told = (*_said(found, LEFT), *_said(found, DONE))
    for fact in [each for each in found if each.yes is not None and each not in told][:4]:
        yield Recipe(
            f"{fact.name}_yes",
            f"{fact.label}: yes",
            "Serve them as they are",
            "Show what fits; leave out what does not",
            _is(fact, fact.yes),
        )


def _low(fact: Fact) -> str:
    return fact.label[:1].lower() + fact.label[1:]
