"""The rule language: trees, periods, text and JSON forms, plain English. No SQL."""

from carpel.language.nodes import (
    All,
    Any,
    Comparison,
    Consent,
    Did,
    Node,
    NoneOf,
    Not,
    People,
    Period,
    SegmentationRef,
    SegmentRef,
    Trait,
    Window,
)
from carpel.language.parse import RuleError, comparison, parse, period

__all__ = [
    "All", "Any", "Comparison", "Consent", "Did", "Node", "NoneOf", "Not", "People", "Period",
    "RuleError", "SegmentRef", "SegmentationRef", "Trait", "Window", "comparison", "parse",
    "period",
]
