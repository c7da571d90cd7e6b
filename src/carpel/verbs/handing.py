"""Results of a build in the database that computed it, for whoever reads there."""

from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from carpel.engine.postgres import Postgres
from carpel.engine.postgres_keeping import keep_only
from carpel.engine.published import publish
from carpel.errors import StoreError
from carpel.evaluation.bitmaps import to_keys
from carpel.evaluation.memberships import stored_sets
from carpel.stages.base import Line
from carpel.store.builds import Build
from carpel.verbs.session import Session

RESULTS = ("standings", "sizes", "rfm_", "lifecycle_", "tiers_")
"""Tables handed out as they are, by how their names begin; beside them `members`, a row each."""


def hand_out(session: Session, line: Line, build: Build) -> None:
    """Where the engine is PostgreSQL, switch the tables of the schema `carpel` to this build.

    A failure leaves the former build's tables there; the project's own build stays published.
    """
    if not isinstance(line.computer, Postgres):
        return
    files = {
        name: [line.files.path(each) for each in parts]
        for name, parts in build.tables().items()
        if name.startswith(RESULTS)
    }
    members = session.hidden / "scratch" / "members.parquet"
    _write_members(line, members)
    keep = session.definitions.project.builds.keep
    publish(line.computer, build.build, {**files, "members": [members]}, keep)


def forget_old(session: Session, line: Line) -> None:
    """Where the engine is PostgreSQL, drop what it keeps of builds that are not kept any more."""
    if isinstance(line.computer, Postgres):
        with suppress(StoreError):  # a damaged manifest may name any file: then all stay
            builds = list(session.store.builds.all())
            files = {name for build in builds for name in build.files()}
            keep_only(line.computer, files, [build.build for build in builds])


def _write_members(line: Line, file: Path) -> None:
    """A row for every member of every segment, segment by segment."""
    schema = pa.schema({"segment": pa.string(), "customer": pa.int64()})
    with pq.ParquetWriter(file, schema) as target:
        for name, members in stored_sets(line.engine).items():
            keys = to_keys(members)
            target.write_table(pa.table([pa.repeat(name, len(keys)), keys], schema=schema))
