"""A sentence as a row of a table, and back: what comes back is checked like what is made."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from carpel.evidence.figures import Evidence, Unsupported
from carpel.evidence.sentence import SAID, Sentence

FIELDS = tuple(each.name for each in fields(Evidence))


def row(sentence: Sentence) -> dict[str, Any]:
    """Kind, text and every figure, under the names of `Evidence`."""
    return {"kind": sentence.kind, "text": sentence.text, **vars(sentence.evidence)}


def sentence(row: Mapping[str, Any]) -> Sentence:
    """The sentence of a row, said anew from its figures, whatever text is stored beside them.

    Raises Unsupported where they carry none.
    """
    figures = {name: row[name] for name in FIELDS}
    if row["kind"] not in SAID:
        raise Unsupported(f"{row['of']}: there is no such sentence as {row['kind']!r}")
    return Sentence(row["kind"], Evidence(**{**figures, "unit": row["unit"] or ""}))
