"""Tallies counted in memory: by known answers, and beside the same rules counted by SQL."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from carpel.engine.duckdb import DuckDB
from carpel.evaluation import Evaluator
from carpel.evaluation import everybody as everybody_module
from carpel.evaluation.counting import countable, steps
from carpel.evaluation.measures import atom
from carpel.language import parse

AS_OF = datetime.fromisoformat("2026-03-01T12:00")
UTC = ZoneInfo("UTC")
KEYS = [*range(60), *range(65_530, 65_542), 131_071, 131_072, 1_000_000]
STRANGER, FORMER = 77, 78
ROW = {"amount": None, "price": None, "quantity": None, "channel": None, "gift": None}
TYPES = {
    "customer": pa.int64(),
    "event_key": pa.uint64(),
    "at": pa.timestamp("us"),
    "amount": pa.float64(),
    "price": pa.decimal128(18, 2),
    "quantity": pa.int64(),
    "channel": pa.string(),
    "gift": pa.bool_(),
}
Row = Mapping[str, Any]
Found = tuple[list[int], list[int]]


@pytest.fixture(autouse=True)
def however_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handful of figures is counted in memory here as well."""
    monkeypatch.setattr(everybody_module, "FEW", 0)


def _evaluator(rows: list[Row], people: list[int] = KEYS) -> Evaluator:
    engine = DuckDB()
    numbers = count()
    listed = [{"event_key": next(numbers), "at": AS_OF, **ROW, **row} for row in rows]
    engine.register("event_bought", pa.Table.from_pylist(listed, pa.schema(TYPES)))
    engine.register("customers", pa.table({"customer": pa.array(people, pa.int64())}))
    alias = {"customer": [FORMER], "survivor": [people[0]]}
    engine.register("aliases", pa.table(alias))
    return Evaluator(engine, as_of=AS_OF, zone=UTC)


def _found(rows: list[Row], rules: Mapping[str, Any], people: list[int] = KEYS) -> dict[str, Found]:
    sets = _evaluator(rows, people).all({name: parse(rule) for name, rule in rules.items()})
    return {name: (list(each.yes), list(each.unknown)) for name, each in sets.items()}


def _by_sql(
    monkeypatch: pytest.MonkeyPatch, rows: list[Row], rules: Mapping[str, Any]
) -> dict[str, Found]:
    with monkeypatch.context() as patched:
        patched.setattr(everybody_module, "countable", lambda _atom: False)
        return _found(rows, rules)


def _yes(rows: list[Row], rule: Any) -> list[int]:
    return _found(rows, {"it": {"did": "bought", **rule}}, people=[1, 2, 3])["it"][0]


def test_at_one_instant_the_event_key_tells_which_is_first_and_last() -> None:
    rows: list[Row] = [
        {"customer": 1, "event_key": 9, "channel": "web"},
        {"customer": 1, "event_key": 3, "channel": "app"},
        {"customer": 1, "event_key": 12, "channel": None},
        {"customer": 2, "event_key": 2**63 + 1, "channel": "web"},
        {"customer": 2, "event_key": 4, "channel": "app"},
    ]
    assert _yes(rows, {"first": "channel", "is": "app"}) == [1, 2]
    assert _yes(rows, {"last": "channel", "is": "web"}) == [1, 2]


def test_a_window_inside_another_has_its_own_first_and_last() -> None:
    day = timedelta(days=1)
    rows: list[Row] = [
        {"customer": 1, "at": AS_OF - 5 * day, "amount": 5.0},
        {"customer": 1, "at": AS_OF - 1 * day, "amount": 1.0},
        {"customer": 2, "at": AS_OF - 5 * day, "amount": 5.0},
    ]
    rules = {
        f"{word}{days}": {"did": "bought", word: "amount", "is": 5, "within": f"{days} days"}
        for word in ("first", "last", "min", "max")
        for days in (3, 9)
    }
    found = _found(rows, rules, people=[1, 2])
    assert {name: each[0] for name, each in found.items()} == {
        "first3": [], "first9": [1, 2], "last3": [], "last9": [2],
        "min3": [], "min9": [2], "max3": [], "max9": [1, 2],
    }  # fmt: skip
    assert found["first3"][1] == [2]  # who did nothing then has no first


def test_former_keys_count_for_the_survivor_and_strangers_for_nobody() -> None:
    rows: list[Row] = [{"customer": each} for each in (1, FORMER, STRANGER)]
    assert _yes(rows, {"at_least": 2}) == [1]
    assert _yes(rows, {"at_most": 0}) == [2, 3]


