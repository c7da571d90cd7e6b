"""The rule language: trees, periods, text and JSON forms, plain English. No SQL."""

from carpel.language.data import comparison_to_data, to_data
from carpel.language.mistakes import RuleError
from carpel.language.nodes import (
    Aggregate,
    All,
    Any,
    Comparison,
    Consent,
    Did,
    Node,
    NoneOf,
    Not,
    Operator,
    People,
    Period,
    Scalar,
    SegmentationRef,
    SegmentRef,
    Trait,
    Value,
    Window,
)
from carpel.language.operators import comparison
from carpel.language.parse import parse
from carpel.language.periods import period
from carpel.language.plain import plain, plain_clause, plain_comparison, plain_doings, plain_value
from carpel.language.references import Reference, find_cycle, references, segment_names

__all__ = [
    "Aggregate",
    "All",
    "Any",
    "Comparison",
    "Consent",
    "Did",
    "Node",
    "NoneOf",
    "Not",
    "Operator",
    "People",
    "Period",
    "Reference",
    "RuleError",
    "Scalar",
    "SegmentRef",
    "SegmentationRef",
    "Trait",
    "Value",
    "Window",
    "comparison",
    "comparison_to_data",
    "find_cycle",
    "parse",
    "period",
    "plain",
    "plain_clause",
    "plain_comparison",
    "plain_doings",
    "plain_value",
    "references",
    "segment_names",
    "to_data",
]
