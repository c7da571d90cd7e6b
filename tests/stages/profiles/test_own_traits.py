"""Traits that people define: aggregates, expressions, and the mistakes in them."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pydantic import TypeAdapter

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import column, literal, query
from carpel.errors import ProjectError
from carpel.specs import Definitions, Project, Trait
from carpel.stages.profiles import Profiles
from carpel.stages.profiles.expressions import ExpressionError, meaning, parsed
from carpel.stages.profiles.worked import Expressions
from carpel.testing.line import Line, line_with, take

from .reading import AS_OF, Row, ago, happened, traits, values

ANY_TRAIT: TypeAdapter[Any] = TypeAdapter(Trait)


def shop(folder: Path, **own: dict[str, Any]) -> Line:
    """Three people: two lines of coffee and one of tea; one of coffee; nothing."""
    lines = [
        happened(1, ago(days=1), product_id="p", amount=4.0, quantity=2),
        happened(1, ago(days=50), product_id="p", amount=6.0, quantity=1),
        happened(1, ago(days=2), product_id="t", amount=1.0, quantity=1),
        happened(2, ago(days=99), product_id="p", amount=3.0, quantity=1),
    ]
    products = [
        {"product_id": "p", "category": "coffee"},
        {"product_id": "t", "category": "tea"},
    ]
    tables: dict[str, list[Row]] = {
        "customers": [{"customer": key, "known_since": ago(days=200)} for key in (1, 2, 3)],
        "event_product_purchased": lines,
        "event_order_completed": lines,
        "described_product_id": products,
        "contacts": [{"customer": 1, "t_age": 40, "id_email": "a@example.org"}],
    }
    made = {name: ANY_TRAIT.validate_python({"name": name, **each}) for name, each in own.items()}
    said = Definitions(Project(name="trial"), traits=made)
    given = {name: pa.Table.from_pylist(rows) for name, rows in tables.items()}
    return line_with(folder, given, definitions=said, as_of=AS_OF)


def aggregate(how: str, **more: Any) -> dict[str, Any]:
    return {"kind": "aggregate", "event": "product_purchased", "aggregate": how, **more}


def expression(text: str) -> dict[str, Any]:
    return {"kind": "expression", "expression": text}


AGGREGATES: list[tuple[dict[str, Any], list[Any], str]] = [
    (aggregate("count", where={"category": "coffee"}), [2, 1, 0], "integer"),
    (aggregate("count", where={"category": "coffee"}, within="90 days"), [2, 0, 0], "integer"),
    (aggregate("count", where={"category": "coffee"}, within="30 days"), [1, 0, 0], "integer"),
    (aggregate("sum", property="amount"), [11.0, 3.0, 0.0], "number"),
    (aggregate("avg", property="amount", within="60 days"), [11 / 3, None, None], "number"),
    (aggregate("max", property="amount", where={"quantity": {"ge": 2}}), [4.0, None, None],
     "number"),
    (aggregate("min", property="at"), [ago(days=50), ago(days=99), None], "instant"),
    (aggregate("distinct", property="category"), [2, 1, 0], "integer"),
    (aggregate("first", property="product_id"), ["p", "p", None], "text"),
    (aggregate("last", property="category"), ["coffee", "coffee", None], "text"),
]  # fmt: skip
EXPRESSIONS: list[tuple[str, list[Any], str]] = [
    ("spend_total / orders_total", [11 / 3, 3.0, None], "number"),
    ("spend_total - 2 * orders_total", [5.0, 1.0, 0.0], "number"),
    ("orders_total > 1 and spend_total > 1", [True, False, False], "boolean"),
    ("case when orders_total = 0 then 'none' else 'some' end", ["some", "some", "none"], "text"),
    ("recency_days + 1", [2.0, 100.0, None], "number"),
    ("coalesce(age, 0)", [40, 0, 0], "integer"),
    ("spend_total / age", [11 / 40, None, None], "number"),
    ("least(orders_total, 2) % 2", [0, 1, 0], "integer"),
    ("nullif(orders_total, 0) in (1, 3)", [True, True, None], "boolean"),
    ("aggregate_0 * 10", [20, 10, 0], "integer"),
    ("expression_9 / 20 + 1", [2.0, 1.5, 1.0], "number"),
    ("last_order_at", [ago(days=1), ago(days=99), None], "instant"),
]


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """A line with all the aggregates and expressions above."""
    own = {f"aggregate_{n}": each for n, (each, _, _) in enumerate(AGGREGATES)}
    own |= {f"expression_{n}": expression(each) for n, (each, _, _) in enumerate(EXPRESSIONS)}
    return take(shop(tmp_path_factory.mktemp("own"), **own), [Profiles()])


@pytest.mark.parametrize(
    ("name", "wanted", "kind"),
    [
        *((f"aggregate_{n}", *each[1:]) for n, each in enumerate(AGGREGATES)),
        *((f"expression_{n}", *each[1:]) for n, each in enumerate(EXPRESSIONS)),
    ],
)
def test_values_and_types(line: Line, name: str, wanted: list[Any], kind: str) -> None:
    assert [values(line)[key][name] for key in (1, 2, 3)] == [
        pytest.approx(each) if isinstance(each, float) else each for each in wanted
    ]
    assert traits(line)[name]["type"] == kind


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (aggregate("count", event="product_bought"), "product_bought"),
        (aggregate("sum", property="amuont"), "'amuont'"),
        (aggregate("sum", property="product_id"), "has no sum"),
        (aggregate("count", where={"quantity": "many"}), "not a number"),
        (aggregate("count", within="a while"), "not a period"),
        (expression("interests * 2"), "do not fit together"),
    ],
)
def test_mistakes_name_the_file(tmp_path: Path, own: dict[str, Any], said: str) -> None:
    with pytest.raises(ProjectError, match=f"(?s)traits/mine.yml.*({said})"):
        take(shop(tmp_path, mine=own), [Profiles()])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("spend_totl + 1", "character 1 .* no trait 'spend_totl'.*'spend_total'"),
        ("1 + mine", "character 5 .* mine → mine"),
        ("1 + other", "mine → other → mine"),
        ("1 + read_csv('x')", "character 5 .*`read_csv` may not be used"),
        ("(select 1)", "may not be used"),
        ("spend_total +", "does not read as an expression"),
    ],
)
def test_mistakes_in_expressions_name_the_place(text: str, said: str) -> None:
    own = {name: ANY_TRAIT.validate_python({"name": name, **expression(each)})
           for name, each in {"mine": text, "other": "mine * 2"}.items()}  # fmt: skip
    with pytest.raises(ProjectError, match=f"(?s)traits/.*({said})"):
        Expressions(own, {"spend_total": column("spend_total")}).trees()


def test_all_mistakes_come_together(tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as raised:
        own = {"one": aggregate("sum", property="x"), "two": aggregate("sum", property="y")}
        take(shop(tmp_path, **own), [Profiles()])
    assert len(raised.value.problems) == 2


def test_a_built_in_name_is_taken(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="'spend_total' is a built-in trait"):
        take(shop(tmp_path, spend_total=expression("1")), [Profiles()])


@pytest.mark.parametrize(
    "text",
    ["now()", "a::text", "t.a + 1", "a in (select 1)", "a; drop table x", "a || b", "random()",
     "a -> 1", "[1, 2]", "{'a': 1}", "count(*)", "a over ()", "cast(a as text)", "*", "", "a b c"],
)  # fmt: skip
def test_nothing_else_is_an_expression(text: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        parsed(text)
    assert raised.value.at >= 1


def test_a_division_by_zero_is_unknown_wherever_it_stands() -> None:

    tree = meaning(
        parsed("coalesce(a / (a - 5) / b, -1)"), lambda name: literal({"a": 5, "b": 2}[name])
    )
    assert DuckDB().value(query("SELECT :it", it=tree)) == -1