def test_an_event_that_nobody_did() -> None:
    found = _found(
        [],
        {
            "none": {"did": "bought", "at_most": 0},
            "some": {"did": "bought"},
            "sum": {"did": "bought", "sum": "amount", "at_least": 0},
            "last": {"did": "bought", "last": "channel", "is": "web"},
            "distinct": {"did": "bought", "distinct": "channel", "at_least": 1},
        },
        people=[1, 2],
    )
    everybody, nobody = [1, 2], list[int]()
    assert found == {
        "none": (everybody, nobody),
        "some": (nobody, nobody),
        "sum": (everybody, nobody),
        "last": (nobody, everybody),
        "distinct": (nobody, nobody),
    }


def test_one_measure_compared_in_many_ways() -> None:
    rows: list[Row] = [{"customer": 1, "amount": each} for each in (10.0, 20.0)]
    rows += [{"customer": 2, "amount": 5.0}, {"customer": 3, "amount": None}]
    said: dict[str, tuple[dict[str, Any], list[int]]] = {
        "is": ({"is": 30}, [1]),
        "is_not": ({"is_not": 30}, [2, 3]),
        "between": ({"between": [5, 30]}, [1, 2]),
        "in": ({"in": [0, 5]}, [2, 3]),
        "not_in": ({"not_in": [0, 5]}, [1]),
        "more_than": ({"more_than": 5}, [1]),
        "less_than": ({"less_than": 5}, [3]),
    }
    rules = {n: {"did": "bought", "sum": "amount", **each} for n, (each, _) in said.items()}
    found = _found(rows, rules, people=[1, 2, 3])
    assert {name: each[0] for name, each in found.items()} == {n: w for n, (_, w) in said.items()}


def test_cents_add_up_without_a_rest() -> None:
    rows: list[Row] = [{"customer": 1, "amount": 0.1, "price": "0.10"} for _ in range(30)]
    typed = [{**row, "price": pa.scalar(row["price"]).cast(TYPES["price"]).as_py()} for row in rows]
    for name in ("amount", "price"):
        assert _yes(typed, {"sum": name, "is": 3}) == [1]
        assert _yes(typed, {"avg": name, "is": 0.1}) == [1]


ODD = [math.nan, math.inf, -math.inf, 1e305, -0.0, 0.0, 2.5e-7, 0.5e-6, 1e15 + 0.3]


def _random_rows(random: Random, many: int) -> Iterator[Row]:
    for key in range(many):
        amount = random.choice([*ODD, None]) if random.random() < 0.2 else random.randint(0, 99) / 4
        days = random.choice([0, 1, 3, 7, 7, 30, 400])
        cents = pa.scalar(str(random.randint(-9, 999) / 100)).cast(TYPES["price"]).as_py()
        yield {
            "customer": random.choice([*KEYS[:40], *KEYS[50:], FORMER, STRANGER]),
            "event_key": random.choice([key, 2**64 - 1 - key]),
            "at": AS_OF - timedelta(days=days, microseconds=random.choice([-1, 0, 0, 1])),
            "amount": amount,
            "price": random.choice([cents, None]),
            "quantity": random.choice([0, 1, 2, 2**40, None]),
            "channel": random.choice(["web", "app", "", "é", None]),
            "gift": random.choice([True, False, None]),
        }


def _random_rule(random: Random) -> dict[str, Any]:
    rule: dict[str, Any] = {"did": "bought"}
    if random.random() < 0.8:
        days = random.choice([1, 3, 7, 7, 30])
        rule |= random.choice([{"within": f"{days} days"}, {"during": "last month"}])
    filters = [{"channel": "web"}, {"channel": "app"}, {"quantity": {"at_least": 1}}]
    filters += [{"channel": "web", "amount": {"at_least": 5}}, {"gift": True}, {"channel": "none"}]
    if random.random() < 0.6:
        rule["where"] = random.choice(filters)
    word = random.choice(["count", "sum", "avg", "distinct", "min", "max", "first", "last"])
    named = ["amount", "price", "quantity"]
    if word in ("distinct", "first", "last"):
        named += ["channel", "gift"]
    thing = random.choice(named)
    if word != "count":
        rule[word] = thing
    if thing in ("channel", "gift") and word in ("first", "last"):
        return rule | ({"is": random.choice(["web", ""])} if thing == "channel" else {"is": True})
    order_of = random.choice(["at_least", "at_most", "is", "is_not", "more_than", "less_than"])
    many = random.choice([0, 1, 2, 5, 12.25])
    ways = [{order_of: many}, {"between": [1, 12.25]}, {"in": [1, 2, 5]}, {"not_in": [1, 2, 5]}]
    return rule | (random.choice(ways) if word != "count" else {order_of: int(many)})


