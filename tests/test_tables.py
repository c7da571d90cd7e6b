"""A small project is run whole, and every table it writes is held against its contract."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from carpel.engine.query import query, table
from carpel.language import parse
from carpel.project import Project
from carpel.specs import (
    Arms,
    BuyingPrediction,
    Clusters,
    Definitions,
    Experiment,
    Goal,
    Lifecycle,
    PlaceTest,
    Rfm,
    Segment,
    Source,
    Tiers,
)
from carpel.specs import Project as About
from carpel.tables import TABLES, contract
from carpel.verbs.reader import reading

pytestmark = pytest.mark.slow

CLOCK = datetime(2026, 3, 1, 12, tzinfo=UTC)
FAMILIES = {
    "staged_event",
    "event",
    "activity",
    "described",
    "rfm",
    "lifecycle",
    "tiers",
    "clusters",
}
PRIVATE = ["Wilhelmina", "Okonkwo", "@post.example", "4915112345", "Tannenweg"]
"""Parts of names, addresses and numbers that the files hold."""

FILES = {
    "people.csv": ["email,phone,first_name,last_name,street,company,seats,news"]
    + [
        f"w{n}@post.example,+4915112345{n:02d},Wilhelmina,Okonkwo{n},Tannenweg {n},"
        f"Firma {n % 3},{n % 5 + 1},{'yes' if n % 2 else 'no'}"
        for n in range(24)
    ],
    "lines.csv": ["order,product,email,at,quantity,amount,currency"]
    + [
        f"o{n},p{n % 4},w{n % 20}@post.example,2026-0{n % 2 + 1}-{n % 27 + 1:02d} 1{n % 9}:30,"
        f"{n % 3 + 1},{n % 7 + 2}.50,EUR"
        for n in range(160)
    ]
    + ["o999,p1,w1@post.example,not a day,1,2.00,EUR"],
    "products.csv": ["product,category", "p0,tea", "p1,tea", "p2,cups", "p3,books"],
    "plans.csv": ["email,plan,from,until,price"]
    + [f"w{n}@post.example,basic,2026-01-0{n + 1},,9.90" for n in range(6)],
    "spent.csv": ["day,amount,channel", "2026-01-05,120.00,email", "2026-02-05,80.00,email"],
}


def definitions() -> Definitions:
    address = {"email": "email"}
    sources = [
        Source(
            name="people",
            read="people.csv",
            identifiers={**address, "phone": "phone"},
            traits={
                **{name: name for name in ("first_name", "last_name", "street")},
                "letter": "news",
            },
            permit=[{"channel": {"constant": "email"}, "granted": "news"}],
            account={"key": "company", "name": "company", "traits": {"seats": "seats"}},
        ),
        Source(
            name="lines",
            read="lines.csv",
            identifiers=address,
            track=[
                {
                    "event": "product_purchased",
                    "at": "at",
                    "cluster_by": "category",
                    "properties": {
                        "order_id": "order",
                        "product_id": "product",
                        "quantity": "quantity",
                        "amount": "amount",
                        "currency": "currency",
                    },
                }
            ],
        ),
        Source(
            name="products",
            read="products.csv",
            describes={"product_id": "product"},
            properties={"category": "category"},
        ),
        Source(
            name="plans",
            read="plans.csv",
            identifiers=address,
            hold=[{"plan": "plan", "started_at": "from", "ended_at": "until", "amount": "price"}],
        ),
        Source(
            name="spent",
            read="spent.csv",
            costs=[{"at": "day", "amount": "amount", "channel": "channel"}],
        ),
    ]
    segmentations = [
        Rfm(name="map", kind="rfm"),
        Lifecycle(name="rhythm", kind="lifecycle"),
        Tiers(name="level", kind="tiers", levels=[{"name": "gold", "at_least": 20}]),
        Clusters(name="styles", kind="clusters"),
    ]
    tea = parse({"did": "product_purchased", "where": {"category": "tea"}, "at_least": 2})
    tested = {"metrics": ("order_rate",), "started": date(2026, 2, 1)}
    arms = {"arms": Arms(trait="letter"), "comparison": "no", "prices": {"no": 10, "yes": 12}}
    experiments = [
        Experiment(
            name="shelf",
            arms=Arms(event="product_purchased", property="product_id"),
            comparison="p0",
            metrics=("order_rate",),
        ),
        Experiment(name="dearer", **arms, **tested),
        Experiment(name="flyer", places=PlaceTest(trait="letter", treated=("yes",)), **tested),
    ]
    return Definitions(
        About(name="trial", country="DE", timezone="Europe/Berlin"),
        sources={each.name: each for each in sources},
        segments={
            "tea": Segment(name="tea", label="Tea drinkers", where=tea),
            "large": Segment(
                name="large", unit="account", where={"trait": "people", "at_least": 8}
            ),
        },
        segmentations={each.name: each for each in segmentations},
        experiments={each.name: each for each in experiments},
        predictions={"orders": BuyingPrediction(name="orders", kind="buying")},
        goals={
            "again": Goal(
                name="again",
                metric="repeat_purchase_rate",
                target=0.5,
                by=date(2026, 6, 1),
            )
        },
    )


def written(folder: Path) -> Project:
    for name, lines in FILES.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    project = Project(folder, clock=lambda: CLOCK, definitions=definitions())
    project.run()
    return project


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    project = written(tmp_path_factory.mktemp("trial"))
    with reading(project.session) as reader:
        yield reader


def test_every_table_is_written_and_has_a_contract(reader):
    names = set(reader.build.tables())
    met = {
        name: next(key for key, each in TABLES.items() if each is contract(name)) for name in names
    }
    assert set(met.values()) == set(TABLES)
    assert {met[name] for name in names if met[name] != name} == FAMILIES


def test_every_table_has_the_columns_of_its_contract(reader):
    wrong = {}
    for name in reader.build.tables():
        columns, agreed = reader.engine.columns(name), contract(name)
        if agreed.open:
            columns = {key: kind for key, kind in columns.items() if key in agreed.columns}
        if columns != dict(agreed.columns):
            wrong[name] = (columns, dict(agreed.columns))
    assert wrong == {}


def test_what_identifies_people_stays_in_the_tables_that_say_so(reader):
    holding = {name for name in reader.build.tables() if holds(reader, name)}
    allowed = {name for name in reader.build.tables() if contract(name).identifying}
    assert holding <= allowed
    assert {"records", "contacts", "links", "set_aside"} <= holding


def holds(reader, name: str) -> bool:
    """Whether any cell of a table shows a part of a name, an address or a number."""
    whole = reader.engine.fetch(
        query("SELECT CAST(t AS VARCHAR) AS it FROM :t AS t", t=table(name))
    )
    cells = "\n".join(whole.column("it").to_pylist())
    return any(part in cells for part in PRIVATE)
