"""Rules as text, data and JSON: there and back on random trees, and mistakes at the character."""

import json
from random import Random
from time import monotonic
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpel.language import (
    All,
    Comparison,
    Node,
    Not,
    Operator,
    RuleError,
    SegmentRef,
    Trait,
    core,
    parse,
    parse_text,
    plain,
    references,
    to_data,
    to_json,
    to_text,
)
from carpel.testing.rule_values import OPERANDS
from carpel.testing.rules import random_tree

TREES = 600


def trees(count: int, seed: int = 1) -> list[Node]:
    random = Random(seed)
    return [random_tree(random, depth=random.randint(0, 4)) for _ in range(count)]


def same(read: Node, written: Node) -> None:
    """Equal, and 1 is not 1.0."""
    assert read == written
    assert repr(read) == repr(written)


def test_the_generator_knows_every_operator_and_every_node_comes_up() -> None:
    assert set(OPERANDS) == set(get_args(Operator))
    kinds = {type(each).__name__ for tree in trees(300) for each in _whole(tree)}
    concrete = {kind.__name__ for kind in _kinds(Node)}
    assert concrete == kinds


def _kinds(kind: type) -> list[type]:
    below = kind.__subclasses__()
    branches = [each for each in below if each.__subclasses__()]
    concrete = [each for each in below if not each.__subclasses__()]
    return [*concrete, *(each for one in branches for each in _kinds(one))]


def _whole(node: Node) -> list[Node]:
    below = [*getattr(node, "children", ()), *filter(None, [getattr(node, "child", None)])]
    return [node, *(each for child in below for each in _whole(child))]


def test_text_is_read_as_the_rule_it_was_written_from() -> None:
    for tree in trees(TREES):
        same(parse_text(to_text(tree)), tree)


def test_data_is_read_as_the_rule_it_was_written_from() -> None:
    for tree in trees(TREES, 2):
        same(parse(to_data(tree)), tree)


def test_json_is_read_as_the_rule_it_was_written_from() -> None:
    for tree in trees(TREES, 3):
        same(parse(json.loads(json.dumps(to_json(tree), allow_nan=False))), tree)


