"""The text form, word by word: what else is read as the same, and what is refused where."""

import pytest

from carpel.language import RuleError, parse_text, to_text

READ = [
    ("AGE IS NOT SET", "AGE is missing"),
    ("age is not missing", "age is set"),
    ("age == 3", "age = 3"),
    ("age <> 3", "age != 3"),
    ("age is true", "age = true"),
    ("age is not false", "age != false"),
    ("age = -3.5e2", "age = -350.0"),
    ("age = 1e3", "age = 1000.0"),
    ('`a b` = "x\\"y"', '`a b` = "x\\"y"'),
    ("`a\\`b` = 'it\\'s'", '`a\\`b` = "it\'s"'),
    ('name = "\\u00e9\\n\\t\\r\\\\"', 'name = "é\\n\\t\\r\\\\"'),
    ('name = "\\U0001F600"', 'name = "😀"'),
    ('name = "\\u00e"', 'name = "u00e"'),
    ('name = "\\uZ"', 'name = "uZ"'),
    ('name = "\\q"', 'name = "q"'),
    ("a.b >= 3", "a.b >= 3"),
    ("été > 3", "été > 3"),
    ("_x = 1", "_x = 1"),
    ("age = 3%", "age = 0.03"),
    ("age = 12.5 %", "age = 0.125"),
    ("age = 3 %", "age = 0.03"),
    ("born = 2026-03-01", "born = 2026-03-01"),
    ("born = 2026-03-01T10:00Z", "born = 2026-03-01T10:00:00+00:00"),
    ("born = 2026-03-01T10:00:05.5+02:00", "born = 2026-03-01T10:00:05.500000+02:00"),
    ("age not in (1, 2)", "age not in (1, 2)"),
    ("age not in last 3 days", "age not in last 3 days"),
    ("seen on (monday, friday)", "seen on (monday, friday)"),
    ("seen on 2026-03-01", "seen on 2026-03-01"),
    ("seen during last 3 quarters", "seen during last 3 quarters"),
    ("seen during last months", "seen during last month"),
    ("seen during today", "seen during today"),
    ("spend in top 10%", "spend in top 10%"),
    ("spend decile = 3", "spend decile = 3"),
    ('likes has any of ("a")', 'likes has any of ("a")'),
    ("age = true or missing", "age = true or missing"),
    ('city = "a" zone own', 'city = "a" zone own'),
    ("did did", "did `did`"),
    ("did order >= 2 time", "did order >= 2 times"),
    ("did order in 3 days >= 2 times", "did order >= 2 times in 3 days"),
    ("did order in the last 3 days", "did order in 3 days"),
    ("did order in last 3 days", "did order in 3 days"),
    ("did order up to 3 days ago", "did order up to 3 days ago"),
    ("did order since first visit", "did order since first visit"),
    ("did order(a = 1 and b = 2)", "did order(a = 1, b = 2)"),
    ("did order = 3 times or missing zone own", "did order = 3 times zone own or missing"),
    ("sum(amount) of did order > 3", "sum(amount) of order > 3"),
    ("sum(amount) of order in last 3 days > 3", "sum(amount) of order > 3 in 3 days"),
    ("sum(amount) of order > 3 in 3 days", "sum(amount) of order > 3 in 3 days"),
    (
        "last(at) of order in last 3 days during this month",
        "last(at) of order in last 3 days during this month",
    ),
    ("last(at) of order in last 3 days in 3 days", "last(at) of order in last 3 days in 3 days"),
    (
        "last(at) of order during this month in last 3 days",
        "last(at) of order in last 3 days during this month",
    ),
    ("count of order in 3 days between 1 and 2", "did order between 1 and 2 times in 3 days"),
    ("share of order > 30%", "share of order > 30%"),
    ("share(amount) of order > 30%", "share(amount) of order > 30%"),
    ("sequence(a -> not b within 3 days)", "sequence(did a -> did not b within 3 days)"),
    ("sequence(a -> b without c)", "sequence(did a -> did b without did c)"),
    ("sequence(a -> b without (c, d))", "sequence(did a -> did b without (did c, did d))"),
    (
        "sequence(a -> b) ending in 3 days in 9 days zone own",
        "sequence(did a -> did b) in 9 days ending in 3 days zone own",
    ),
    (
        "regularly (did a) in 3 of 4 periods of 1 week",
        "regularly (did a) in 3 of 4 periods of 1 week",
    ),
    (
        "regularly (sum(x) of a > 3) in 3 of 4 periods of 1 week",
        "regularly (sum(x) of a > 3) in 3 of 4 periods of 1 week",
    ),
    ("stopped a for 3 days", "stopped a for 3 days"),
    ("stopped a for 3 days after", "stopped a for 3 days"),
    (
        "stopped a for 3 days after >= 2 in 4 days",
        "stopped a for 3 days after >= 2 times in 4 days",
    ),
    ("stopped a for 3 days after in 4 days", "stopped a for 3 days after in 4 days"),
    ("restarted a after 3 days in 2 days", "restarted a after 3 days in 2 days"),
    ('changed plan from "a" to "b"', 'changed plan from "a" to "b"'),
    ('changed plan from > 3 to in ("a")', 'changed plan from > 3 to in ("a")'),
    ("holds", "holds"),
    ('holds (plan = "a") >= 2 times', 'holds (plan = "a") >= 2'),
    ("in segment vip for 3 days", "in segment vip for 3 days"),
    ("in tier (a, b)", "in tier (a, b)"),
    ("in tier a", "in tier (a)"),
    ("entered segment vip in 3 days", "entered vip in 3 days"),
    ("left segment vip", "left vip"),
    ("moved tier from a to b", "moved tier from (a) to (b)"),
    ("moved tier from (a, b) to c in 3 days", "moved tier from (a, b) to (c) in 3 days"),
    ("may email for service", "may email for service"),
    ('sample 10% by "a"', 'sample 10% by "a"'),
    ('sample 10% by "a" from 20%', 'sample 10% by "a" from 20%'),
    ("near (1, 2) within 3 km", "near (1.0, 2.0) within 3 km"),
    ("holiday in 3 days", "holiday in 3 days"),
    ('holiday "x" in 3 days', 'holiday "x" in 3 days'),
    ("people []", "people []"),
    ("people [1, 2]", "people [1, 2]"),
    ("people (did x)", "people (did x)"),
    ("people (did x) >= 2", "people (did x) >= 2"),
    ("people (did x) contains 2", 'people (did x) contains "2"'),
    ("account (a > 3)", "account (a > 3)"),
    ("all of (a > 1; b > 1)", "a > 1 and b > 1"),
    ("2 of (a > 1; b > 1)", "2 of (a > 1; b > 1)"),
    ("not not a > 1", "not not a > 1"),
    ("not (a > 1 and b > 1) or c > 1", "not (a > 1 and b > 1) or c > 1"),
    ("a > 1 and b > 1 and c > 1", "a > 1 and b > 1 and c > 1"),
    ("a > 1 or b > 1 or c > 1", "a > 1 or b > 1 or c > 1"),
    ("true = 1", "`true` = 1"),
    ("monday > 3", "`monday` > 3"),
    ("`monday` > 3", "`monday` > 3"),
    ("Monday = 1", "`Monday` = 1"),
    ("contains = 1", "`contains` = 1"),
]


