"""What is said against rules is so, by brute force; and what people get wrong is said."""

from collections.abc import Callable, Iterator
from itertools import product
from random import Random
from typing import Any

import pytest

from carpel.language import Node, parse_text
from carpel.language.checks import Vocabulary, cost, mistakes
from carpel.language.nodes import All, Did, NoneOf, Not, SegmentRef, Some, Trait
from carpel.language.nodes import Any as AnyOf

VOCABULARY = Vocabulary(
    traits={
        "age": "integer",
        "spend": "number",
        "city": "text",
        "vip": "boolean",
        "seen": "instant",
        "likes": "list",
    },
    account_traits={"seats": "integer"},
    properties={"order": {"amount": "number", "category": "text", "at": "instant"}},
    segments={"base": parse_text("age > 40"), "b": parse_text("in segment base")},
    places={"tier": ("gold", "tin")},
    rows={"customers": 10, "order": 1000, "visit": 500},
)

SAID = [
    ("age > 40 and age < 30", ("all", 1), "nobody can match: `age < 30`"),
    ("age > 40 and age < 41", ("all", 1), "nobody"),
    ("spend > 40 and (vip = true or vip = false) and spend < 30", ("all", 2), "nobody"),
    ("age > 40 and not age > 30", ("all", 1), "nobody"),
    ("age is missing and age > 3", ("all", 1), "nobody"),
    ('city = "Bonn" and city in ("Rome", "Oslo")', ("all", 1), "nobody"),
    ("vip = true and vip = false", ("all", 1), "nobody"),
    ("did order in 30 days and not did order in 90 days", ("all", 1), "nobody"),
    ("did order(amount > 5) >= 3 times in 30 days and did order < 2 times", ("all", 1), "nobody"),
    ("did order and not did order", ("all", 1), "nobody"),
    ("seen in last 30 days and seen older than 90 days", ("all", 1), "nobody"),
    ("in segment b and age < 30", ("all", 1), "nobody"),
    ("people [1, 2] and people [3]", ("all", 1), "nobody"),
    ('sample 10% by "a" and sample 10% by "a" from 10%', ("all", 1), "nobody"),
    ("did order < 0 times", (), "nobody"),
    ("in tier (gold) and in tier (tin)", ("all", 1), "nobody"),
    ("sequence(did a -> did b) and not sequence(did a -> did b)", ("all", 1), "nobody"),
    ("account (seats > 3 and seats < 2)", ("account", "all", 1), "nobody"),
    ("did order >= 0 times", (), "holds for everybody"),
    ("in segment base or not in segment base", (), "holds for everybody"),
    ("holds < 0 times", (), "nobody"),
    ("holds and not holds", ("all", 1), "nobody"),
    ('holds (plan = "a") >= 3 and holds (plan = "a") < 2', ("all", 1), "nobody"),
    ("distinct(category) of order < 0", (), "nobody"),
    ("may email and not may email", ("all", 1), "nobody"),
    ("seen = 2026-03-01 and seen = 2026-03-02", ("all", 1), "nobody"),
    ("age is set and age is missing", ("all", 1), "nobody"),
    ('sample 10% by "a" from 20% and sample 10% by "a" from 5%', ("all", 1), "nobody"),
    ("not people [1] and people [1]", ("all", 1), "nobody"),
    ("2 of (age < 3; age > 5)", (), "nobody"),
    ("age > 5 and 1 of (age < 3; age < 4)", ("all", 1), "nobody"),
    ("account (seats > 3 and not seats > 2)", ("account", "all", 1), "nobody"),
    ('city = "a" and not city in ("a", "b")', ("all", 1), "nobody"),
    ('not sample 100% by "a"', ("not",), "holds for everybody"),
    ("holds >= 0 times", (), "holds for everybody"),
    ("distinct(category) of order >= 0", (), "holds for everybody"),
    ("sample 100% by \"a\"", (), "holds for everybody"),
    ("age is set or age is missing", (), "holds for everybody"),
    ("people [1, 2] and people [1, 2, 3]", ("all", 1), "adds nothing"),
    ('sample 10% by "a" and sample 20% by "a"', ("all", 1), "adds nothing"),
    ("in tier (gold) and in tier (gold, tin)", ("all", 1), "adds nothing"),
    ("age > 30 or missing and age > 20 or missing", ("all", 1), "adds nothing"),
    ("age > 30 and age is set", ("all", 1), "adds nothing"),
    ("not (age > 30 and age > 20 or missing)", ("not", "all", 1), "adds nothing"),
    ("not (age > 40 or age > 50)", ("not", "any", 1), "adds nothing"),
    ("age > 40 and age > 30", ("all", 1), "`age > 30` adds nothing"),
    ("age > 40 or age > 50", ("any", 1), "`age > 50` adds nothing"),
    ("may email or may sms or may email", ("any", 2), "adds nothing"),
    ("did order in 30 days or did order in 90 days", ("any", 0), "adds nothing"),
    ("age > 40 or (age > 50 and did x)", ("any", 1), "adds nothing"),
    ('city contains 5 and age contains "x"', ("all", 1), "does not compare a number"),
    ('age = "old"', (), "is not a number"),
    ("sum(category) of order > 3", ("sum",), "has no sum"),
    ('did order(amount starts with "a")', ("where", "amount"), "does not compare"),
    ("last(at) of order > 3", (), "is not an instant"),
    ("did x since 2026-03-01 until 2026-02-01", ("until",), "before it begins"),
    ("sequence(a -> b within 1 day after 2 days)", ("sequence", 1, "after"), "nothing comes"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "path", "said"), SAID)
