"""The sets and their history as a build makes them, durably written; and what each kind costs."""

import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.segments.drawn import AS_OF
from benchmarks.segments.grammar import Rule
from benchmarks.segments.shown import Shown
from benchmarks.segments.world import World
from benchmarks.timing import once, peak_gigabytes
from carpel.engine.duckdb import DuckDB
from carpel.evaluation import Evaluator, Sets
from carpel.evaluation.leaves import leaves
from carpel.language import Did, Node, Sequence, parse
from carpel.specs import Definitions, Project, Segment, Tier, Tiers
from carpel.stages.base import Line, Output
from carpel.stages.segments import history, sets
from carpel.store.builds import Build, Made
from carpel.store.files import Files

UTC = ZoneInfo("UTC")
LEVELS = (Tier(name="gold", at_least=500), Tier(name="silver", at_least=100))
KINDS = {"first": "first and last", "last": "first and last"}
Tables = Mapping[str, tuple[Path, ...]]


def line_of(
    made: World, tables: Tables, folder: Path, asked: Mapping[str, Rule], days: int = 0
) -> Line:
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
    for name, files in tables.items():
        line.parts[f"given/{name}"] = Made(name, {name: tuple(map(str, files))})
    line.bind()
    return line


def stored(made: World, asked: Mapping[str, Rule], shown: Shown) -> float:
    """Sets and history of a day, beside those of the day before; gives the seconds."""
    with tempfile.TemporaryDirectory() as name:
        before = line_of(made, made.tables, Path(name), asked, days=1)
        with_sets(before)
        with_history(before)
        line = line_of(made, made.tables, Path(name), asked)
        line.parent = Build("before", None, before.clock, before.clock, before.parts)
        processor = time.process_time()
        evaluated, _ = once(lambda: with_sets(line))
        told, _ = once(lambda: with_history(line))
        processor = time.process_time() - processor
    shown.told("sets evaluated and durably written", evaluated)
    shown.told("history told and durably written", told)
    shown.told("processor of both, on 2 cores half of it", processor)
    shown.most("sets and history", evaluated + told, 20)
    shown.most("most memory", peak_gigabytes(), 6, "GB")
    return evaluated + told


def with_sets(line: Line) -> None:
    """Make the sets of a line."""
    line.parts["segments/members"] = _made(line, sets.members)
    line.bind(["memberships"])


def with_history(line: Line) -> None:
    """Make the history of a line that has sets, and be done with it."""
    line.parts["segments/history"] = _made(line, history.history)
    line.engine.close()


def _made(line: Line, make: Callable[[Line, Output], None]) -> Made:
    output = Output(line)
    make(line, output)
    return Made("", output.tables, output.notes)


def kinds(made: World, asked: Mapping[str, Rule], shown: Shown) -> dict[str, Sets]:
    """What the clauses of each kind take when they are all that is asked; gives the sets."""
    engine, rules = made.bound(), {name: parse(rule) for name, rule in asked.items()}
    by_kind: dict[str, dict[str, Node]] = {}
    for leaf in dict.fromkeys(leaf for rule in rules.values() for leaf in leaves(rule)):
        some = by_kind.setdefault(_kind(leaf), {})
        some[str(len(some))] = leaf
    for kind, some in sorted(by_kind.items()):
        alone = Evaluator(engine, as_of=AS_OF, zone=UTC)
        taken, _ = once(lambda alone=alone, some=some: alone.all(some))
        shown.told(f"  alone: {kind}, {len(some)} clauses", taken)
    evaluator = Evaluator(engine, as_of=AS_OF, zone=UTC)
    evaluator.all(rules)
    taken, found = once(lambda: evaluator.all(rules))
    shown.told("  alone: algebra, all clauses known", taken)
    engine.close()
    return found


def _kind(leaf: Node) -> str:
    match leaf:
        case Did(aggregate=word):
            return KINDS.get(word, word)
        case Sequence():
            return "sequences"
    return "traits, places, permissions"
