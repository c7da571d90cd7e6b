"""Which events and permissions a row tells: the comparisons of `when` over its own columns."""

from collections.abc import Mapping

from carpel.engine.query import Tree, column, conjunction, query
from carpel.errors import SourceError
from carpel.evaluation.comparisons import condition
from carpel.language import Comparison, RuleError
from carpel.specs import Source
from carpel.stages.base import Line
from carpel.stages.sources.values_table import Values


def told(
    line: Line, source: Source, values: Values, prefix: str, when: Mapping[str, Comparison]
) -> Tree:
    """Whether a row meets the conditions of a track or a permission, whose values have this
    prefix; an empty cell meets none but `is_missing`."""
    parts = []
    for name, comparison in when.items():
        key = f"{prefix}w_{name}"
        try:
            said = condition(
                column(key),
                values.types[key],
                comparison,
                moment=line.clock.replace(tzinfo=None),
                zone=line.zone,
            )
        except RuleError as error:
            raise SourceError(f"Source {source.name}: `when` of {name}: {error}.") from error
        parts.append(query("coalesce(:c, false)", c=said))
    return conjunction(parts)