def test_what_cannot_be_meant_is_said_once_and_where(text: str, path: Any, said: str) -> None:
    found = mistakes(parse_text(text), VOCABULARY, ("where",))
    assert [each.path for each in found] == [("where", *path)]
    assert said in found[0].message
    errors = ("not compare", "is not", "has no sum", "window", "nothing comes")
    is_error = any(each in found[0].message for each in errors)
    assert found[0].severity == ("error" if is_error else "warning")


FINE = [
    "age > 30 and age < 40 and not age = 35",
    "age > 40 or missing and age < 30 or missing",
    "age > 40 or age <= 40",
    'city = "Bonn" ignoring case and city = "BONN" ignoring case',
    "did order in 90 days and not did order in 30 days",
    "did order in 30 days and not did order(amount > 5) in 90 days",
    "unknown > 40 and unknown < 30",
    "not (age > 40 and age is set)",
    "seen in last 1 month and seen older than 28 days",
    "in tier (gold, tin)",
    "did order in 30 days up to 30 days ago and not did order in 45 days",
    "account (seats > 3) and account (seats < 2)",
    "age >= 1 and spend >= 1",
    "holds and not holds >= 2",
    "holds and not held",
    'holds (plan = "a") and not holds (plan = "b")',
    "sum(amount) of order < 0",
    "avg(amount) of order < 0",
    "did order zone own and not did order",
    'sample 10% by "a" and sample 10% by "b"',
    'sample 10% by "a" and sample 10% by "a" from 5%',
    "in tier (gold) and in tiers (tin)",
    "seen = 2026-03-01 zone own and seen = 2026-03-02",
    "age = 3 zone own or age != 3",
    "seen in last 3 days and seen = 2026-03-01",
    "age > 3 or missing and age is missing",
    "age > 30 or age is missing",
    "did order since first visit and not did order since last visit",
    "in segment base for 3 days or not in segment base",
    "in segment unheard and age < 3",
    "people [1, 2] and people [2, 3]",
    "2 of (age > 3; age < 5; vip = true)",
    "holds >= 1 zone own and not holds >= 1",
    "account (age > 3) and age < 3",
    'city is missing or city = "a"',
]


@pytest.mark.parametrize("text", FINE)
def test_what_can_be_meant_is_left_alone(text: str) -> None:
    assert mistakes(parse_text(text), VOCABULARY) == []


# ---- whatever is claimed is so: against every person of a small world ----

AGES, CITIES = (None, 1, 2, 3, 4), (None, "a", "b", "c")
HISTORIES = [events for size in range(4) for events in product((5, 20, 60), repeat=size)]
"""How many days ago somebody did it."""


def people() -> Iterator[dict[str, Any]]:
    for age, city, days in product(AGES, CITIES, HISTORIES):
        yield {"age": age, "city": city, "order": days}


EVERYBODY = list(people())
COMPARES: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "between": lambda a, b: b[0] <= a <= b[1],
    "in": lambda a, b: a in b,
    "not_in": lambda a, b: a not in b,
}


def holds(node: Node, person: dict[str, Any]) -> bool | None:
    """Kleene's logic by the book."""
    match node:
        case All(children):
            found = [holds(each, person) for each in children]
            return False if False in found else None if None in found else True
        case AnyOf(children):
            return holds(Not(All(tuple(map(Not, children)))), person)
        case NoneOf(children):
            return holds(Not(AnyOf(children)), person)
        case Some(least, children):
            found = [holds(each, person) for each in children]
            sure, maybe = found.count(True), found.count(None)
            return True if sure >= least else None if sure + maybe >= least else False
        case Not(child):
            found_ = holds(child, person)
            return None if found_ is None else not found_
        case SegmentRef(segment):
            return holds(SEGMENTS[segment], person) is True
        case Trait(trait, comparison, missing):
            value = person[trait]
            if comparison.operator in ("is_set", "is_missing"):
                return (value is None) == (comparison.operator == "is_missing")
            if value is None:
                return True if missing == "match" else None
            return COMPARES[comparison.operator](value, comparison.value)
        case Did():
            days = node.window.within.count if node.window.within else 999
            count = sum(day < days for day in person["order"])
            return COMPARES[node.comparison.operator](count, node.comparison.value)
    raise TypeError(node)