@pytest.mark.parametrize(("text", "plainly"), READ)
def test_a_text_is_read_as_what_it_plainly_says(text: str, plainly: str) -> None:
    assert to_text(parse_text(text)) == plainly


CLAUSE = "expected a clause such as `age >= 30`, `did order_completed` or `in segment vip`"
COMPARISON = 'expected a comparison such as `>= 3`, `= "gold"` or `in last 30 days`'
BOTH = (
    "`and` and `or` stand in one row; say with parentheses what belongs together, "
    "such as `a and (b or c)`"
)
TRAIT = "expected a trait (a name that is also a word of the language: in `backticks`)"
REFUSED = [
    (
        "age is not empty",
        12,
        'expected a value; text stands in quotes, such as "empty", found `empty`.',
    ),
    ("born = 2026-03-01x", 15, "'-' is not a part of the language here"),
    ("age = 3x", 7, "'3' is not a part of the language here"),
    ("age = .5", 7, "'.' is not a part of the language here"),
    ("age = 5.", 8, "'.' is not a part of the language here"),
    ("age in ()", 9, "expected a value, found `)`."),
    ("age in (1,)", 11, "expected a value, found `)`."),
    ("age in (1 2)", 11, "expected `)`, found `2`."),
    ("age in 3", 8, "expected `(`, found `3`."),
    (
        "age not",
        5,
        f"{COMPARISON}, found `not`.",
    ),
    ("age in", 7, "expected `(`, found the end."),
    ("age between 1 and", 18, "expected a value, found the end."),
    ("age between 1, 2", 14, "expected `and`, found `,`."),
    (
        'age starts "a"',
        5,
        f"{COMPARISON}, found `starts`.",
    ),
    ("seen older 3 days", 1, "expected a clause, found `seen`. Did you mean 'sequence'?"),
    (
        "seen on (monday, fri)",
        18,
        "expected a weekday such as `monday`, found `fri`. Did you mean 'friday'?",
    ),
    ("seen on (monday", 16, "expected `)`, found the end."),
    (
        "seen during next month",
        13,
        "expected `today`, `this month` or `last 3 months`, found `next`.",
    ),
    ("seen during this", 17, "expected `month` or so, found the end."),
    ("seen in last 3", 14, "expected a period such as `90 days`, found `3`."),
    ("seen in last days", 14, "expected a period such as `90 days`, found `days`."),
    (
        "seen in last 3 dayz",
        16,
        "expected hours, days, weeks, months or years, found `dayz`. Did you mean 'day' or 'days'?",
    ),
    ("seen in last 3 quarters", 14, "'3 quarters' is not a period; write it like `90 days`"),
    ("spend in top 10", 14, "expected a share such as `10%`, found `10`."),
    (
        "spend decile 3",
        14,
        f"{COMPARISON}, found `3`.",
    ),
    (
        'likes has some of ("a")',
        7,
        f"{COMPARISON}, found `has`.",
    ),
    ("age > foo", 7, 'expected a value; text stands in quotes, such as "foo", found `foo`.'),
    ("age > `foo`", 7, 'expected a value; text stands in quotes, such as "foo", found ``foo``.'),
    ("age > and", 7, 'expected a value; text stands in quotes, such as "and", found `and`.'),
    ("age > (", 7, "expected a value, found `(`."),
    ("age > 3 ignoring case", 5, "`gt` does not compare text by letters, so it has no `fold`"),
    ('city = "a" ignoring', 12, "expected `and`, `or` or the end, found `ignoring`."),
    (
        'city = "a" zone "Mars/X"',
        12,
        "'Mars/X' is no time zone; write one like `Europe/Berlin`, `project` or `own`",
    ),
    ('city = "a" zone Mars', 17, 'expected `own` or a zone such as "Europe/Berlin", found `Mars`.'),
    ("did", 4, "expected an event, found the end."),
    ("did order times", 11, "expected `and`, `or` or the end, found `times`."),
    ("did order >= 2 times times", 22, "expected `and`, `or` or the end, found `times`."),
    ("did order 2 times", 11, "expected `and`, `or` or the end, found `2`."),
    ("did order >= 2 times >= 3 times", 25, "`ge` is said twice"),
    ("did order in 3 days in 4 days", 21, "`within` is said twice"),
    ("did order up to 3 days", 23, "expected `ago`, found the end."),
    ("did order since visit", 17, "expected a day such as `2026-03-01`, found `visit`."),
    ("did order since 2026-03-01 until 5", 34, "expected a day such as `2026-03-01`, found `5`."),
    ("did order(a = 1; b = 2)", 16, "expected `,` or `)`, found `;`."),
    ("did order(a = 1", 16, "expected `,` or `)`, found the end."),
    ("did order()", 11, "expected a property, found `)`."),
    (
        "did order(a)",
        12,
        f"{COMPARISON}, found `)`.",
    ),
    ("did order(a = 1,)", 17, "expected a property, found `)`."),
    ("did order contains 3", 11, "expected `and`, `or` or the end, found `contains`."),
    ("sum of order > 3", 5, "expected `(`, found `of`."),
    ("sum() of order > 3", 5, "expected a property, found `)`."),
    ("sum(amount) order > 3", 13, "expected `of`, found `order`."),
    ("sum(amount of order > 3", 12, "expected `)`, found `of`."),
    ("sum(amount) of order", 21, "expected a comparison such as `>= 100`, found the end."),
    (
        "sum(amount) of order in 3 days",
        31,
        "expected a comparison such as `>= 100`, found the end.",
    ),
    ("count(a) of order > 3", 6, "expected `of`, found `(`."),
    ("share > 3", 7, "expected `of`, found `>`."),
    ("sum > 3", 5, "expected `(`, found `>`."),
    ("sequence(a)", 1, "`sequence` expects a list of two or more steps"),
    ("sequence(a -> b", 16, "expected `->` or `)`, found the end."),
    ("sequence(a, b)", 11, "expected `->` or `)`, found `,`."),
    ("sequence(not a -> b)", 10, "a step says `did: …`"),
    ("sequence(a -> b within 3)", 24, "expected a period such as `90 days`, found `3`."),
    ("sequence(a -> b within 3 days within 4 days)", 31, "`within` is said twice"),
    ("sequence(a -> b without (c d))", 28, "expected `)`, found `d`."),
    ("sequence(a -> b within 2 months)", 17, "a gap is said in hours, days or weeks"),
    (
        "sequence(a -> not b)",
        15,
        "`then_not` says how long it waits: `within: 24 hours`, and no more",
    ),
    (
        "regularly (did a in 3 days) in 3 of 4 periods of 1 week",
        1,
        "the periods are said by `of` and `each`; give no other window",
    ),
    ("regularly (did a) in 5 of 4 periods of 1 week", 1, "at least 5 of 4 periods can never be"),
    ("regularly (did a) in 3 of 4 of 1 week", 29, "expected `periods`, found `of`."),
    ("regularly did a in 3 of 4 periods of 1 week", 11, "expected `(`, found `did`."),
    ("stopped a", 10, "expected `for`, found the end."),
    ("stopped a(x = 1) for 3", 22, "expected a period such as `90 days`, found `3`."),
    ("restarted a", 12, "expected `after`, found the end."),
    ("restarted a after 3 months", 13, "a gap is said in hours, days or weeks"),
    ("changed", 8, "expected a trait, found the end."),
    ('changed plan to "b" from "a"', 21, "expected `and`, `or` or the end, found `from`."),
    ("changed plan from a", 19, 'expected a value; text stands in quotes, such as "a", found `a`.'),
    ("holds plan", 7, "expected `and`, `or` or the end, found `plan`."),
    ('held (plan = "a") in 3 days', 19, "unknown word 'within'."),
    ("in", 3, "expected `segment` or a segmentation, found the end."),
    ("in segment", 11, "expected a segment, found the end."),
    ("in segment vip for", 19, "expected a period such as `90 days`, found the end."),
    (
        "in vip",
        7,
        "expected a place of the segmentation, or several in parentheses, found the end.",
    ),
    ("in tier (a", 11, "expected `,` or `)`, found the end."),
    ("entered", 8, "expected a segment, found the end."),
    ("moved tier", 11, "expected `from`, found the end."),
    ("moved tier from a", 18, "expected `to`, found the end."),
    ("moved tier from (a b) to c", 20, "expected `,` or `)`, found `b`."),
    ("may", 4, "expected a channel, found the end."),
    ("may email for", 14, "expected a purpose, found the end."),
    ("sample 10%", 11, "expected `by`, found the end."),
    ("sample 10% by a", 15, 'expected a value; text stands in quotes, such as "a", found `a`.'),
    ('sample 95% by "a" from 20%', 19, "the sample ends beyond 100%"),
    ("near (1) within 3 km", 8, "expected `,`, found `)`."),
    ("near (1, 2) within km", 20, "expected a distance such as `10 km`, found `km`."),
    ("near (1, 2) within 3 miles", 22, "expected `km`, `m` or `mi`, found `miles`."),
    ("near (100, 2) within 3 km", 1, "100 degrees lie beyond 90"),
    ("holiday", 8, "expected `in`, found the end."),
    ("holiday x in 3 days", 9, "expected `in`, found `x`."),
    ("people [1 2]", 11, "expected `]`, found `2`."),
    ("people [-1]", 8, "`people` expects a list of customer keys"),
    ("people", 7, "expected `[`, found the end."),
    ("people (did x) = 2 ignoring case", 18, "a number of people has no letters"),
    (
        "account a > 3",
        1,
        f"{CLAUSE}, found `account`.",
    ),
    ("account (a > 3", 15, "expected `and`, `or` or `)`, found the end."),
    ("all of (a > 1, b > 1)", 14, "expected `;` or `)`, found `,`."),
    (
        "all of a > 1",
        1,
        f"{CLAUSE}, found `all`.",
    ),
    ("none of (a > 1", 15, "expected `;` or `)`, found the end."),
    ("0 of (a > 1; b > 1)", 1, "a whole number of 1 or more is expected before `of`"),
    ("1.5 of (a > 1; b > 1)", 1, "a whole number of 1 or more is expected before `of`"),
    ("3 of (a > 1; b > 1)", 1, "at least 3 of 2 can never be"),
    (
        "2 (a > 1)",
        1,
        f"{CLAUSE}, found `2`.",
    ),
    (
        "a > 1 or b > 1 and c > 1",
        16,
        BOTH,
    ),
    ("a > 1 b > 1", 7, "expected `and`, `or` or the end, found `b`."),
    ("a > 1)", 6, "expected `and`, `or` or the end, found `)`."),
    ("(a > 1", 7, "expected `and`, `or` or `)`, found the end."),
    (
        "()",
        2,
        f"{CLAUSE}, found `)`.",
    ),
    (
        "and",
        1,
        f"{TRAIT}, found `and`.",
    ),
    ('holts (plan = "a")', 1, "expected a clause, found `holts`. Did you mean 'holds'?"),
    ("stoped a for 3 days", 1, "expected a clause, found `stoped`. Did you mean 'stopped'?"),
    ("sequenc(a -> b)", 1, "expected a clause, found `sequenc`. Did you mean 'sequence'?"),
    ("accout (a > 3)", 1, "expected a clause, found `accout`. Did you mean 'account'?"),
    (
        "ag",
        3,
        f"{COMPARISON}, found the end.",
    ),
    ("a > 1 and b > @", 15, "'@' is not a part of the language here"),
    (
        '"x" = 1',
        1,
        f'{CLAUSE}, found `"x"`.',
    ),
    (
        "5 > 3",
        1,
        f"{CLAUSE}, found `5`.",
    ),
    (
        "times > 3",
        1,
        f"{TRAIT}, found `times`.",
    ),
    ("count > 3", 7, "expected `of`, found `>`."),
    (
        "all > 3",
        1,
        f"{CLAUSE}, found `all`.",
    ),
    (
        "segment > 3",
        1,
        f"{CLAUSE}, found `segment`.",
    ),
    (
        "age > `foo bar`",
        7,
        'expected a value; text stands in quotes, such as "foo bar", found ``foo bar``.',
    ),
    (
        "age > 3 and",
        12,
        f"{CLAUSE}, found the end.",
    ),
    (
        "  did order in 3 dayz",
        18,
        "expected hours, days, weeks, months or years, found `dayz`. Did you mean 'day' or 'days'?",
    ),
    (
        "",
        1,
        f"{CLAUSE}, found the end.",
    ),
]