@pytest.mark.parametrize(
    ("many", "laid"),
    [(3, []), (60, []), (800, []), (800, ["channel", "at", "event_key"]), (800, ["at"])],
)
def test_in_memory_as_by_sql(
    monkeypatch: pytest.MonkeyPatch, many: int, laid: Sequence[str]
) -> None:
    random = Random(many)
    rows = list(_random_rows(random, many))
    rows.sort(key=lambda row: [str(row[each]).rjust(20) for each in laid])
    rules = {f"r{number}": _random_rule(random) for number in range(60)}
    found, expected = _found(rows, rules), _by_sql(monkeypatch, rows, rules)
    for name, rule in rules.items():
        assert found[name] == expected[name], rule


def test_steps_whose_filters_say_the_same_otherwise() -> None:
    rows = [{"customer": 5, "channel": "web", "at": AS_OF - timedelta(days=day)}
            for day in (3, 2)]  # fmt: skip
    one = {"did": "bought", "where": {"channel": {"in": ["web"]}}}
    other = {"then": "bought", "where": {"channel": {"any_of": ["web"]}}}
    assert _found(rows, {"twice": {"sequence": [one, other]}})["twice"] == ([5], [])


def test_steps_of_customers_whose_keys_lie_far_apart() -> None:
    first, far = AS_OF - timedelta(days=400), 5 + (1 << 19)  # 45 bits are the instants'
    rows: list[Row] = [
        {"customer": far, "at": first, "channel": "web"},
        {"customer": far, "at": AS_OF, "channel": "app"},
        {"customer": 5, "at": AS_OF - timedelta(days=1), "channel": "web"},
    ]
    steps_ = [{"did": "bought", "where": {"channel": "web"}}, {"then": "bought"}]
    found = _found(rows, {"both": {"sequence": steps_}}, people=[5, far])
    assert found["both"] == ([far], [])


COUNTABLE = [
    ({"did": "bought", "at_least": 2}, True),
    ({"did": "bought", "sum": "amount", "at_least": 2}, True),
    ({"did": "bought", "last": "channel", "is": "web"}, True),
    ({"sequence": [{"did": "bought"}, {"then": "bought"}]}, True),
    ({"did": "bought", "sum": "amount", "top": "10%"}, False),
    ({"did": "bought", "share": "count", "where": {"gift": True}, "at_least": "10%"}, False),
    ({"did": "bought", "since_first": "bought", "at_least": 2}, False),
]


@pytest.mark.parametrize(("rule", "held"), COUNTABLE, ids=lambda each: str(each)[:50])
def test_what_can_be_counted_in_memory(rule: dict[str, Any], held: bool) -> None:
    assert countable(atom(parse(rule), _evaluator([]).catalogue)) == held


def _random_step(random: Random) -> dict[str, Any]:
    step: dict[str, Any] = {}
    filters: list[dict[str, Any]] = [{"channel": "web"}, {"channel": "app"}, {"gift": True}]
    filters += [{"quantity": {"at_least": 1}, "channel": "web"}]
    if random.random() < 0.7:
        step["where"] = random.choice(filters)
    return step


def _random_sequence(random: Random) -> dict[str, Any]:
    listed = [{"did": "bought", **_random_step(random)}]
    for _ in range(random.randint(1, 3)):
        if random.random() < 0.25:
            absent = {"then_not": "bought", "within": f"{random.choice([1, 48, 400])} hours"}
            listed.append(absent | _random_step(random))
            continue
        then = {"then": "bought", **_random_step(random)}
        if random.random() < 0.6:
            then["within"] = f"{random.choice([4, 7, 40])} days"
        if random.random() < 0.3:
            then["after"] = f"{random.choice([24, 72])} hours"
        if random.random() < 0.4:
            then["without"] = {"did": "bought", **_random_step(random)}
        listed.append(then)
    rule: dict[str, Any] = {"sequence": listed}
    if random.random() < 0.5:
        rule["within"] = f"{random.choice([3, 8, 31])} days"
    elif random.random() < 0.3:
        rule["ends_within"] = "8 days"
    return rule


@pytest.mark.parametrize("bits", [63, 48])
def test_sequences_in_memory_as_one_goes_through_them(
    monkeypatch: pytest.MonkeyPatch, kit: Any, bits: int
) -> None:
    monkeypatch.setattr(steps, "BITS", bits)
    random = Random(bits)
    world = kit.world(random, moment=bits)
    drawn = kit.rules(random, 800, 0).items()
    rules = {name: rule for name, rule in drawn if "sequence" in rule}
    found, naive = world.evaluator().all(kit.parsed(rules)), kit.naive(world)
    assert len(rules) > 15
    for name, rule in rules.items():
        assert (set(found[name].yes), set(found[name].unknown)) == kit.sets(rule, naive), rule