def leaf(random: Random) -> str:
    number = random.randint(0, 5)
    sign = random.choice(("=", "!=", "<", "<=", ">", ">="))
    texts = random.choice(("= 'a'", "!= 'a'", "in ('a', 'b')", "not in ('a', 'c')", "= 'z'"))
    missing = random.choice(("", "", " or missing"))
    window = random.choice(("", " in 10 days", " in 30 days", " in 90 days"))
    return random.choice(
        (
            f"age {sign} {number}{missing}",
            f"age between {number} and {number + 1}{missing}",
            f"age is {random.choice(('set', 'missing'))}",
            f"city {texts}{missing}",
            f"did order {sign} {number - 1} times{window}",
            f"in segment {random.choice(('s0', 's1'))}",
        )
    )


def rule(random: Random, depth: int, most: int = 3) -> str:
    if depth == 0 or random.random() < 0.2:
        return leaf(random)
    inside = [rule(random, depth - 1) for _ in range(random.randint(1, most))]
    kind = random.choice(("all of", "all of", "any of", "any of", "none of", "1 of", "not"))
    if kind == "not":
        return f"not ({inside[0]})"
    return f"{kind} ({'; '.join(inside)})"


SEGMENTS: dict[str, Node] = {
    "s0": parse_text("age > 2 and did order in 30 days"),
    "s1": parse_text("not in segment s0 and city = 'a'"),
}


def without(node: Any, path: tuple[Any, ...]) -> Node:
    """The rule less the clause at a path."""
    if isinstance(node, Not):
        return Not(without(node.child, path[1:]))
    index, rest = path[1], path[2:]
    kept = list(node.children)
    if rest:
        kept[index] = without(kept[index], rest)
    else:
        del kept[index]
    return Some(node.at_least, tuple(kept)) if isinstance(node, Some) else type(node)(tuple(kept))


def at(node: Any, path: tuple[Any, ...]) -> Node:
    while path:
        step = 1 if isinstance(node, Not) else 2
        node = node.child if isinstance(node, Not) else node.children[path[1]]
        path = path[step:]
    return node


def claims_are_so(seed: int, count: int) -> int:
    vocabulary = Vocabulary(traits={"age": "integer", "city": "text"}, segments=SEGMENTS)
    random, claimed = Random(seed), 0
    for _ in range(count):
        text = rule(random, random.randint(1, 3))
        node = parse_text(text)
        for finding in mistakes(node, vocabulary):
            claimed += 1
            if "nobody can match" in finding.message:
                cut = -2 if "excludes" in finding.message else None
                verdicts = {holds(at(node, finding.path[:cut]), each) for each in EVERYBODY}
                assert True not in verdicts, text
            elif "holds for everybody" in finding.message:
                assert {holds(at(node, finding.path), each) for each in EVERYBODY} == {True}, text
            else:
                less = without(node, finding.path)
                assert all(
                    (holds(node, each) is True) == (holds(less, each) is True) for each in EVERYBODY
                ), f"{text}: {finding.message}"
    return claimed


def test_what_is_claimed_is_so_for_everybody() -> None:
    assert claims_are_so(5, 80) > 20


@pytest.mark.prove
def test_what_is_claimed_is_so_for_everybody_at_length(fresh_seed: int) -> None:
    assert claims_are_so(fresh_seed, 20_000) > 4000


def test_everything_plainly_contradictory_or_idle_is_found() -> None:
    """Of two clauses over one number it is known exactly what there is to say."""
    vocabulary = Vocabulary(traits={"age": "integer"})
    for one, two in product(("= 2", "!= 2", "< 2", ">= 2", "> 3"), repeat=2):
        node = parse_text(f"age {one} and age {two}")
        matching = {each for each in range(-9, 9) if holds(node, {"age": each})}
        each_alone = [
            {n for n in range(-9, 9) if holds(part, {"age": n})} for part in node.children
        ]
        said = " ".join(finding.message for finding in mistakes(node, vocabulary))
        assert ("nobody" in said) == (not matching)
        if matching:
            assert ("adds nothing" in said) == (matching in each_alone)


def test_cost_tells_a_heavy_rule_from_a_light_one() -> None:
    light = cost(parse_text("age > 3 and did visit"), VOCABULARY)
    heavy = cost(parse_text("sequence(did order -> did visit) or did order in 3 days"), VOCABULARY)
    assert (light.traits, light.events, light.scans, light.rows) == (1, 1, 1, 510)
    assert heavy.rows == 4 * 1500 + 1000
    assert cost(parse_text("did visit or did visit"), VOCABULARY).rows == 500


def test_a_deep_or_wide_rule_is_checked_as_well() -> None:
    deep: Node = parse_text("age > 3")
    for _ in range(1000):
        deep = Not(deep)
    assert mistakes(deep, VOCABULARY) == []
    wide = All(tuple(parse_text(f"age != {n}") for n in range(100)))
    assert mistakes(wide, VOCABULARY) == []
    chain = {f"s{n}": SegmentRef(f"s{n + 1}") for n in range(1000)}
    assert mistakes(chain["s0"], Vocabulary(segments=chain, traits={"born": "date"})) == []


def test_of_segments_in_a_circle_nothing_is_claimed() -> None:
    circle = {"a": parse_text("in segment b"), "b": parse_text("in segment a or age > 3")}
    assert mistakes(parse_text("in segment a"), Vocabulary(segments=circle)) == []