@pytest.mark.parametrize(("text", "column", "said"), REFUSED)
def test_a_text_is_refused_at_its_character(text: str, column: int, said: str) -> None:
    with pytest.raises(RuleError) as found:
        parse_text(text)
    message, shown, mark = found.value.message.split("\n")
    assert (found.value.position, message) == ((1, column), said)
    assert shown == f"    {text}"
    assert mark == " " * (column + 3) + "^"


LONG = f"{'a' * 100} > 3 and b > ? and {'c' * 100} > 3"


@pytest.mark.parametrize("before", ["", "\n\n", "a > 1 and\n"])
def test_of_a_long_line_the_part_around_the_mistake_is_shown(before: str) -> None:
    with pytest.raises(RuleError) as found:
        parse_text(before + LONG)
    _, shown, mark = found.value.message.split("\n")
    assert found.value.position == (before.count("\n") + 1, 114)
    assert shown == "    …" + LONG[53:143]
    assert shown[mark.index("^")] == "?"


def test_a_mistake_near_the_beginning_is_shown_from_there() -> None:
    with pytest.raises(RuleError) as found:
        parse_text("a > 1 and \t? and " + "b" * 100)
    _, shown, mark = found.value.message.split("\n")
    assert shown == "    a > 1 and  ? and " + "b" * 73
    assert shown[mark.index("^")] == "?"
    with pytest.raises(RuleError) as found:
        parse_text("a" * 60 + " ?")
    assert found.value.message.split("\n")[1].startswith("    …aaa")
