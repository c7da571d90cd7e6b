"""Sets told from the parent's and from those who changed equal sets evaluated for everybody."""

import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from carpel.evaluation import Evaluator
from carpel.evaluation.memberships import stored_sets
from carpel.language import parse
from carpel.specs import Definitions, Project, Segment, Tiers
from carpel.specs.segmentation import Tier
from carpel.stages.base import Line, Output
from carpel.stages.segments import sets
from carpel.stages.segments.afresh import Afresh
from carpel.stages.segments.rules import fingerprints, rules
from carpel.store.builds import Build, Made
from carpel.testing.line import line_with

LEVELS = (Tier(name="tin", at_least=0), Tier(name="gold", at_least=10))
TIERS = Tiers(kind="tiers", name="tier", levels=LEVELS)
MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULES: dict[str, Any] = {
    "grown": {"trait": "age", "at_least": 18},
    "odd": {"not": {"trait": "age", "at_least": 40, "missing": "match"}},
    "buyers": {"did": "bought", "at_least": 2, "within": "60 days"},
    "quiet": {"not": {"did": "bought", "within": "20 days"}},
    "spenders": {"did": "bought", "sum": "amount", "more_than": 60},
    "first_web": {"did": "bought", "first": "channel", "is": "web"},
    "again": {"sequence": [{"did": "bought"}, {"then": "bought", "within": "5 days"}]},
    "since": {"did": "visited", "since_last": "bought", "at_least": 1},
    "may": {"consent": "email"},
    "gold": {"segmentation": "tier", "in": ["gold"]},
    "holders": {"holds": {"plan": "pro"}},
    "drawn": {"sample": "40%", "salt": "a"},
    "both": {"all": [{"segment": "buyers"}, {"not": {"segment": "grown"}}]},
    "some": {
        "some": [{"segment": "buyers"}, {"segment": "may"}, {"segment": "gold"}],
        "at_least": 2,
    },
    "top": {"did": "bought", "sum": "amount", "top": "20%"},
}


@dataclass
class Town:
    """People and what they did, as rows that can be changed."""

    random: Random
    people: set[int] = field(default_factory=set)
    ages: dict[int, int | None] = field(default_factory=dict)
    events: dict[str, dict[int, dict[str, Any]]] = field(
        default_factory=lambda: {"bought": {}, "visited": {}}
    )
    consents: dict[int, bool] = field(default_factory=dict)
    tiers: dict[int, str] = field(default_factory=dict)
    plans: dict[int, str] = field(default_factory=dict)
    aliases: dict[int, int] = field(default_factory=dict)
    keys: int = 0

    def settle(self, count: int) -> None:
        for _ in range(count):
            key = max([0, *self.people, *self.aliases]) + 1
            self.people.add(key)
            self.ages[key] = self.random.choice([None, 12, 30, 50])
            self.consents[key] = self.random.random() < 0.5
            self.tiers[key] = self.random.choice(["gold", "tin"])
            if self.random.random() < 0.5:
                self.plans[key] = self.random.choice(["pro", "basic"])

    def happen(self, count: int) -> None:
        for _ in range(count):
            self.keys += 1
            ago = timedelta(minutes=self.random.randrange(120 * 24 * 60))
            self.events[self.random.choice(list(self.events))][self.keys] = {
                "customer": self.random.choice(sorted(self.people)),
                "at": MOMENT.replace(tzinfo=None) - ago,
                "amount": float(self.random.randrange(1, 50)),
                "channel": self.random.choice(["web", "till", None]),
            }

    def night(self) -> None:
        """Some of everything: new, other, gone, merged, parted."""
        chance = self.random
        self.settle(chance.randrange(2))
        self.happen(chance.randrange(4))
        for rows in self.events.values():
            for key in chance.sample(sorted(rows), min(len(rows), chance.randrange(3))):
                if chance.random() < 0.5:
                    del rows[key]
                else:
                    rows[key] = {**rows[key], "amount": float(chance.randrange(1, 50))}
        if chance.random() < 0.5:
            self.ages[chance.choice(sorted(self.people))] = chance.choice([None, 20, 45])
            self.tiers[chance.choice(sorted(self.people))] = chance.choice(["gold", "tin"])
            self.consents[chance.choice(sorted(self.people))] = chance.random() < 0.5
        if chance.random() < 0.4 and len(self.people) > 5:
            gone, stays = chance.sample(sorted(self.people), 2)
            self.people.discard(gone)
            self.aliases[gone] = stays
            for former, survivor in list(self.aliases.items()):
                if survivor == gone:
                    self.aliases[former] = stays
        elif self.aliases and chance.random() < 0.5:
            back = chance.choice(sorted(self.aliases))
            del self.aliases[back]
            self.people.add(back)

    def tables(self) -> dict[str, pa.Table]:
        key, there = pa.int64(), sorted(self.people)
        tables = {
            "customers": pa.table({"customer": pa.array(there, key)}),
            "profiles": pa.table(
                {
                    "customer": pa.array(there, key),
                    "age": pa.array([self.ages.get(each) for each in there], pa.int64()),
                }
            ),
            "standings": pa.table(
                {
                    "customer": pa.array(there, key),
                    "tier": pa.array([self.tiers.get(each) for each in there], pa.string()),
                }
            ),
            "consents": pa.table(
                {
                    "customer": pa.array(there, key),
                    "channel": ["email"] * len(there),
                    "purpose": ["marketing"] * len(there),
                    "granted": pa.array([self.consents.get(each) for each in there], pa.bool_()),
                    "suppressed": pa.array([False] * len(there), pa.bool_()),
                }
            ),
            "contracts": pa.table(
                {
                    "customer": pa.array(sorted(self.plans), key),
                    "plan": pa.array([self.plans[each] for each in sorted(self.plans)]),
                    **{name: pa.nulls(len(self.plans), kind) for name, kind in TERMS.items()},
                }
            ),
            "aliases": pa.table(
                {
                    "customer": pa.array(list(self.aliases), key),
                    "survivor": pa.array(list(self.aliases.values()), key),
                }
            ),
            "traits": pa.table(
                {
                    "trait": ["age"],
                    "type": ["integer"],
                    "table": ["profiles"],
                    "expression": ["age"],
                }
            ),
        }
        for event, rows in self.events.items():
            listed = [{"event_key": number, **row} for number, row in sorted(rows.items())]
            tables[f"event_{event}"] = pa.Table.from_pylist(listed, EVENT)
        return tables


