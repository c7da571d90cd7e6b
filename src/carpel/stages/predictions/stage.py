"""The stage `predictions`: one row a customer, a card a model, and the traits they make."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import pyarrow as pa

from carpel.engine.query import query, table
from carpel.errors import Problem, ProjectError
from carpel.specs import Prediction
from carpel.specs.prediction import RULES
from carpel.stages.base import AsKnown, Line, Output, Part
from carpel.stages.predictions.event import event
from carpel.stages.predictions.foreseen import Foreseen
from carpel.stages.predictions.ideal import ideal
from carpel.stages.predictions.lookalike import lookalike
from carpel.stages.predictions.ordering import ordering
from carpel.stages.predictions.renewal import renewal
from carpel.stages.predictions.uplift import uplift
from carpel.stages.rows import as_table

READS = ("customers", "aliases", "contacts", "contracts", "belongings", "accounts")
Foresee = Callable[[Line, Any, AsKnown], Foreseen]
KINDS: Mapping[str, Foresee] = {
    "buying": ordering,
    "event": event,
    "ideal": ideal,
    "lookalike": lookalike,
    "renewal": renewal,
    "uplift": uplift,
}

ONCE: Mapping[str, str] = {"buying": "orders", "renewal": "renewals"}


class Predictions:
    """Writes `predictions` and `model_cards`, and adds to `traits`.

    `as_known` gives profiles as they were at an earlier moment.
    """

    name = "predictions"
    version = 2
    writes = ("predictions", "model_cards", "traits")

    def __init__(self, as_known: AsKnown) -> None:
        self.as_known = as_known

    def parts(self, line: Line) -> Iterable[Part]:
        asked, project = line.definitions.predictions, line.definitions.project
        if not asked:
            return
        _only_one(asked)
        own = line.definitions.traits.values()
        depends = {
            "tables": {name: line.table_files(name) for name in _read(line)},
            "as_of": line.moment,
            "asked": [each.model_dump_json(exclude=set(RULES)) for each in asked.values()],
            "rules": [
                repr([getattr(each, word, None) for word in RULES]) for each in asked.values()
            ],
            "traits": [each.model_dump_json() for each in own],
            "project": [project.revenue.model_dump(), project.timezone, project.currency],
            "tests": _tests(line),
            "science": [find_spec(each) is not None for each in ("scipy", "sklearn")],
        }
        yield Part(self.name, depends, lambda out: self._make(line, out))

    def _make(self, line: Line, out: Output) -> None:
        specs = line.definitions.predictions.values()
        _write(line, out, [KINDS[each.kind](line, each, self.as_known) for each in specs])


def _tests(line: Line) -> list[Any]:
    """The experiments that predictions are learned from, and who is in their arms."""
    named = {getattr(each, "experiment", None) for each in line.definitions.predictions.values()}
    known = (line.definitions.experiments, line.definitions.campaigns)
    files = [of[name].model_dump(mode="json") for of in known for name in of if name in named]
    drawn = [
        each.fingerprint
        for each in line.assignments
        if named & {each.campaign, each.campaign.partition(".")[0]}
    ]
    return [files, drawn]


def _read(line: Line) -> list[str]:
    """Orders alone tell how people buy; what people will do is told from all that is known."""
    kinds = {each.kind for each in line.definitions.predictions.values()}
    if kinds == {"buying"}:
        return [f"event_{line.definitions.project.revenue.event}", "aliases", "customers"]
    return [*READS, *line.tables("event"), *line.tables("described")]


def _only_one(asked: Mapping[str, Prediction]) -> None:
    """Traits of these kinds have names of their own, so there can be one prediction of each."""
    for kind, what in ONCE.items():
        first, *others = [name for name, each in asked.items() if each.kind == kind] or [""]
        if others:
            raise ProjectError(
                Problem(
                    f"{first!r} predicts {what} already",
                    f"predictions/{each}.yml",
                    action="Keep one of the two files.",
                )
                for each in others
            )


def _write(line: Line, out: Output, made: Sequence[Foreseen]) -> None:
    """Everybody's row, with nothing in it where nothing is known; the traits; the cards."""
    engine = line.engine
    rows, names = query("SELECT customer FROM customers"), []
    for number, each in enumerate(made):
        name = f"foreseen_{number}"
        engine.register(name, pa.table({"customer": each.customers, **each.cells}))
        names.append(name)
        rows = query(
            "SELECT c.*, f.* EXCLUDE (customer) FROM :rows AS c LEFT JOIN :it AS f "
            "ON f.customer = c.customer",
            rows=rows,
            it=table(name),
        )
    out.write("predictions", query("SELECT * FROM :rows AS r ORDER BY customer", rows=rows))
    of = int(engine.value(query("SELECT count(*) FROM customers")))
    for name, told in (
        ("traits", [row for each in made for row in _traits(line, each, of)]),
        ("model_cards", [dict(card) for each in made for card in each.cards]),
    ):
        engine.register("told", as_table(name, told))
        out.write(name, query("SELECT * FROM told"))
        names.append("told")
    for name in names:
        engine.drop(name)


def _traits(line: Line, made: Foreseen, of: int) -> list[dict[str, Any]]:
    return [
        {
            "trait": each.name,
            "label": each.label,
            "meaning": each.meaning,
            "criterion": each.criterion,
            "type": each.kind,
            "unit": each.unit.replace("money", line.definitions.project.currency),
            "sensitivity": "plain",
            "table": "predictions",
            "expression": each.name,
            "known": len(made.customers) - made.cells[each.name].null_count,
            "of": of,
        }
        for each in made.traits
    ]
