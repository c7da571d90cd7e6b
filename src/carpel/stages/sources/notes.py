"""What a source's part notes: small facts that quality, the summary and the project speak of."""

from typing import Any

from carpel.engine.query import Tree, aliased, column, conjunction, query
from carpel.reading import Rows
from carpel.reading.rows import inner
from carpel.specs import Source
from carpel.stages.base import Line
from carpel.stages.sources.sorting import Sorted


def noted(line: Line, source: Source, rows: Rows, done: Sorted) -> dict[str, Any]:
    """What is noted of a source: its events' span, fixes, doubts, and what was left out."""
    counted = _counted(line, source, done)
    facts = done.values.facts
    return {
        "files": list(rows.files),
        "columns": list(rows.own or rows.columns),
        "first_event_at": _text(counted.pop("first")),
        "last_event_at": _text(counted.pop("last")),
        "future_events": counted.pop("future"),
        "unreadable": {done.values.column(key) or key: n for key, n in counted.items() if n},
        "fixes": _by_column(done, "fixes"),
        "refused": _by_column(done, "refused"),
        "ambiguous": {
            done.values.column(key): {"type": said["ambiguous"], "order": said.get("order")}
            for key, said in facts.items()
            if "ambiguous" in said
        },
        "unclear_zones": {
            done.values.column(key): said["unclear_zones"]
            for key, said in facts.items()
            if "unclear_zones" in said
        },
        "repaired_hours": {
            done.values.column(key): said["repaired_hours"]
            for key, said in facts.items()
            if "repaired_hours" in said
        },
        "recoded": {
            each.file: {"lines": each.lines, "said": str(each)}
            for each in rows.recoded
            if each.among
        },
        "unread_sheets": {file: list(sheets) for file, sheets in rows.unread.items()},
        "renamed_columns": dict(rows.renamed),
        "row_is_person": _row_is_person(source),
        "same_key_other_content": dict(done.variants),
    }


def _row_is_person(source: Source) -> bool:
    """Whether each row counts as a person of its own, for want of an identifier."""
    return not source.identifiers and bool(
        source.traits or source.track or source.hold or source.permit
    )


def _by_column(done: Sorted, what: str) -> dict[str, dict[str, int]]:
    found = {
        done.values.column(key): dict(getattr(each, what))
        for key, each in done.values.regular.items()
    }
    if what == "refused":
        found |= {done.values.column(key): why for key, why in done.values.refused.items()}
    return {name: counts for name, counts in found.items() if counts}


def _counted(line: Line, source: Source, done: Sorted) -> dict[str, Any]:
    """One pass over the rows that were used; `last` leaves out what is still ahead."""
    clock = line.clock.replace(tzinfo=None)
    used = query("_why IS NULL")
    times = [
        query("CASE WHEN :told THEN :at END", told=column(f"e{n}_told"), at=column(f"e{n}_at"))
        for n in range(len(source.track))
    ] or [query("CAST(NULL AS TIMESTAMP)")]
    first, last = query("least(NULL, :t)", t=times), query("greatest(NULL, :t)", t=times)
    asked: dict[str, Tree] = {
        "first": query("min(:v)", v=first),
        "last": query("max(:v) FILTER (WHERE :v <= :clock)", v=last, clock=clock),
        "future": query("count(*) FILTER (WHERE :v > :clock)", v=last, clock=clock),
        **{
            key: query(
                "count(*) FILTER (WHERE :bad)", bad=conjunction([used, done.values.bad(key)])
            )
            for key in done.values.types
            if key in done.values.checked
        },
    }
    tree = query(
        "SELECT 1 AS one, :asked FROM :t",
        t=inner(done.tree),
        asked=[aliased(tree, key) for key, tree in asked.items()],
    )
    row = line.engine.rows(tree)[0]
    return dict(zip(asked, row[1:], strict=True))


def _text(value: Any) -> str | None:
    return value.isoformat() if value is not None else None
