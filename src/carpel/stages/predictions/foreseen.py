"""What one prediction gives the line: cells of people, the traits they are, and a card."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

WITHOUT = "this needs the extra science: pip install 'carpel[science]'"
ENDS = ("", "_low", "_high")
"""What is added to the name of a trait for the columns of a figure and of its interval."""

NO_REASONS = pa.nulls(0, pa.list_(pa.string()))


@dataclass(frozen=True)
class Foretold:
    """One trait that a prediction makes, as the list of traits tells of it."""

    name: str
    label: str
    meaning: str
    kind: str = "number"
    criterion: str = "behavioural"
    unit: str = ""


@dataclass(frozen=True)
class Foreseen:
    """Figures of some people, in the order of `customers`; everybody else has none."""

    customers: pa.Array
    cells: Mapping[str, pa.Array]
    traits: tuple[Foretold, ...]
    cards: tuple[Mapping[str, Any], ...]
    """Rows of `model_cards`, one a model."""
