"""Why a build should not be published without a person looking at it."""

from collections.abc import Iterator

from carpel.engine.query import query
from carpel.specs.words import counted
from carpel.stages.base import Line
from carpel.verbs.checked import JUDGING, missed, share


def doubts(line: Line) -> list[str]:
    """Failed checks, people and rows that vanished, segments that jumped; empty when all is well.

    The engine still holds the line's tables.
    """
    judged = {stage: line.notes(stage) for stage in JUDGING}
    noted = line.notes("segments")
    return [
        *missed(judged, line.definitions, "failed"),
        *_people_lost(line),
        *_rows_lost(line),
        *(str(each) for unit in ("", "account_") for each in noted.get(f"{unit}suspicious", [])),
    ]


def people(line: Line) -> int:
    """How many customers the line ends with, as the stage that found them counted."""
    return int(line.notes("identity")["people"])


def _people_lost(line: Line) -> Iterator[str]:
    former, now = (line.parent.about.get("people", 0) if line.parent else 0), people(line)
    most = line.definitions.project.builds.most_people_lost
    if now < former * (1 - most):
        yield _fewer("people", f"{former:,}", former, now, most)


def _fewer(what: str, before: str, former: int, now: int, most: float) -> str:
    return (
        f"{what}: {before} before, {now:,} now, {share(former - now, former)} fewer; at most "
        f"{share(most, 1)} may be gone"
    )


def _rows_lost(line: Line) -> Iterator[str]:
    """Sources whose rows shrank by more than they say they may; a truncated file, most often."""
    former = line.parent.tables().get("accounting", []) if line.parent else []
    if not former:
        return
    line.engine.bind("former_accounting", [line.files.path(name) for name in former])
    lost = line.engine.rows(
        query("""
        SELECT source, b.rows, coalesce(a.rows, 0) FROM
            (SELECT source, sum(rows) AS rows FROM former_accounting GROUP BY source) AS b
            LEFT JOIN (SELECT source, sum(rows) AS rows FROM accounting GROUP BY source) AS a
            USING (source) ORDER BY source""")
    )
    line.engine.drop("former_accounting")
    for source, before, now in lost:
        spec = line.definitions.sources.get(source)
        if spec is not None and now < before * (1 - spec.most_shrink):
            rows = counted(before, "row")
            yield _fewer(f"source {source}", rows, before, now, spec.most_shrink)
