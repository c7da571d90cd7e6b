"""A sentence as a row of a table, and back: what comes back is checked as what was made."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from carpel.evidence.figures import Evidence, Unsupported
from carpel.evidence.sentence import Sentence

FIELDS = tuple(each.name for each in fields(Evidence))


def row(sentence: Sentence) -> dict[str, Any]:
    """Kind, text and every figure, under the names of `Evidence`."""
    return {"kind": sentence.kind, "text": sentence.text, **vars(sentence.evidence)}


def sentence(row: Mapping[str, Any]) -> Sentence:
    """The sentence of a row; raises Unsupported where its figures do not carry its text."""
    figures = {name: row[name] for name in FIELDS}
    found = Sentence(row["kind"], Evidence(**{**figures, "unit": row["unit"] or ""}))
    if found.text != row["text"]:
        raise Unsupported(f"{found.evidence.of}: the text is not what the figures say")
    return found
