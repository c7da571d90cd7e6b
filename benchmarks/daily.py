"""A day's source files on top of three years, up to published memberships, beside a full build.

    python -m benchmarks daily
    python -m benchmarks.daily 20000    (so many people)

Fifty events a person, a thousand segments. The day brings 1 % late events, 100 merges and an edited
rule. Both are `carpel run`, a process each; the members must be the same.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from benchmarks.demo import Used, measured
from benchmarks.segments.drawn import AS_OF, EVENTS
from benchmarks.segments.grammar import Rule, rules
from benchmarks.segments.shown import Shown
from benchmarks.segments.world import World, world
from carpel.engine.query import query
from carpel.verbs.reader import reading
from carpel.verbs.session import Session

NUMBER, SEED = 1000, 1
LATE, MOST_DAYS, MERGES = 100, 7, 100
"""One event in so many of the day is late, by so many days at most; so many people are merged."""
MOST_SHARE = 30.0
PROPERTIES = ("category", "product", "amount", "quantity", "channel")
LAST = AS_OF.date()


def main(people: int = 100_000) -> None:
    """Run the three years but for the last day, then with it; and with it from nothing."""
    made, shown = world(people, 50 * people), Shown()
    print(f"  {people:,} people, {50 * people:,} events, {NUMBER:,} segments")
    with tempfile.TemporaryDirectory() as name:
        grown, fresh = Path(name) / "grown", Path(name) / "fresh"
        _project(made, grown)
        _run(grown, "three years but for a day, from source files", shown, day=-1)
        _day(made, grown)
        shutil.copytree(grown, fresh, ignore=shutil.ignore_patterns(".carpel"))
        day = _run(grown, "the day, on top of them", shown)
        whole = _run(fresh, "all of it, from nothing", shown)
        _alike(grown, fresh)
    shown.told("the day, by time of processor", 100 * day.processor / whole.processor, "%")
    share = 100 * day.seconds / whole.seconds
    shown.most("the day, as part of a full build", share, MOST_SHARE, "%")
    shown.finish()


def _run(folder: Path, what: str, shown: Shown, day: int = 0) -> Used:
    """What `carpel run` takes."""
    moment = AS_OF.replace(microsecond=0) + timedelta(days=day)
    used = measured(["run", str(folder), "--as-of", moment.isoformat()])
    shown.told(f"{what} ({used.gigabytes:.1f} GB, processor {used.processor:.0f} s)", used.seconds)
    return used


def _project(made: World, folder: Path) -> None:
    """A project as a shop would write it, with all but the last day."""
    (folder / "data").mkdir(parents=True)
    engine = made.bound()
    engine.bind("plain", made.months)
    people = query(
        """SELECT p.customer AS crm_id, 'w' || p.customer AS web_id, p.age, p.city, p.joined,
                  p.spend, p.likes, e.granted AS may_email, s.granted AS may_sms
           FROM profiles AS p
           LEFT JOIN consents AS e ON e.customer = p.customer AND e.channel = 'email'
           LEFT JOIN consents AS s ON s.customer = p.customer AND s.channel = 'sms'
           ORDER BY p.customer"""
    )
    engine.write(people, folder / "data" / "people.parquet")
    for month in made.months:
        rows = query("SELECT * FROM month WHERE local_date < :last ORDER BY at", last=LAST)
        engine.bind("month", [month])
        engine.write(rows, folder / "data" / f"events-{month.name}")
    engine.close()
    (folder / "data" / "joined-before.csv").write_text("one,other\n1,w1\n")
    for name, spec in _specs().items():
        _write(folder / name, spec)
    for name, rule in rules(NUMBER, SEED).items():
        _write(folder / "segments" / f"{name}.yml", {"where": rule})


def _specs() -> Mapping[str, Rule]:
    tracked = [
        {
            "event": event,
            "at": "at",
            "key": ["event_key"],
            "when": {"event": event},
            "cluster_by": "category",
            "properties": {each: each for each in PROPERTIES},
        }
        for event in EVENTS
    ]
    likes = {"column": "likes", "type": "list"}
    traits = {**{each: each for each in ("age", "city", "joined", "spend")}, "likes": likes}
    return {
        "carpel.yml": {"version": 1, "name": "daily", "timezone": "UTC", "currency": "EUR"},
        "sources/people.yml": {
            "read": "data/people.parquet",
            "mode": "snapshot",
            "key": ["crm_id"],
            "identifiers": {"crm_id": "crm_id", "web_id": "web_id"},
            "traits": traits,
            "permit": [
                {"channel": {"constant": each}, "granted": f"may_{each}"}
                for each in ("email", "sms")
            ],
        },
        "sources/events.yml": {
            "read": "data/events-*.parquet",
            "identifiers": {"crm_id": "customer"},
            "track": tracked,
        },
        "sources/joined.yml": {
            "read": "data/joined-*.csv",
            "identifiers": {"crm_id": "one", "web_id": "other"},
        },
        "segmentations/tier.yml": {
            "kind": "tiers",
            "event": "product_purchased",
            "levels": [
                {"name": "gold", "at_least": 500},
                {"name": "silver", "at_least": 100},
                {"name": "bronze", "at_least": 1},
            ],
        },
    }


def _day(made: World, folder: Path) -> None:
    """The day's files: what was done, some of it late; who is one and the same; another rule."""
    engine = made.bound()
    engine.bind("month", made.months[-1:])
    back = f"CASE WHEN event_key % {LATE} = 0 THEN 1 + event_key % {MOST_DAYS} ELSE 0 END"
    rows = query(
        f"""SELECT * REPLACE (at - to_days(CAST({back} AS INTEGER)) AS at) FROM month
            WHERE local_date >= :last ORDER BY event_key""",
        last=LAST,
    )
    engine.write(rows, folder / "data" / "events-day.parquet")
    engine.close()
    pairs = (f"{1000 * each + 7},w{1000 * each + 8}" for each in range(MERGES))
    (folder / "data" / "joined-day.csv").write_text("\n".join(["one,other", *pairs]) + "\n")
    _write(folder / "segments" / "s0001.yml", {"where": rules(1, seed=9)["s0000"]})


def _write(file: Path, spec: Rule) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(spec))


def _alike(*folders: Path) -> None:
    """Fails when the members are not the same people; keys are each project's own."""
    one, other = map(_members, folders)
    if one != other:
        differ = [name for name in one if one[name] != other.get(name)]
        raise SystemExit(f"a day on top gives other members in {len(differ)}: {differ[:5]}")


def _members(folder: Path) -> dict[str, set[str]]:
    """Who is in each segment, by the key that the shop itself gives people."""
    with reading(Session(folder)) as reader:
        rows = reader.engine.rows(query("SELECT customer, crm_id FROM contacts"))
        called = dict(rows)
        return {name: {called[key] for key in held} for name, held in reader.sets.items()}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