@given(
    st.text(min_size=1), st.text(), st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
@settings(max_examples=150, deadline=None)
def test_any_name_and_value_can_be_written(name: str, text: str, number: float) -> None:
    if name.strip():
        tree = All((Trait(name, Comparison("eq", text)), Trait(name, Comparison("ge", number))))
        same(parse_text(to_text(tree)), tree)
        same(parse(json.loads(json.dumps(to_json(tree)))), tree)


READ = {
    'did product_purchased(category = "coffee") >= 2 times in 90 days '
    "and not did email_opened in 30 days": {
        "all": [
            {
                "did": "product_purchased",
                "where": {"category": "coffee"},
                "at_least": 2,
                "within": "90 days",
            },
            {"not": {"did": "email_opened", "within": "30 days"}},
        ]
    },
    "city IN (\"Bonn\", 'Rome') ignoring case": {
        "trait": "city",
        "in": ["Bonn", "Rome"],
        "fold": True,
    },
    "age is set": {"trait": "age", "is_set": True},
    "age is not set": {"trait": "age", "is_set": False},
    'plan is not "pro"': {"trait": "plan", "is_not": "pro"},
    "age >= 30 or missing": {"trait": "age", "at_least": 30, "missing": "match"},
    "sum(amount) of did order in last 90 days > 100": {
        "did": "order",
        "sum": "amount",
        "more_than": 100,
        "within": "90 days",
    },
    "last(at) of order in last 90 days": {"did": "order", "last": "at", "in_last": "90 days"},
    "did order in 7 days up to 14 days ago": {"did": "order", "within": "7 days", "ago": "14 days"},
    'share of order(category = "x") >= 60%': {
        "did": "order",
        "where": {"category": "x"},
        "share": "count",
        "at_least": "60%",
    },
    "spend in top 12.5 %": {"trait": "spend", "top": "12.5%"},
    "2 of (may email; may sms; in segment vip)": {
        "some": [{"consent": "email"}, {"consent": "sms"}, {"segment": "vip"}],
        "at_least": 2,
    },
    "left vip": {"left": "vip"},
}


@pytest.mark.parametrize("text", READ)
def test_text_means_what_the_same_data_means(text: str) -> None:
    same(parse_text(text), parse(READ[text]))
    same(parse(text), parse(READ[text]))
    same(parse({"all": [text, {"not": text}]}), parse({"all": [READ[text], {"not": READ[text]}]}))


MISTAKES = [
    ("age att 30", 5, "expected a comparison"),
    ("dod order", 1, "Did you mean 'did'?"),
    ('city = "Bonn', 8, "no \" that ends"),
    ("city = Bonn", 8, 'in quotes, such as "Bonn"'),
    ("age > 3 and did x or did y", 19, "parentheses"),
    ("did order in 90 dys", 17, "'days'"),
    ("(age = 1", 9, "expected `and`, `or` or `)`, found the end"),
    ("age = 1)", 8, "or the end, found `)`"),
    ("did order in 0 days", 11, "not a period"),
    ("age between 5 and 3", 13, "lower one comes first"),
    ('did x(category matches "(")', 24, "regular expression"),
    ("age > 3 ?", 9, "'?' is not a part"),
    ("", 1, "found the end"),
    ("not", 4, "found the end"),
    ("did in 30 days", 5, "`backticks`"),
    ("3 of (may email)", 1, "can never be"),
    ("may email zone own", 11, "`and`, `or` or the end"),
    ("did x in 3 days in 4 days", 17, "said twice"),
    ('did x(a = 1, a = 2)', 16, "compares already"),
    ("age > 1e999", 7, "not a number"),
    ("age > " + "9" * 5000, 7, "is no number"),
    ("born on 2026-02-30", 9, "is no date"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "column", "said"), MISTAKES)
def test_a_mistake_points_at_the_character(text: str, column: int, said: str) -> None:
    with pytest.raises(RuleError) as found:
        parse_text(text)
    assert said in found.value.message
    assert found.value.position == (1, column)
    assert found.value.message.endswith("^")


def test_mistakes_in_several_clauses_and_lines_are_told_together() -> None:
    with pytest.raises(RuleError) as found:
        parse_text("did a in 0 days and\n  b between 2 and 1 and\n c >")
    assert [each.position for each in found.value.mistakes] == [(1, 7), (2, 13), (3, 5)]
    shown = found.value.mistakes[1].message.splitlines()[1:]
    assert shown[0][shown[1].index("^")] == "2"


def mutated(random: Random, text: str) -> str:
    place = random.randrange(len(text) + 1)
    piece = random.choice(["", "(", ")", '"', "`", "\\", ",", "-", "9", "and ", "in ", "é", "\x00"])
    return text[:place] + piece + text[place + random.randint(0, 3) :]


def fuzz(seed: int, seconds: float) -> int:
    """Texts that are almost rules, and noise: read, or refused with a place."""
    random, end, count = Random(seed), monotonic() + seconds, 0
    while monotonic() < end:
        text = to_text(random_tree(random, depth=2))
        for _ in range(random.randint(1, 3)):
            text = mutated(random, text)
        noise = random.randbytes(random.randint(0, 60)).decode("latin-1")
        for each in (text, noise):
            try:
                read = parse_text(each)
            except RuleError as error:
                assert all(one.position for one in error.mistakes)
            else:
                same(parse_text(to_text(read)), read)
            count += 1
    return count


def test_nonsense_is_refused_and_never_crashes() -> None:
    assert fuzz(11, 1.5) > 20


@pytest.mark.prove
def test_ten_minutes_of_nonsense(fresh_seed: int) -> None:
    assert fuzz(fresh_seed, 600) > 20_000


def test_no_rule_is_too_deep() -> None:
    deep: Node = Trait("age", Comparison("ge", 30))
    for level in range(5000):
        deep = Not(deep) if level % 2 else All((deep, SegmentRef("vip")))
    text = to_text(deep)
    assert to_text(parse_text(text)) == text
    assert to_text(parse(to_data(deep))) == text
    assert to_text(core(deep)) == text
    assert len(references(deep)) == 2501
    assert plain(deep).count("vip") == 2500
