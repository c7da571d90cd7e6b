"""The stage `estimates`: what each experiment caused, with intervals, and a verdict in a word."""

from collections.abc import Iterable

from carpel.engine.query import query
from carpel.stages.base import Line, Output, Part
from carpel.stages.estimates.effects import estimates
from carpel.stages.estimates.in_places import (
    changes,
    estimates_of_places,
    tests_of_places,
    verdicts_of_places,
)
from carpel.stages.estimates.prices import prices
from carpel.stages.estimates.tested import tested
from carpel.stages.estimates.verdicts import verdicts
from carpel.stages.rows import as_table

READS = ("experiments", "experiment_arms", "outcomes", "metrics", "place_outcomes")


class Estimates:
    """Writes estimates and verdicts, of places and prices too; see `carpel.tables`."""

    name = "estimates"
    version = 1
    writes = ("estimates", "verdicts", "place_changes", "price_estimates")

    def parts(self, line: Line) -> Iterable[Part]:
        if not line.table_files("experiments"):
            return
        read = {name: line.table_files(name) for name in READS}
        sets = {name: list(line.definitions.segmentations) for name in ("segmentations",)}
        prices = {
            name: [each.prices, each.cost_per_order]
            for name, each in line.definitions.experiments.items()
        }
        depends = {"tables": read, **sets, "as_of": line.as_of, "prices": prices}
        yield Part(self.name, depends, lambda out: _write(line, out))


def _write(line: Line, out: Output) -> None:
    found = tested(line.engine, line.moment)
    sets = line.definitions.segmentations
    rows = [row for each in found for row in estimates(each, sets)]
    judged = [row for each in found for row in verdicts(each)]
    tests = line.definitions.experiments
    of_places = tests_of_places(line.engine, line.moment)
    kept = {
        "estimates": rows + [row for each in of_places for row in estimates_of_places(each)],
        "verdicts": judged + [row for each in of_places for row in verdicts_of_places(each)],
        "place_changes": [row for each in of_places for row in changes(each)],
        "price_estimates": [row for each in found for row in prices(each, tests.get(each.name))],
    }
    for table, told in kept.items():
        line.engine.register("told", as_table(table, told))
        out.write(table, query("SELECT * FROM told"))
        line.engine.drop("told")
