"""One hand-written DuckDB query a segment, which must name the same people."""

import random
from collections.abc import Mapping

from benchmarks.segments.drawn import AS_OF, EVENTS
from benchmarks.segments.grammar import Rule
from benchmarks.segments.hand import sql
from benchmarks.segments.shown import Shown
from benchmarks.segments.world import World
from benchmarks.timing import once
from carpel.evaluation import Sets

SAMPLE, SEED = 50, 1


def by_hand(
    made: World,
    asked: Mapping[str, Rule],
    found: Mapping[str, Sets],
    whole: float,
    shown: Shown,
) -> None:
    """A sample on one plain file and on our own sorted files, scaled, beside the `whole`."""
    sample = random.Random(SEED).sample(sorted(asked), SAMPLE)
    engine = made.bound()
    engine.bind("plain", [made.plain])
    plain = {each: f"(SELECT * FROM plain WHERE event = '{each}')" for each in EVENTS}
    ours = {each: f"event_{each}" for each in EVENTS}
    for what, where, least in (("one plain file", plain, 20), ("our sorted files", ours, 2)):
        seconds = 0.0
        for name in sample:
            text = sql(asked[name], AS_OF, where)
            taken, keys = once(lambda text=text: engine.connection.execute(text).fetchnumpy())
            seconds += taken * len(asked) / SAMPLE
            if set(keys["customer"].tolist()) != set(found[name].yes):
                raise SystemExit(f"{name} has other members by hand: {asked[name]}")
        shown.told(f"by hand on {what}, {SAMPLE} queries scaled", seconds)
        shown.least(f"by hand on {what}, as long as sets and history", seconds / whole, least)
    engine.close()