TERMS = {
    "contract_id": pa.string(),
    "amount": pa.float64(),
    "currency": pa.string(),
    "interval": pa.string(),
    "status": pa.string(),
    "seats": pa.int64(),
    **{
        f"{each}_at": pa.timestamp("us")
        for each in ("started", "ended", "trial_ends", "renews", "paused", "cancelled")
    },
}
EVENT = pa.schema(
    {
        "event_key": pa.uint64(),
        "customer": pa.int64(),
        "at": pa.timestamp("us"),
        "amount": pa.float64(),
        "channel": pa.string(),
    }
)


def definitions(changed: int) -> Definitions:
    """The rules; one of them says something else in some nights."""
    said = copy.deepcopy(RULES)
    said["grown"]["at_least"] = 18 + changed
    return Definitions(
        Project(name="trial"),
        segments={name: Segment(name=name, where=parse(each)) for name, each in said.items()},
        segmentations={"tier": TIERS},
    )


def night(line: Line, town: Town, spec: Definitions, parent: Build | None) -> Line:
    given = {}
    for name, data in town.tables().items():
        fresh = line.files.fresh()
        pq.write_table(data, fresh)
        given[name] = Made(name, {name: (line.files.keep(fresh),)})
    made = replace(line, definitions=spec, as_of=MOMENT, parent=parent, parts=given)
    made.bind()
    return made


def full(line: Line) -> dict[str, tuple[set[int], set[int]]]:
    evaluator = Evaluator(
        line.engine, as_of=line.moment, zone=line.zone, segments=rules(line.definitions)
    )
    found = evaluator.all(rules(line.definitions))
    return {name: (set(each.yes), set(each.unknown)) for name, each in found.items()}


def stored(line: Line) -> dict[str, set[int]]:
    line.bind(["memberships"])
    return {name: set(each) for name, each in stored_sets(line.engine).items()}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_sets_over_many_nights_equal_full_ones(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    town, line = Town(random), line_with(tmp_path)
    town.settle(60)
    town.happen(300)
    parent, kept = None, 0
    for number in range(6):
        spec = definitions(number // 3)
        made = night(line, town, spec, parent)
        afresh = Afresh(made, rules(spec))
        kept += len(afresh.kept)
        wanted = full(made)
        for name, found in afresh.kept.items():
            assert (set(found.yes), set(found.unknown)) == wanted[name], (seed, number, name)
        out = Output(made)
        sets.members(made, out)
        made.parts["segments/members"] = Made("", out.tables, out.notes)
        told = stored(made)
        assert told == {name: yes for name, (yes, _) in wanted.items()}, (seed, number)
        assert out.notes["definitions"] == fingerprints(spec)
        parent = Build(f"b{number}", None, MOMENT, MOMENT, made.parts)
        town.night()
    assert kept > 40, "some were told from the parent's"
