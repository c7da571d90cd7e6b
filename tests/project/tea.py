"""A made-up shop: its club is 15 years older, buys twice as often and never cola."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from .written import write

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLUB, SMALL, TINY, PEOPLE = 100, 40, 9, 420
FILES = {
    "carpel.yml": "version: 1\nname: tea\ntimezone: Europe/Berlin\ncurrency: EUR\nas_of: now\n"
    "identity: {probabilistic: false}\nlawful_purposes: {ethnicity: a study}\n",
    "sources/book.yml": "version: 1\nread: book.csv\nkey: [no]\nidentifiers: {crm_id: no}\n"
    "traits: {age: age, club: club, planet: planet, mood: mood, ethnicity: origin, gender: sex,\n"
    "         first_name: first}\n",
    "sources/till.yml": "version: 1\nread: till.csv\nidentifiers: {crm_id: no}\n"
    "track:\n  - event: order_completed\n    at: at\n"
    "    properties: {order_id: {column: order, type: text}, amount: amount, category: kind}\n",
    "segments/club.yml": "version: 1\nlabel: The club\nwhere: {trait: club, is: gold}\n",
    "segments/small.yml": "version: 1\nwhere: {trait: club, is: blue}\n",
    "segments/tiny.yml": "version: 1\nwhere: {trait: club, is: red}\n",
    "segments/nobody.yml": "version: 1\nwhere: {trait: club, is: green}\n",
    "segments/all_of_us.yml": "version: 1\nwhere: {trait: planet, is: earth}\n",
}


def shop(folder: Path) -> Path:
    """The club is 15 years older, buys twice as often and never cola; all else is alike."""
    rng = np.random.default_rng(7)
    write(folder, FILES)
    clubs = ["gold"] * CLUB + ["blue"] * SMALL + ["red"] * TINY
    clubs += ["none"] * (PEOPLE - len(clubs))
    people, orders = [], []
    for at, club in enumerate(clubs):
        age = int(rng.normal(60 if club == "gold" else 45, 8))
        mood = "gay" if at % 40 == 0 else ""
        sex, origin = ("f", "m")[at % 2], ("a", "b")[at < CLUB]
        people.append([f"K{at}", age, club, "earth", mood, origin, sex, f"Qzname{at}"])
        for each in range(8 if club == "gold" else 4):
            day = NOW - timedelta(days=float(rng.uniform(1, 420)))
            kind = ("tea", "cake", "tea" if club == "gold" else "cola")[each % 3]
            orders.append([f"K{at}", f"o{at}-{each}", day.isoformat(), rng.integers(5, 30), kind])
    _write(folder / "book.csv", "no age club planet mood origin sex first", people)
    _write(folder / "till.csv", "no order at amount kind", orders)
    return folder


def _write(path: Path, heading: str, rows: list[list[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([heading.split(" "), *rows])
