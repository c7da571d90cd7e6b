"""Recommendations beside what all buy: how many of five people did buy, for the first time, later.

    python -m benchmarks recommend

Over Complete Journey, learned from what was bought before a day and judged by what the same people
then bought for the first time; beside it what most people bought in the 60 days before.
"""

import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from carpel.campaigns.desk import Desk
from carpel.campaigns.recommending import recommend
from carpel.engine.query import query
from carpel.project import Project
from carpel.specs import Recommend
from carpel.verbs.campaign_desk import desk

ROOT = Path(__file__).parents[1]
FIVE = Recommend(count=5)
DAYS = (37, 90)
"""So long before the data ends it is learned; the rest is for judging."""
POPULAR = """
    SELECT k.customer, p.item FROM (SELECT DISTINCT customer FROM old) AS k, (
        SELECT product_id AS item, count(DISTINCT customer) AS n FROM event_product_purchased
        WHERE at < :cut AND at >= :lately AND product_id IS NOT NULL
        GROUP BY 1 ORDER BY 2 DESC LIMIT 200) AS p
    ANTI JOIN old ON old.customer = k.customer AND old.item = p.item
    QUALIFY row_number() OVER (PARTITION BY k.customer ORDER BY n DESC, p.item) <= 5"""
BOUGHT = "SELECT DISTINCT customer, product_id AS item FROM event_product_purchased WHERE "


def main() -> None:
    """Lay out and run the demo, then judge both at two moments."""
    with tempfile.TemporaryDirectory() as name:
        demo = Path(name) / "demo"
        prepare = ROOT / "examples" / "complete_journey" / "prepare.py"
        subprocess.run(
            [sys.executable, str(prepare), str(demo)], check=True, stdout=subprocess.DEVNULL
        )
        project = Project(demo)
        project.run()
        with desk(project.session) as at:
            for days in DAYS:
                _judged(at, days)


def _judged(at: Desk, days: int) -> None:
    cut = at.as_of - timedelta(days=days)
    began = time.perf_counter()
    recommend(at, FIVE, at.everybody, at.everybody, at=cut)
    took = time.perf_counter() - began
    moment = cut.replace(tzinfo=None)
    at.engine.create("old", query(f"{BOUGHT} at < :cut AND product_id IS NOT NULL", cut=moment))
    at.engine.create(
        "fresh",
        query(
            f"SELECT t.* FROM ({BOUGHT} at >= :cut AND product_id IS NOT NULL) AS t "
            "ANTI JOIN old USING (customer, item)",
            cut=moment,
        ),
    )
    ours = "SELECT customer, unnest(recommendations) AS item FROM recommended"
    at.engine.create("ours", query(ours))
    lately = moment - timedelta(days=60)
    at.engine.create("popular", query(POPULAR, cut=moment, lately=lately))
    shares = {name: _share(at, name) for name in ("ours", "popular")}
    print(f"  learned {days} days before the end, for {len(at.everybody):,} people in {took:.1f} s")
    for name, (share, products) in shares.items():
        print(f"    {name:<10}{share:7.2%} bought later, {products} different products")
    print(f"    ratio {shares['ours'][0] / shares['popular'][0]:.2f}")


def _share(at: Desk, name: str) -> tuple[float, int]:
    """Of what was recommended to people who bought anything new: the share that they did buy."""
    rows = at.engine.rows(
        query(
            f"""SELECT count(f.item) / count(*), count(DISTINCT r.item) FROM {name} AS r
                SEMI JOIN fresh AS x ON x.customer = r.customer
                LEFT JOIN fresh AS f ON f.customer = r.customer AND f.item = r.item"""
        )
    )
    return float(rows[0][0]), int(rows[0][1])
