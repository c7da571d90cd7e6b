"""The rule language: trees, periods, text and JSON forms, plain English. No SQL."""

from carpel.language.data import (
    comparison_to_data,
    to_data,
    to_json,
)
from carpel.language.mistakes import (
    RuleError,
)
from carpel.language.nodes import (
    Account,
    All,
    Anchor,
    Any,
    Consent,
    Did,
    Doing,
    Entered,
    Holds,
    Holiday,
    Left,
    Moved,
    Near,
    Node,
    NoneOf,
    Not,
    People,
    PeopleWhere,
    Sample,
    SegmentationRef,
    SegmentRef,
    Sequence,
    Some,
    Step,
    Trait,
)
from carpel.language.operands import (
    Aggregate,
    Calendar,
    Comparison,
    Missing,
    Operator,
    Period,
    Scalar,
    Value,
    Window,
)
from carpel.language.operators import (
    comparison,
)
from carpel.language.parse import (
    parse,
)
from carpel.language.periods import (
    calendar,
    period,
)
from carpel.language.plain import (
    plain,
    plain_clause,
    plain_comparison,
    plain_doings,
    plain_value,
)
from carpel.language.references import (
    Reference,
    find_cycle,
    references,
    segment_names,
)
from carpel.language.sayings import (
    Changed,
    Regularly,
    Restarted,
    Stopped,
)
from carpel.language.text import (
    parse_text,
    to_text,
)
from carpel.language.unfolding import (
    core,
)
from carpel.language.walking import (
    children,
    is_deeper,
)

__all__ = [
    "Account",
    "Aggregate",
    "All",
    "Anchor",
    "Any",
    "Calendar",
    "Changed",
    "Comparison",
    "Consent",
    "Did",
    "Doing",
    "Entered",
    "Holds",
    "Holiday",
    "Left",
    "Missing",
    "Moved",
    "Near",
    "Node",
    "NoneOf",
    "Not",
    "Operator",
    "People",
    "PeopleWhere",
    "Period",
    "Reference",
    "Regularly",
    "Restarted",
    "RuleError",
    "Sample",
    "Scalar",
    "SegmentRef",
    "SegmentationRef",
    "Sequence",
    "Some",
    "Step",
    "Stopped",
    "Trait",
    "Value",
    "Window",
    "calendar",
    "children",
    "comparison",
    "comparison_to_data",
    "core",
    "find_cycle",
    "is_deeper",
    "parse",
    "parse_text",
    "period",
    "plain",
    "plain_clause",
    "plain_comparison",
    "plain_doings",
    "plain_value",
    "references",
    "segment_names",
    "to_data",
    "to_json",
    "to_text",
]
