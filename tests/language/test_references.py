"""The names in a rule with their places, what stands beneath what, and the core of a rule."""

import pytest

from carpel.language import Node, Not, core, is_deeper, parse_text, references, to_text

REFERENCES = [
    ("age > 3", ["trait age at trait"]),
    (
        "account (seats > 3 and people (age > 3))",
        [
            "account trait seats at account.all.0.trait",
            "trait age at account.all.1.people.where.trait",
        ],
    ),
    (
        "did order(a = 1, b > 2)",
        ["event order at did", "property a of order at where.a", "property b of order at where.b"],
    ),
    (
        "sum(amount) of order(a = 1) > 3",
        ["event order at did", "property a of order at where.a", "property amount of order at sum"],
    ),
    ("did order since last visit", ["event order at did", "event visit at since_last"]),
    (
        'did order since first visit(page = "x")',
        [
            "event order at did",
            "event visit at since_first.did",
            "property page of visit at since_first.where.page",
        ],
    ),
    (
        "sequence(did a(x = 1) -> did b without (did c, did d(y = 2)) -> did not e within 1 day)",
        [
            "event a at sequence.0.did",
            "property x of a at sequence.0.where.x",
            "event b at sequence.1.then",
            "event c at sequence.1.without.did",
            "event d at sequence.1.without.did",
            "property y of d at sequence.1.without.where.y",
            "event e at sequence.2.then_not",
        ],
    ),
    (
        "regularly (did a(x = 1)) in 1 of 2 periods of 1 day",
        ["event a at regularly.did", "property x of a at regularly.where.x"],
    ),
    ("stopped a(x = 1) for 3 days", ["event a at stopped", "property x of a at where.x"]),
    ("restarted a(x = 1) after 3 days", ["event a at restarted", "property x of a at where.x"]),
    ("changed plan", ["trait plan at changed"]),
    ("in segment vip", ["segment vip at segment"]),
    ("entered vip", ["segment vip at entered"]),
    ("left vip", ["segment vip at left"]),
    (
        "in tier (gold, tin)",
        [
            "segmentation tier at segmentation",
            "place gold of tier at in",
            "place tin of tier at in",
        ],
    ),
    (
        "moved tier from (gold) to (tin)",
        ["segmentation tier at moved", "place gold of tier at from", "place tin of tier at to"],
    ),
    ("may email", ["channel email at consent"]),
    ('sample 10% by "x"', []),
    ('holds (plan = "pro")', []),
    (
        'not (age > 3 and 2 of (city = "x"; none of (in segment a; in segment b)))',
        [
            "trait age at not.all.0.trait",
            "trait city at not.all.1.some.0.trait",
            "segment a at not.all.1.some.1.none.0.segment",
            "segment b at not.all.1.some.1.none.1.segment",
        ],
    ),
]


@pytest.mark.parametrize(("text", "named"), REFERENCES, ids=[text for text, _ in REFERENCES])
def test_every_name_is_told_with_its_place(text: str, named: list[str]) -> None:
    found = [
        f"{each.kind} {each.name} {f'of {each.of} ' if each.of else ''}at "
        + ".".join(map(str, each.path))
        for each in references(parse_text(text))
    ]
    assert found == named
    assert [each.path[0] for each in references(parse_text(text), ("where",))] == ["where"] * len(
        named
    )


CORES = [
    (
        "regularly (did a(x = 1) >= 2 times) in 2 of 3 periods of 2 days",
        "2 of (did a(x = 1) >= 2 times in 2 days; "
        "did a(x = 1) >= 2 times in 2 days up to 2 days ago; "
        "did a(x = 1) >= 2 times in 2 days up to 4 days ago)",
    ),
    (
        "stopped a(x = 1) for 3 days after >= 2 times in 9 days",
        "did a(x = 1) >= 2 times in 9 days up to 3 days ago and not did a(x = 1) in 3 days",
    ),
    ("stopped a for 1 day", "did a up to 1 day ago and not did a in 1 day"),
    (
        "restarted a(x = 1) after 3 days in 2 days",
        "sequence(did a(x = 1) -> did a(x = 1) after 3 days without did a(x = 1)) ending in 2 days",
    ),
    (
        'changed plan from "a" to "b" in 2 days',
        'did trait_changed(trait = "plan", was = "a", now = "b") in 2 days',
    ),
    ("changed plan", 'did trait_changed(trait = "plan")'),
    ('not changed plan to in ("a")', 'not did trait_changed(trait = "plan", now in ("a"))'),
    ("account (stopped a for 3 days)", "account (did a up to 3 days ago and not did a in 3 days)"),
    ("people (changed x)", 'people (did trait_changed(trait = "x"))'),
    ("age > 3", "age > 3"),
]


@pytest.mark.parametrize(("text", "plainly"), CORES)
def test_what_is_said_in_few_words_unfolds(text: str, plainly: str) -> None:
    assert to_text(core(parse_text(text))) == plainly
    assert core(core(parse_text(text))) == core(parse_text(text))


def test_how_deep_a_rule_is() -> None:
    rule: Node = parse_text("age > 3")
    for levels in range(4):
        assert is_deeper(rule, levels)
        assert not is_deeper(rule, levels + 1)
        rule = Not(rule)
    assert is_deeper(parse_text("age > 3 and not not vip = true"), 3)
