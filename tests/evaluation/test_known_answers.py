"""Pairs of a rule and its members over a handful of people: what is easy to get wrong."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from carpel.engine.duckdb import DuckDB
from carpel.errors import NotFound
from carpel.evaluation import Evaluator
from carpel.evaluation.bitmaps import bitmap, from_bytes, to_bytes, to_keys
from carpel.evaluation.windows import Span, span
from carpel.language import Comparison, Period, RuleError, Window, parse

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MOMENT = datetime.fromisoformat("2026-03-31T10:00")
WEEK = timedelta(days=7)
TICK = timedelta(microseconds=1)

# customer, days before the moment, amount
BOUGHT = [
    (1, timedelta(0), 10.0),
    (1, WEEK, 20.0),
    (2, WEEK - TICK, 0.1),
    (2, WEEK - TICK, 0.2),
    (3, -TICK, 5.0),
    (4, timedelta(days=40), None),
    (9, timedelta(days=1), 7.0),
]
AGES = {1: 30, 2: 17, 3: None}


@pytest.fixture(scope="module")
def engine() -> DuckDB:
    engine = DuckDB()
    events = [
        {
            "customer": who,
            "event_key": key,
            "at": MOMENT - ago,
            "amount": amount,
            "local_date": None,
            "local_hour": None,
        }
        for key, (who, ago, amount) in enumerate(BOUGHT)
    ]
    schema = pa.schema(
        {
            "customer": pa.int64(),
            "event_key": pa.uint64(),
            "at": pa.timestamp("us"),
            "amount": pa.float64(),
            "local_date": pa.date32(),
            "local_hour": pa.int8(),
        }
    )
    tables = {
        "customers": pa.table({"customer": [1, 2, 3, 4, 5]}),
        "aliases": pa.table({"customer": [9], "survivor": [5]}),
        "event_bought": pa.Table.from_pylist(events, schema),
        "activity_bought": pa.Table.from_pylist(events, schema),
        "profiles": pa.table(
            {
                "customer": list(AGES),
                "age": pa.array(AGES.values(), pa.int64()),
                "last_at": pa.array([MOMENT, MOMENT - WEEK, None]),
            }
        ),
        "traits": pa.table(
            {
                "trait": ["age", "recency_days", "ratio"],
                "type": ["integer", "integer", "number"],
                "table": ["profiles"] * 3,
                "expression": ["age", "date_diff('day', last_at, :as_of)", "(age - age) / 0.0"],
            }
        ),
        "consents": pa.table(
            {
                "customer": [1, 2, 3],
                "channel": ["email"] * 3,
                "purpose": ["marketing", "marketing", "news"],
                "granted": [True, True, True],
                "suppressed": [False, True, False],
            }
        ),
        "standings": pa.table({"customer": [1, 2], "tier": ["gold", None]}),
    }
    for name, table in tables.items():
        engine.register(name, table)
    return engine


def _evaluator(engine: DuckDB, **options: Any) -> Evaluator:
    return Evaluator(engine, as_of=MOMENT.replace(tzinfo=UTC), zone=AMSTERDAM, **options)


PAIRS: list[tuple[dict[str, Any], set[int], set[int]]] = [
    # what is missing is neither in nor out
    ({"trait": "age", "at_least": 18}, {1}, {3, 4, 5}),
    ({"not": {"trait": "age", "at_least": 18}}, {2}, {3, 4, 5}),
    ({"trait": "age", "is_not": 30}, {2}, {3, 4, 5}),
    ({"trait": "age", "at_least": 18, "missing": "match"}, {1, 3, 4, 5}, set()),
    ({"not": {"trait": "age", "at_least": 18, "missing": "match"}}, {2}, set()),
    ({"trait": "age", "is_missing": True}, {3, 4, 5}, set()),
    ({"any": [{"trait": "age", "at_least": 18}, {"did": "bought"}]}, {1, 2, 4, 5}, {3}),
    ({"all": [{"trait": "age", "at_least": 18}, {"did": "bought", "at_most": 0}]}, set(), {3}),
    ({"none": [{"trait": "age", "at_least": 18}]}, {2}, {3, 4, 5}),
    ({"trait": "ratio", "at_least": -1}, set(), {1, 2, 3, 4, 5}),
    ({"trait": "recency_days", "at_most": 6}, {1}, {3, 4, 5}),
    # nothing done is zero for what counts, and unknown for what averages
    ({"did": "bought", "at_most": 0}, {3}, set()),
    ({"did": "bought", "sum": "amount", "at_most": 0}, {3, 4}, set()),
    ({"did": "bought", "distinct": "amount", "is": 0}, {3, 4}, set()),
    ({"did": "bought", "avg": "amount", "at_most": 8}, {2, 5}, {3, 4}),
    ({"did": "bought", "last": "amount", "is": 10}, {1}, {3, 4}),
    ({"did": "bought", "first": "amount", "is": 20}, {1}, {3, 4}),
    ({"did": "bought", "min": "amount", "is_missing": True}, {3, 4}, set()),
    # tenths add up; of two at one instant the last is the one with the higher key
    ({"did": "bought", "sum": "amount", "is": 0.3}, {2}, set()),
    ({"did": "bought", "last": "amount", "is": 0.2}, {2}, {3, 4}),
    # a window holds its end and not its beginning; nothing after the moment counts
    ({"did": "bought", "within": "7 days"}, {1, 2, 5}, set()),
    ({"did": "bought", "within": "168 hours", "is": 2}, {2}, set()),
    ({"did": "bought", "since": date(2026, 3, 31)}, {1}, set()),
    ({"did": "bought", "until": date(2026, 3, 24)}, {1, 2, 4}, set()),
    ({"did": "bought", "since": MOMENT.replace(tzinfo=UTC)}, {1}, set()),
    # permission: by channel and purpose, never without a row, never when suppressed
    ({"consent": "email"}, {1}, set()),
    ({"consent": "email", "purpose": "news"}, {3}, set()),
    ({"consent": "post"}, set(), set()),
    # who is nowhere in a segmentation is unknown there; who is not in a segment is out of it
    ({"segmentation": "tier", "in": ["gold"]}, {1}, {2, 3, 4, 5}),
    ({"not": {"segment": "adults"}}, {2, 3, 4, 5}, set()),
    ({"people": [2, 5, 77]}, {2, 5}, set()),
]


@pytest.mark.parametrize(("rule", "yes", "unknown"), PAIRS, ids=lambda each: str(each)[:70])
def test_members(engine: DuckDB, rule: dict[str, Any], yes: set[int], unknown: set[int]) -> None:
    node = parse(rule)
    adults = parse({"trait": "age", "at_least": 18})
    evaluator = _evaluator(engine, segments={"adults": adults})
    found = evaluator.sets(node)
    assert (set(found.yes), set(found.unknown)) == (yes, unknown)
    said = {row[0] for row in engine.connection.execute(evaluator.sql(node)).fetchall()}
    assert said == yes
    verdicts = {who: evaluator.explain(node, who).verdict for who in (1, 2, 3, 4, 5)}
    assert {who for who, verdict in verdicts.items() if verdict == "yes"} == yes
    assert {who for who, verdict in verdicts.items() if verdict == "unknown"} == unknown


ADULT, OFTEN = {"trait": "age", "at_least": 18}, {"did": "bought", "at_least": 3}
EMAIL, PEOPLE = {"consent": "email"}, {"people": [1, 2]}
GOLD = {"segmentation": "tier", "in": ["gold"]}
DECIDING: list[tuple[dict[str, Any], int, list[tuple[dict[str, Any], Any]]]] = [
    ({"all": [ADULT, OFTEN]}, 1, [(OFTEN, 2)]),
    ({"all": [ADULT, OFTEN]}, 2, [(ADULT, 17), (OFTEN, 2)]),
    ({"any": [ADULT, OFTEN]}, 1, [(ADULT, 30)]),
    ({"any": [ADULT, OFTEN]}, 2, [(ADULT, 17), (OFTEN, 2)]),
    ({"any": [ADULT, OFTEN]}, 3, [(ADULT, None)]),
    ({"none": [ADULT, OFTEN]}, 1, [(ADULT, 30)]),
    ({"not": {"all": [ADULT, OFTEN]}}, 1, [(OFTEN, 2)]),
    ({"segment": "adults"}, 2, [(ADULT, 17)]),
    ({"consent": "email"}, 2, [({"consent": "email"}, False)]),
    ({"none": [ADULT, OFTEN]}, 2, [(ADULT, 17), (OFTEN, 2)]),
    ({"none": [ADULT, OFTEN]}, 3, [(ADULT, None)]),
    ({"all": [ADULT, {"did": "bought"}]}, 3, [({"did": "bought"}, 0)]),
    ({"all": [ADULT, {"consent": "email"}]}, 3, [({"consent": "email"}, False)]),
    ({"some": [ADULT, OFTEN, EMAIL], "at_least": 2}, 1, [(ADULT, 30), (EMAIL, True)]),
    ({"some": [ADULT, OFTEN, EMAIL], "at_least": 2}, 2, [(ADULT, 17), (OFTEN, 2), (EMAIL, False)]),
    ({"some": [ADULT, OFTEN, EMAIL], "at_least": 1}, 3, [(ADULT, None)]),
    ({"all": [PEOPLE, {"segment": "adults"}]}, 1, [(PEOPLE, True), (ADULT, 30)]),
    ({"all": [PEOPLE, {"not": {"segment": "adults"}}]}, 3, [(PEOPLE, False)]),
    (
        {"not": {"any": [ADULT, {"all": [OFTEN, EMAIL]}]}},
        2,
        [(ADULT, 17), (OFTEN, 2), (EMAIL, False)],
    ),
    (GOLD, 1, [(GOLD, "gold")]),
    (GOLD, 2, [(GOLD, None)]),
]


@pytest.mark.parametrize(("rule", "who", "clauses"), DECIDING, ids=lambda each: str(each)[:60])
def test_the_clauses_that_decide(
    engine: DuckDB, rule: dict[str, Any], who: int, clauses: list[tuple[dict[str, Any], Any]]
) -> None:
    evaluator = _evaluator(engine, segments={"adults": parse(ADULT)})
    found = [(each.node, each.value) for each in evaluator.explain(parse(rule), who).deciding()]
    assert found == [(parse(clause), value) for clause, value in clauses]


def test_what_a_clause_compares_with_is_shown(engine: DuckDB) -> None:
    rule = parse({"all": [ADULT, GOLD, EMAIL]})
    found = _evaluator(engine).explain(rule, 1)
    shown = [each.threshold for each in found.children]
    assert shown == [Comparison("ge", 18), Comparison("in", ("gold",)), None]
    assert found.threshold is None and found.decides and found.verdict == "yes"


def test_a_preview_counts_every_clause(engine: DuckDB) -> None:
    seen = _evaluator(engine).preview(parse({"all": [ADULT, {"not": OFTEN}]}))
    assert (seen.people, seen.unknown, seen.of) == (1, 3, 5)
    assert [(each.people, each.unknown) for each in seen.children] == [(1, 3), (5, 0)]
    assert seen.children[1].children[0].people == 0


def test_each_rule_that_was_evaluated_has_cost_some_time(engine: DuckDB) -> None:
    evaluator, rules = _evaluator(engine), {"adult": parse(ADULT), "often": parse(OFTEN)}
    evaluator.all(rules)
    assert all(each > 0 for each in evaluator.seconds(rules).values())


def test_segments_in_a_circle_are_refused(engine: DuckDB) -> None:
    segments = {"a": parse({"segment": "b"}), "b": parse({"not": {"segment": "a"}})}
    with pytest.raises(RuleError, match="a → b → a"):
        _evaluator(engine, segments=segments).sets(parse({"segment": "a"}))


def test_stored_membership_wins(engine: DuckDB) -> None:
    evaluator = _evaluator(
        engine, segments={"a": parse({"people": [1]})}, stored={"a": BitMap([2, 88])}
    )
    assert set(evaluator.sets(parse({"segment": "a"})).yes) == {2}


UNKNOWN = [
    ({"trait": "aeg", "is": 1}, NotFound, "Did you mean 'age'"),
    ({"did": "bougt"}, NotFound, "Did you mean 'bought'"),
    ({"did": "bought", "where": {"amont": 1}}, NotFound, "Did you mean 'amount'"),
    ({"segment": "x"}, NotFound, "no segment 'x'"),
    ({"segmentation": "teir", "in": ["gold"]}, NotFound, "Did you mean 'tier'"),
    ({"trait": "age", "is": "old"}, RuleError, "'old' is not a number"),
    ({"trait": "age", "contains": "3"}, RuleError, "`contains` does not compare a number"),
    ({"did": "bought", "sum": "at", "is": 1}, RuleError, "`at` is instant, so it has no sum"),
]


@pytest.mark.parametrize(("rule", "kind", "said"), UNKNOWN, ids=lambda each: str(each)[:50])
def test_what_the_data_does_not_offer_is_named(
    engine: DuckDB, rule: dict[str, Any], kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=said):
        _evaluator(engine).sets(parse(rule))


def test_an_unknown_customer_is_not_explained(engine: DuckDB) -> None:
    with pytest.raises(NotFound, match="no customer '9'"):
        _evaluator(engine).explain(parse({"did": "bought"}), 9)


# ---- windows over a change of clocks: on 29 March 2026 at 02:00 Amsterdam went to 03:00 ----

WINDOWS = [
    (Window(within=Period(3, "days")), "2026-03-28T10:00", 1),
    (Window(within=Period(1, "months")), "2026-02-28T11:00", 1),  # 12:00 there, in winter
    (Window(within=Period(1, "years")), "2025-03-31T10:00", 1),
    (Window(since=date(2026, 3, 29)), "2026-03-28T23:00", 0),
    (Window(since=date(2026, 3, 30)), "2026-03-29T22:00", 0),
]


@pytest.mark.parametrize(("window", "start", "ticks"), WINDOWS, ids=lambda each: str(each)[:40])
def test_where_a_window_begins(window: Window, start: str, ticks: int) -> None:
    assert span(window, MOMENT, AMSTERDAM) == Span(
        datetime.fromisoformat(start) + ticks * TICK, MOMENT + TICK
    )


def test_the_day_without_its_second_hour_ends_at_midnight_there() -> None:
    window = Window(since=date(2026, 3, 29), until=date(2026, 3, 29))
    assert span(window, MOMENT, AMSTERDAM) == Span(
        datetime.fromisoformat("2026-03-28T23:00"), datetime.fromisoformat("2026-03-29T22:00")
    )


def test_a_period_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(RuleError, match="beyond the calendar"):
        span(Window(within=Period(9000, "years")), MOMENT, AMSTERDAM)


@given(st.sets(st.integers(0, 2**32 - 1) | st.integers(0, 70_000), max_size=300))
@settings(max_examples=50, deadline=None)
def test_a_set_survives_bytes_and_columns(keys: set[int]) -> None:
    column = pa.chunked_array([pa.array([*keys, None], pa.int64()), pa.array([], pa.int64())])
    members = bitmap(column)
    assert set(members) == keys
    assert from_bytes(to_bytes(members)) == members
    assert to_bytes(BitMap(sorted(keys, reverse=True))) == to_bytes(members)
    assert to_keys(members).to_pylist() == sorted(keys)


SAID: list[tuple[dict[str, Any], int, list[str]]] = [
    (ADULT, 2, ["age is 18 instead of 17"]),
    (OFTEN, 1, ["1 more of “bought”"]),
    ({"did": "bought", "at_most": 0}, 1, ["2 fewer of “bought”"]),
    (
        {"did": "bought", "sum": "amount", "at_least": 50, "within": "8 days"},
        1,
        [
            "1 more of “bought” in the last 8 days, "
            "so that the sum of amount is 50.0 instead of 30.0"
        ],
    ),
    ({"consent": "email"}, 2, ["they may be contacted by email for marketing"]),
    (
        {"segmentation": "tier", "in": ["gold"]},
        1,
        ["the place in tier is not known instead of “gold”"],
    ),
    ({"not": {"segment": "adults"}}, 1, ["they leave “adults”"]),
    ({"people": [2]}, 1, ["they are put on the list"]),
    ({"all": [ADULT, OFTEN]}, 2, ["age is 18 instead of 17", "1 more of “bought”"]),
    (
        {"any": [ADULT, OFTEN, {"consent": "email"}]},
        1,
        ["age is 17 instead of 30", "they may not be contacted by email for marketing"],
    ),
    ({"all": [ADULT, {"trait": "age", "less_than": 18}]}, 1, []),
]


@pytest.mark.parametrize(("rule", "who", "said"), SAID, ids=lambda each: str(each)[:60])
def test_the_fewest_changes_in_words(
    engine: DuckDB, rule: dict[str, Any], who: int, said: list[str]
) -> None:
    evaluator = _evaluator(engine, segments={"adults": parse(ADULT)})
    assert [str(each) for each in evaluator.changes(parse(rule), who)] == said
