"""Rules as data: there and back, and every mistake with its place."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpel.language import (
    All,
    Any,
    Comparison,
    Consent,
    Did,
    NoneOf,
    Not,
    People,
    Period,
    RuleError,
    SegmentationRef,
    SegmentRef,
    Trait,
    Window,
    comparison,
    find_cycle,
    parse,
    period,
    plain,
    references,
    to_data,
)

names = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
texts = st.text(min_size=1, max_size=12)
numbers = st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False)
days = st.dates() | st.datetimes(timezones=st.just(UTC)) | st.datetimes()
ordered = numbers | texts | days
scalars = ordered | st.booleans()
periods = st.builds(
    Period, st.integers(1, 999), st.sampled_from(["hours", "days", "weeks", "months", "years"])
)
lists = st.lists(scalars, min_size=1, max_size=4).map(tuple)
compared = st.one_of(
    st.builds(Comparison, st.sampled_from(["eq", "ne"]), scalars, st.booleans()),
    st.builds(Comparison, st.sampled_from(["lt", "le", "gt", "ge"]), ordered),
    st.builds(
        Comparison,
        st.sampled_from(["in", "not_in", "any_of", "all_of", "none_of"]),
        lists,
        st.booleans(),
    ),
    st.builds(
        Comparison, st.sampled_from(["contains", "starts_with", "ends_with"]), texts, st.booleans()
    ),
    st.builds(Comparison, st.just("matches"), st.just("^a+b?$")),
    st.builds(lambda a, b: Comparison("between", (min(a, b), max(a, b))), numbers, numbers),
    st.builds(Comparison, st.sampled_from(["is_set", "is_missing"])),
    st.builds(Comparison, st.sampled_from(["before", "after", "on"]), days),
    st.builds(Comparison, st.sampled_from(["in_last", "not_in_last", "in_next"]), periods),
)
missing = st.sampled_from(["unknown", "match"])
windows = st.one_of(
    st.just(Window()),
    st.builds(Window, within=periods),
    st.builds(Window, since=st.none() | days, until=st.none() | days),
)
where = st.dictionaries(names, compared, max_size=3)
leaves = st.one_of(
    st.builds(Trait, names, compared, missing),
    st.builds(Did, names, where, windows, st.just("count"), st.none(), compared, missing),
    st.builds(
        Did,
        names,
        where,
        windows,
        st.sampled_from(["sum", "avg", "min", "max", "distinct", "first", "last"]),
        names,
        compared,
        missing,
    ),
    st.builds(SegmentRef, names),
    st.builds(SegmentationRef, names, st.lists(texts, min_size=1, max_size=3).map(tuple)),
    st.builds(Consent, names, names),
    st.builds(People, st.lists(st.integers(0, 2**32 - 1), max_size=4).map(tuple)),
)
rules = st.recursive(
    leaves,
    lambda child: st.one_of(
        st.builds(Not, child),
        *(
            st.builds(kind, st.lists(child, min_size=1, max_size=3).map(tuple))
            for kind in (All, Any, NoneOf)
        ),
    ),
    max_leaves=8,
)


@given(rules)
@settings(max_examples=80, deadline=None)
def test_a_rule_written_as_data_is_read_as_the_same_rule(rule: All) -> None:
    assert parse(to_data(rule)) == rule


@given(rules)
@settings(max_examples=50, deadline=None)
def test_every_rule_reads_as_one_sentence(rule: All) -> None:
    said = plain(rule)
    assert said.startswith("People ") and said.endswith(".")
    assert all(each.name.replace("_", " ") in said for each in references(rule))


@given(rules)
@settings(max_examples=50, deadline=None)
def test_a_reference_stands_where_its_path_says(rule: All) -> None:
    data = to_data(rule)
    for each in references(rule):
        found = data
        for step in each.path:
            found = found[step]
        if each.kind == "property" and "where" in each.path:
            assert each.path[-1] == each.name
        else:
            assert each.name == found or each.name in found


MISTAKES = [
    ("gold", (), "expected a comparison"),
    ({}, (), "unknown word"),
    ({"static": [1]}, ("static",), "unknown word 'static'. Did you mean a list of people by key"),
    ({"customers": [1]}, ("customers",), "`{people: [17, 311]}`"),
    ({"attribute": "city", "is": "Bonn"}, ("attribute",), "`{trait: city, is: Berlin}`"),
    ({"event": "order_completed"}, ("event",), "`{did: order_completed, within: 90 days}`"),
    ({"and": [{"trait": "a"}]}, ("and",), "Did you mean `all`?"),
    ({"trat": "age"}, ("trat",), "Did you mean 'trait'"),
    ({"trait": "age", "greater": 3}, ("greater",), "Did you mean 'more_than'?"),
    ({"trait": "age"}, ("trait",), "how the trait compares"),
    ({"trait": "age", "at_leest": 3}, ("at_leest",), "Did you mean 'at_least'"),
    ({"trait": "age", "at_least": 3, "at_most": 5}, ("at_most",), "one operator expected"),
    ({"trait": "age", "at_least": True}, ("at_least",), "no order"),
    ({"trait": "age", "at_least": float("nan")}, ("at_least",), "not a number"),
    ({"trait": "age", "between": [5, 3]}, ("between",), "lower one comes first"),
    ({"trait": "age", "between": [5]}, ("between",), "two values"),
    ({"trait": "age", "between": [1, "a"]}, ("between",), "one kind"),
    ({"trait": "city", "in": []}, ("in",), "empty"),
    ({"trait": "city", "matches": "("}, ("matches",), "regular expression"),
    ({"trait": "city", "matches": "(?=a)"}, ("matches",), "forward"),
    ({"trait": "last_at", "in_last": "soon"}, ("in_last",), "90 days"),
    ({"trait": "last_at", "before": "yesterday"}, ("before",), "not a date"),
    ({"trait": "age", "is": 3, "missing": "maybe"}, ("missing",), "`match` or `unknown`"),
    ({"trait": "age", "at_least": 3, "fold": True}, ("fold",), "no `fold`"),
    ({"all": {"trait": "age"}}, ("all",), "list of rules"),
    ({"all": []}, ("all",), "list of rules"),
    ({"all": [], "any": []}, ("any",), "in one place"),
    ({"not": [{"trait": "a", "is": 1}]}, ("not",), "mapping"),
    (
        {"any": [{"trait": "a", "is": 1}, {"not": {"did": "x", "within": "0 days"}}]},
        ("any", 1, "not", "within"),
        "not a period",
    ),
    ({"did": "x", "where": {"city": {"lik": "a"}}}, ("where", "city", "lik"), "unknown operator"),
    ({"did": "x", "where": ["city"]}, ("where",), "expects properties"),
    ({"did": "x", "sum": "amount"}, ("sum",), "how the sum compares"),
    ({"did": "x", "sum": "a", "avg": "b", "is": 1}, ("avg",), "cannot both"),
    ({"did": "x", "count": "orders"}, ("count",), "distinct"),
    ({"did": "x", "within": "9 days", "since": "2026-01-01"}, ("within",), "ends at"),
    ({"did": 5}, ("did",), "expects a name"),
    ({"segmentation": "tier"}, ("segmentation",), "which places"),
    ({"consent": "email", "porpose": "x"}, ("porpose",), "Did you mean 'purpose'"),
    ({"people": ["anna"]}, ("people",), "customer keys"),
]


@pytest.mark.parametrize(("data", "path", "said"), MISTAKES)
def test_a_mistake_says_what_and_where(
    data: object, path: tuple[str | int, ...], said: str
) -> None:
    with pytest.raises(RuleError) as found:
        parse(data)
    assert said in str(found.value)
    assert found.value.path == path


def test_all_mistakes_are_found_at_once() -> None:
    with pytest.raises(RuleError) as found:
        parse(
            {
                "all": [
                    {"trait": "a", "at_leest": 1},
                    {"any": [{"did": "x", "within": "soon"}]},
                    {"did": "x", "where": {"a": {"b": 1}, "c": {"d": 1}}},
                ]
            }
        )
    assert [each.path for each in found.value.mistakes] == [
        ("all", 0, "at_leest"),
        ("all", 1, "any", 0, "within"),
        ("all", 2, "where", "a", "b"),
        ("all", 2, "where", "c", "d"),
    ]


SAID = [
    ("coffee", Comparison("eq", "coffee")),
    (["a", "b"], Comparison("in", ("a", "b"))),
    ({"in": "a"}, Comparison("in", ("a",))),
    (None, Comparison("is_missing")),
    ({"is_not": None}, Comparison("is_set")),
    ({"is_set": False}, Comparison("is_missing")),
    ({"at_least": 3}, Comparison("ge", 3)),
    ({"is": "Rome", "fold": True}, Comparison("eq", "Rome", fold=True)),
    ({"on": "2026-03-01"}, Comparison("on", date(2026, 3, 1))),
    (
        {"after": "2026-03-01T10:00:00+00:00"},
        Comparison("after", datetime(2026, 3, 1, 10, tzinfo=UTC)),
    ),
    ({"in_last": "1 Month"}, Comparison("in_last", Period(1, "months"))),
]


@pytest.mark.parametrize(("data", "read"), SAID)
def test_comparisons_are_read_as_people_write_them(data: object, read: Comparison) -> None:
    assert comparison(data) == read


def test_periods_are_said_as_they_are_read() -> None:
    assert [str(period(text)) for text in ("1 days", " 90 day ")] == ["1 day", "90 days"]


PLAIN = [
    (
        {"trait": "age", "at_least": 30, "missing": "match"},
        "People whose age is at least 30 or is not known.",
    ),
    (
        {"not": {"trait": "age", "at_least": 30, "missing": "match"}},
        "People whose age is known and is less than 30.",
    ),
    (
        {"did": "order_completed", "within": "1 day"},
        "People who did “Order” in the last day at least once.",
    ),
    (
        {"not": {"did": "order_completed", "within": "90 days"}},
        "People who did no “Order” in the last 90 days.",
    ),
    (
        {
            "did": "order_completed",
            "sum": "amount",
            "more_than": 1000,
            "where": {"category": ["coffee", "tea"]},
            "since": date(2026, 1, 5),
        },
        "People whose total amount of “Order” where category is “coffee” or “tea” since "
        "5 January 2026 is more than 1,000.",
    ),
    (
        {"none": [{"segment": "base"}, {"consent": "email"}]},
        "People who are not in “base”, and who may not be contacted by e-mail for marketing.",
    ),
    (
        {"not": {"all": [{"people": [1]}, {"segmentation": "tier", "in": ["gold"]}]}},
        "People either who are not on a list of 1 person, or who are not gold in tier.",
    ),
]


@pytest.mark.parametrize(("data", "said"), PLAIN)
def test_rules_in_plain_english(data: object, said: str) -> None:
    assert plain(parse(data), {"order_completed": "Order"}) == said


def test_a_circle_of_segments_is_named() -> None:
    rules_ = {
        name: parse({"not": {"segment": other}})
        for name, other in {"x": "a", "a": "b", "b": "c", "c": "a"}.items()
    }
    assert find_cycle(rules_) == ("a", "b", "c", "a")
    del rules_["c"]
    assert find_cycle(rules_) is None
