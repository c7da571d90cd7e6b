"""A thousand segments of a million people and fifty million events, evaluated and stored.

    python -m benchmarks segments
    python -m benchmarks.segments 100000    (so many people)

Fifty events a person. The data is made once and kept in the system's folder for temporary files.
Each figure is printed beside its bound; a bound that is missed fails the benchmark.
"""

from benchmarks.segments.asked import one_more, one_person, shared
from benchmarks.segments.beside import by_hand
from benchmarks.segments.built import kinds, stored
from benchmarks.segments.day import one_day
from benchmarks.segments.grammar import rules
from benchmarks.segments.shown import Shown
from benchmarks.segments.world import world

NUMBER, SEED = 1000, 1


def main(people: int = 1_000_000) -> None:
    """Make the business, evaluate all segments, and beside it what one would do by hand."""
    made, asked, shown = world(people, 50 * people), rules(NUMBER, SEED), Shown()
    print(f"  {people:,} people, {50 * people:,} events, {NUMBER:,} segments")
    whole = stored(made, asked, shown)
    found = kinds(made, asked, shown)
    one_more(made, asked, shown)
    shared(made, found, shown)
    one_person(made, asked, shown)
    one_day(made, asked, shown)
    by_hand(made, asked, found, whole, shown)
    shown.finish()