@pytest.mark.prove
@pytest.mark.parametrize("bits", [63, 50])
def test_sequences_in_memory_as_by_sql(monkeypatch: pytest.MonkeyPatch, bits: int) -> None:
    monkeypatch.setattr(steps, "BITS", bits)  # fewer: customers are taken in many blocks
    random, some = Random(bits), 0
    rows = [row | {"customer": random.choice(KEYS[50:80])} for row in _random_rows(random, 300)]
    rules = {f"r{number}": _random_sequence(random) for number in range(3)}
    found, expected = _found(rows, rules), _by_sql(monkeypatch, rows, rules)
    for name, rule in rules.items():
        assert found[name] == expected[name], rule
        some += 0 < len(found[name][0]) < len(KEYS)
    assert some > 1


BIG = 2**53


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ({"max": "quantity", "exactly": BIG + 1}, {0, 1}),
        ({"max": "quantity", "more_than": BIG}, {0, 1}),
        ({"max": "quantity", "is_not": BIG}, {0, 1, 2}),
        ({"max": "quantity", "between": [BIG + 1, BIG + 9]}, {0, 1}),
        ({"min": "quantity", "less_than": -BIG}, {2}),
        ({"first": "quantity", "in": [BIG + 1, 5]}, {1}),
        ({"last": "quantity", "exactly": BIG + 1}, {0, 1}),
        ({"distinct": "quantity", "at_least": 2}, {0, 2}),
        ({"where": {"quantity": BIG + 1}}, {0, 1}),
    ],
)
def test_whole_numbers_that_a_double_cannot_hold_are_exact(rule: Any, wanted: set[int]) -> None:
    """Order numbers, say: the next two numbers above 2^53 are two numbers."""
    amounts = [(0, BIG), (0, BIG + 1), (1, BIG + 1), (2, -BIG - 1), (2, -BIG)]
    rows = [
        {"customer": who, "quantity": number, "at": AS_OF - timedelta(hours=9 - hour)}
        for hour, (who, number) in enumerate(amounts)
    ]
    found = _found(rows, {"it": {"did": "bought", **rule}}, [0, 1, 2])
    assert set(found["it"][0]) == wanted


@pytest.mark.parametrize(("name", "many"), [("filters.MOST_FLAGS", 1), ("figures.BITS", 8)])
def test_whatever_does_not_fit_into_one_number_is_counted_too(
    monkeypatch: pytest.MonkeyPatch, name: str, many: int
) -> None:
    random = Random(name)
    rows = list(_random_rows(random, 300))
    rules = {f"r{number}": _random_rule(random) for number in range(40)}
    expected = _by_sql(monkeypatch, rows, rules)
    monkeypatch.setattr(f"carpel.evaluation.counting.{name}", many)
    found = _found(rows, rules)
    for each, rule in rules.items():
        assert found[each] == expected[each], rule


def test_one_query_reads_an_event_for_all_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    batches = DuckDB.batches

    def told(engine: DuckDB, tree: Any) -> pa.RecordBatchReader:
        asked.append(engine.text(tree))
        return batches(engine, tree)

    monkeypatch.setattr(DuckDB, "batches", told)
    row: Row = {"customer": 1, "channel": "web", "amount": 5.0}
    wheres = [{}, {"channel": "web"}, {"channel": "web", "amount": {"at_least": 5}}]
    wheres += [{"channel": "web", "gift": True}, {"amount": {"at_least": 9}}]
    rules = {str(place): {"did": "bought", "where": each} for place, each in enumerate(wheres)}
    found = _found([row], rules, people=[1])
    assert [len(found[name][0]) for name in rules] == [1, 1, 1, 0, 0]
    assert sum("event_bought" in each for each in asked) == 1


def test_an_empty_text_is_a_value_like_any_other() -> None:
    rows: list[Row] = [{"customer": 1, "channel": ""}, {"customer": 2, "channel": "web"}]
    rows += [{"customer": 2, "channel": "", "amount": 9.0}, {"customer": 3, "channel": None}]
    rules = {
        "empty": {"did": "bought", "where": {"channel": ""}},
        "much": {"did": "bought", "where": {"channel": "", "amount": {"at_least": 5}}},
    }
    found = _found(rows, rules, people=[1, 2, 3])
    assert {name: each[0] for name, each in found.items()} == {"empty": [1, 2], "much": [2]}
