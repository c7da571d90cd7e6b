"""Send the demo's campaigns, let a made-up public answer them, and report what they caused.

    python examples/complete_journey/campaigns.py FOLDER ANSWERED [--seed N]

Takes a copy of the demo that has run to ANSWERED. On 2 January 2018 two campaigns are planned,
approved and sent to a mail server on this machine, and a third goes to files for a tool. What
people bought in January 2018 is made up: everybody's January 2017 again, a year later, changed for
those who were written to by known chances (`ANSWERS`), one of which does harm. Who would have
ordered anyway, and with which chance somebody answers, goes to `truth/answers.parquet`, which no
data source reads.
"""

import argparse
import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from aiosmtpd.controller import Controller

import carpel
from carpel.engine.query import query
from carpel.verbs.reader import reading

SENT = datetime(2018, 1, 2, 15, tzinfo=UTC)
LOOKED_AT = datetime(2018, 2, 5, 12, tzinfo=UTC)
YEAR = timedelta(days=364)
"""The same weekday a year later."""
PORT = 18025
"""Where `channels/letters.yml` hands over."""
ANSWERS = {
    ("coffee", "news"): {"bronze": 0.35, "silver": 0.25},
    ("coffee", "discount"): {"bronze": 0.55, "silver": 0.40, "gold": -0.65},
    ("win_back", "all"): {"bronze": 0.45, "silver": 0.45, "gold": 0.45, "platinum": 0.45},
}
"""By campaign, version and level: the chance that somebody who would not have ordered does, or,
below 0, that somebody who would have does not."""
WINDOW = {"coffee": timedelta(days=7), "win_back": timedelta(days=30)}
SEED = 2018


