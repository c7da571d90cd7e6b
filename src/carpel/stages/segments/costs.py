"""What each segment cost to evaluate: seconds, and how many rows of events it asks about."""

from collections.abc import Collection, Mapping

from carpel.engine.query import query, table
from carpel.evaluation import Evaluator
from carpel.language import Node, references
from carpel.stages.base import Line


def costs(
    line: Line, evaluator: Evaluator, asked: Mapping[str, Node], kept: Collection[str] = ()
) -> dict[str, dict[str, float]]:
    """By name: `seconds`, what rules share split evenly among them, and `rows`.

    Rules that were `kept` cost what they last cost when everybody was looked at.
    """
    former = line.parent.notes("segments").get("costs", {}) if line.parent else {}
    rows = _rows(line)
    found = {name: each for name, each in former.items() if name in kept}
    for name, seconds in evaluator.seconds(asked).items():
        events = {each.name for each in references(asked[name]) if each.kind == "event"}
        found[name] = {
            "seconds": round(seconds, 6),
            "rows": sum(rows.get(each, 0) for each in events),
        }
    return found


def _rows(line: Line) -> dict[str, int]:
    """How many rows each event has."""
    return {
        name.removeprefix("event_"): int(
            line.engine.value(query("SELECT count(*) FROM :t", t=table(name)))
        )
        for name in line.tables("event")
    }
