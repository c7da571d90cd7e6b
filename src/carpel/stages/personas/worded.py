"""Other wordings of sentences, where the project names a writer: each let through or refused."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from carpel.engine.query import query
from carpel.errors import CarpelError
from carpel.evidence import rejections
from carpel.evidence.rows import sentence
from carpel.reading.secrets import revealed
from carpel.specs.writer import Writer
from carpel.stages.base import Line, Output, Part
from carpel.stages.personas.writer import Unanswered, wordings
from carpel.stages.rows import as_table

NAME = "personas/wordings"
UNANSWERED = "unanswered"
"""Noted where the writer did not answer, so that the next run asks again."""
Row = Mapping[str, Any]


def worded(line: Line, writer: Writer) -> Part:
    """The part that asks the writer; it depends on the sentences alone."""
    former = line.parent.parts.get(NAME) if line.parent else None
    again = line.clock if former is not None and former.notes.get(UNANSWERED) else None
    depends = {
        "sentences": line.table_files("persona_sentences"),
        "writer": writer.model_dump(exclude={"key", "most_seconds"}),
        "again": again,
    }
    return Part(NAME, depends, lambda out: _write(line, writer, out))


def _write(line: Line, writer: Writer, out: Output) -> None:
    rows = line.engine.fetch(
        query("SELECT * FROM persona_sentences WHERE section <> 'gist' AND of <> 'ordered_in'")
    ).to_pylist()
    by_segment: dict[str, dict[str, Row]] = {}
    for row in rows:
        by_segment.setdefault(row["segment"], {})[row["text"]] = row
    found = list(_all(line, writer, by_segment))
    line.engine.register("told", as_table("persona_wordings", found))
    out.write("persona_wordings", query("SELECT * FROM told"))
    line.engine.drop("told")
    if any(row["wording"] is None for row in found):
        out.note(UNANSWERED, True)


def _all(
    line: Line, writer: Writer, by_segment: Mapping[str, Mapping[str, Row]]
) -> Iterator[dict[str, Any]]:
    """A row a sentence; once the writer does not answer it is not asked again."""
    silent = ""
    try:
        key = revealed(writer.key, line.folder) if writer.key else None
    except CarpelError:
        key, silent = None, "its key is not known here"
    for segment, rows in by_segment.items():
        said: Sequence[str | None] = [None] * len(rows)
        if not silent:
            try:
                said = wordings(writer, key, list(rows))
            except Unanswered as error:
                silent = str(error)
        for row, wording in zip(rows.values(), said, strict=True):
            yield {"segment": segment, "model": writer.model, **_judged(row, wording, silent)}


def _judged(row: Row, wording: str | None, silent: str) -> dict[str, Any]:
    if wording is None:
        reasons: tuple[str, ...] = (silent,)
    else:
        reasons = rejections(wording, sentence(row))
    return {
        "text": row["text"],
        "wording": wording,
        "accepted": not reasons,
        "reason": "; ".join(reasons),
    }