def main() -> None:
    """Read the arguments and go through it; a folder that is there already is left alone."""
    parser = argparse.ArgumentParser(description="Send the demo's campaigns and answer them.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("answered", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    if (given.answered / "truth" / "answers.parquet").exists():
        print(f"{given.answered} is answered already.")
        return
    shutil.copytree(given.folder, given.answered, dirs_exist_ok=True)
    with mail_server() as server:
        for name in (*WINDOW, "regulars"):
            print(send(given.answered, name))
        print(f"{server.handler.received:,} messages arrived at a mail server on this machine.")
    answer(given.answered, np.random.default_rng(given.seed))
    project = carpel.Project(given.answered, clock=lambda: LOOKED_AT)
    project.run(accept=True)
    for found in project.verdicts():
        print(f"\n{found.opening}")
    print(f"\nReport: {project.report()}")


class Mailbox:
    """Takes every message and only counts it."""

    received = 0

    async def handle_DATA(  # noqa: N802 - so the server calls it
        self, _server: object, _session: object, _envelope: object
    ) -> str:
        self.received += 1
        await asyncio.sleep(0)
        return "250 ok"


@contextmanager
def mail_server() -> Iterator[Controller]:
    """A mail server on this machine for as long as it is needed."""
    server = Controller(Mailbox(), hostname="127.0.0.1", port=PORT)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def send(folder: Path, name: str) -> str:
    """Plan, approve and send one campaign; gives what became of it."""
    project = carpel.Project(folder, clock=lambda: SENT)
    plan = project.plan(name)
    project.approve(name)
    done = project.send(name)
    return (
        f"{plan.label}: of {plan.waterfall[0]['people']:,} people {done.sent:,} were written to, "
        f"{plan.arms[-1]['people']:,} kept aside."
    )


def answer(folder: Path, draw: np.random.Generator) -> None:
    """Write January 2018 as a data source of its own, and the truth about it."""
    people = assigned(folder)
    january, first = january_again(folder)
    lost, fresh, truth = [], [], []
    for person in people.to_pylist():
        mine = first.get(person["household"])
        until = SENT.replace(tzinfo=None) + WINDOW[person["campaign"]]
        anyway = mine is not None and mine <= until
        chance = ANSWERS.get((person["campaign"], person["arm"]), {}).get(person["level"], 0.0)
        answers = draw.random() < abs(chance)
        if answers and chance < 0 and anyway:
            lost.append((person["household"], until))
        elif answers and chance > 0 and not anyway:
            fresh.append((person["household"], draw.uniform(0.2, 6.8)))
        truth.append({**person, "anyway": anyway, "chance": chance})
    pq.write_table(pa.Table.from_pylist(truth), folder / "truth" / "answers.parquet")
    rows = without(january, lost)
    pq.write_table(
        pa.concat_tables([rows, baskets(january, fresh)]), folder / "data/january.parquet"
    )
    till = (folder / "sources" / "till.yml").read_text(encoding="utf-8")
    till = till.replace("transactions.parquet", "january.parquet").replace(
        "Till", "January, made up"
    )
    (folder / "sources" / "january.yml").write_text(till, encoding="utf-8")


def assigned(folder: Path) -> pa.Table:
    """Campaign, arm, household, level, and whether they ordered in the 90 days before."""
    from carpel.store.assignments import assignments

    project = carpel.Project(folder, clock=lambda: SENT)
    rows = [
        {"campaign": each.campaign, "arm": arm, "customer": key}
        for each in assignments(project.session.store.ledger)
        if each.campaign in WINDOW
        for arm, keys in each.arms.items()
        for key in keys
    ]
    with reading(project.session) as reader:
        reader.engine.register("drawn", pa.Table.from_pylist(rows))
        return reader.engine.fetch(
            query(
                """SELECT d.campaign, d.arm, CAST(c.loyalty_card AS BIGINT) AS household,
                          s.loyalty_tier AS level, o.customer IS NOT NULL AS before
                   FROM drawn AS d JOIN contacts AS c USING (customer)
                   JOIN standings AS s USING (customer)
                   LEFT JOIN (SELECT DISTINCT customer FROM event_order_completed
                              WHERE at > :since) AS o USING (customer)
                   ORDER BY d.campaign, d.customer""",
                since=SENT.replace(tzinfo=None) - timedelta(days=90),
            )
        )


def january_again(folder: Path) -> tuple[pa.Table, dict[int, datetime]]:
    """Purchases of 30 days a year later, and when each household first ordered in them."""
    rows = pq.read_table(folder / "data" / "transactions.parquet")
    moved = pc.add(rows["transaction_timestamp"], pa.scalar(YEAR))
    rows = rows.set_column(
        rows.schema.get_field_index("transaction_timestamp"), "transaction_timestamp", moved
    )
    start = SENT.replace(tzinfo=None)
    end = start + timedelta(days=33)
    january = rows.filter(
        pc.and_(pc.greater(moved, pa.scalar(start)), pc.less(moved, pa.scalar(end)))
    )
    first = january.group_by("household_id").aggregate([("transaction_timestamp", "min")])
    return renamed(january, "2018"), dict(
        zip(
            first["household_id"].to_pylist(),
            first["transaction_timestamp_min"].to_pylist(),
            strict=True,
        )
    )


def renamed(rows: pa.Table, mark: str) -> pa.Table:
    """The same rows as other baskets."""
    baskets = pc.binary_join_element_wise(pc.cast(rows["basket_id"], pa.string()), mark, "-")
    return rows.set_column(rows.schema.get_field_index("basket_id"), "basket_id", baskets)


def without(rows: pa.Table, lost: list[tuple[int, datetime]]) -> pa.Table:
    """The rows but those of these households up to a moment."""
    kept = np.ones(rows.num_rows, bool)
    household = rows["household_id"].to_numpy()
    at = rows["transaction_timestamp"].to_numpy().astype("datetime64[us]")
    for whose, until in lost:
        kept &= ~((household == whose) & (at <= np.datetime64(until, "us")))
    return rows.filter(pa.array(kept))


def baskets(rows: pa.Table, fresh: list[tuple[int, float]]) -> pa.Table:
    """A basket each for these households, so many days after the sending: one that somebody had."""
    sample = rows["basket_id"][0]
    basket = rows.filter(pc.equal(rows["basket_id"], sample))
    made = []
    for number, (household, days) in enumerate(fresh):
        at = SENT.replace(tzinfo=None) + timedelta(days=days)
        columns = {
            "household_id": pa.array([household] * basket.num_rows, basket["household_id"].type),
            "basket_id": pa.array([f"answer-{number}"] * basket.num_rows),
            "transaction_timestamp": pa.array(
                [at] * basket.num_rows, basket["transaction_timestamp"].type
            ),
        }
        table = basket
        for name, values in columns.items():
            table = table.set_column(table.schema.get_field_index(name), name, values)
        made.append(table)
    return pa.concat_tables(made) if made else rows.slice(0, 0)


if __name__ == "__main__":
    main()
