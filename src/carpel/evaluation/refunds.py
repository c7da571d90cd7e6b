"""An order of which nothing but a refund is left is none: no rule or figure counts it."""

from collections.abc import Container

from sqlglot import exp

from carpel.engine.query import Tree, column
from carpel.tables import REFUND_ONLY


def bought(columns: Container[str], home: str) -> Tree:
    """Whether a row of an event with these columns stands for more than a refund."""
    if REFUND_ONLY not in columns:
        return exp.true()
    return column(REFUND_ONLY, home).is_(exp.null())
