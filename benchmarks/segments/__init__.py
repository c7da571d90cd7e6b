"""A thousand segments of a million people and fifty million events, evaluated and stored.

    python -m benchmarks segments
    python -m benchmarks.segments 100000    (so many people)

Fifty events a person. The data is made once and kept in the system's folder for temporary files.
"""

import random
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.segments.drawn import AS_OF, EVENTS
from benchmarks.segments.grammar import Rule, rules
from benchmarks.segments.hand import sql
from benchmarks.segments.world import World, world
from carpel.engine.duckdb import DuckDB
from carpel.evaluation import Evaluator
from carpel.evaluation.overlaps import overlaps
from carpel.language import parse
from carpel.specs import Definitions, Project, Segment, Tier, Tiers
from carpel.stages.base import Line, Output
from carpel.stages.segments import history, sets
from carpel.store.builds import Build, Made
from carpel.store.files import Files

UTC = ZoneInfo("UTC")
NUMBER, SAMPLE, SEED = 1000, 50, 1
LEVELS = (Tier(name="gold", at_least=500), Tier(name="silver", at_least=100))


def main(people: int = 1_000_000) -> None:
    """Make the business, evaluate all segments, and beside it what one would do by hand."""
    made = world(people, 50 * people)
    asked = rules(NUMBER, SEED)
    print(f"  {people:,} people, {50 * people:,} events, {NUMBER:,} segments")
    whole = _stored(made, asked)
    _by_hand(made, asked, whole)
    _one_more(made, asked)


def _line(made: World, folder: Path, asked: dict[str, Rule], days: int = 0) -> Line:
    """A build under way in which everything but the segments is made."""
    segments = {name: Segment(name=name, where=parse(rule)) for name, rule in asked.items()}
    definitions = Definitions(
        Project(name="benchmark", timezone="UTC"),
        segments=segments,
        segmentations={"tier": Tiers(name="tier", kind="tiers", levels=LEVELS)},
    )
    as_of = AS_OF.replace(tzinfo=UTC) - timedelta(days=days)
    engine = DuckDB(made.folder / "scratch")
    line = Line(folder, definitions, engine, Files(folder / "files"), as_of, as_of=as_of)
    for name, files in made.tables.items():
        line.parts[f"given/{name}"] = Made(name, {name: tuple(map(str, files))})
    line.bind()
    return line


def _stored(made: World, asked: dict[str, Rule]) -> float:
    """Sets and history of a day, beside those of the day before; gives the seconds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before = _line(made, folder, asked, days=1)
        _segments(before)
        line = _line(made, folder, asked)
        line.parent = Build("before", None, before.clock, before.clock, before.parts)
        began = time.perf_counter()
        evaluated = _segments(line) - began
        taken = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_048_576
    _say("sets evaluated and stored", evaluated)
    _say("and history, all durably written", taken, "at most 20 s on 2 cores")
    print(f"  {'most memory':<52}{peak:9.2f} GB (at most 6)")
    return taken


def _segments(line: Line) -> float:
    """Make the sets, then their history; gives when the sets were there."""
    line.parts["segments/members"] = _made(line, sets.members)
    line.bind(["memberships"])
    evaluated = time.perf_counter()
    line.parts["segments/history"] = _made(line, history.history)
    line.engine.close()
    return evaluated


def _made(line: Line, make: Callable[[Line, Output], None]) -> Made:
    output = Output(line)
    make(line, output)
    return Made("", output.tables, output.notes)


def _by_hand(made: World, asked: dict[str, Rule], whole: float) -> None:
    """One query a segment, on one plain file and on our own sorted files; the same people."""
    sample = random.Random(SEED).sample(sorted(asked), SAMPLE)
    engine = made.bound()
    engine.bind("plain", made.plain)
    plain = {each: f"(SELECT * FROM plain WHERE event = '{each}')" for each in EVENTS}
    ours = {each: f"event_{each}" for each in EVENTS}
    found = Evaluator(engine, as_of=AS_OF, zone=UTC).all({n: parse(asked[n]) for n in sample})
    for what, where, least in (("one plain file", plain, 20), ("our sorted files", ours, 2)):
        began = time.perf_counter()
        for name in sample:
            keys = engine.connection.execute(sql(asked[name], AS_OF, where)).fetchnumpy()
            if set(keys["customer"].tolist()) != set(found[name].yes):
                raise SystemExit(f"{name} has other members by hand: {asked[name]}")
        taken = (time.perf_counter() - began) * NUMBER / SAMPLE
        note = f"{taken / whole:.1f} times as long (at least {least})"
        _say(f"by hand on {what}, {SAMPLE} queries scaled", taken, note)
    engine.close()


def _one_more(made: World, asked: dict[str, Rule]) -> None:
    """Segments that share nothing with what was asked before, previews, overlaps."""
    engine = made.bound()
    evaluator = Evaluator(engine, as_of=AS_OF, zone=UTC)
    found = evaluator.all({name: parse(rule) for name, rule in asked.items()})
    fresh = [parse(rule) for rule in rules(100, SEED + 1).values()]
    alone = Evaluator(engine, as_of=AS_OF, zone=UTC)
    alone.sets(parse({"people": [1]}))
    taken = sorted(_seconds(lambda each=each: alone.sets(each)) for each in fresh)  # type: ignore[misc]
    _say("segment 1,001 alone, median", median(taken), "at most 0.015 s")
    _say("segment 1,001 alone, 95 %", quantiles(taken, n=20)[-1], "at most 0.4 s")
    members = {name: each.yes for name, each in found.items()}
    _say("all pairs' overlaps", _seconds(lambda: overlaps(members)), "at most 5 s")
    one = next(iter(members.values()))
    among = _seconds(lambda: [one.intersection_cardinality(each) for each in members.values()])
    _say("one against all", among, "at most 0.03 s")
    engine.close()


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _say(what: str, seconds: float, note: str = "") -> None:
    print(f"  {what:<52}{seconds:9.3f} s  {note}", flush=True)
