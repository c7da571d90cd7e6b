"""One door to rows, whatever they stand in."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from carpel.engine.base import Engine
from carpel.errors import NotFound, SourceError
from carpel.reading.databases import postgres, sqlite
from carpel.reading.delimited import delimited
from carpel.reading.frames import fingerprint, frame
from carpel.reading.jsonlines import jsonlines
from carpel.reading.located import FRAME, Located, is_url, kind_of, located
from carpel.reading.parquet import parquet
from carpel.reading.rows import Rows, together
from carpel.reading.secrets import names_secret, revealed
from carpel.reading.workbook import workbook
from carpel.specs import Format


def open_rows(
    read: Sequence[str],
    given: Format,
    engine: Engine,
    *,
    folder: Path,
    scratch: Path,
    frames: Mapping[str, Any] | None = None,
    only: Collection[str] | None = None,
) -> Rows:
    """All rows behind `read`, numbered file by file.

    `read` are paths and globs relative to `folder`, database URLs, or `frame:NAME` for a data
    frame in `frames`; a `${NAME}` in them is a secret. Text files, workbooks and JSON come as
    text, everything else in its own types. `only` names the files to read where not all of them
    are. `scratch` is a folder for copies; it and the engine must outlive the rows. Raises
    SourceError for what cannot be read at all.
    """
    parts: list[Rows] = []
    for named in read:
        each = revealed(named, folder)
        if each.startswith(FRAME):
            parts.append(frame(_handed_in(each, frames or {}), each, engine))
        elif is_url(each):
            parts.append(postgres(each, given, engine))
        else:
            parts += [
                _file(file, given, engine, scratch)
                for file in located([each], folder)
                if only is None or file.shown in only
            ]
    return together(parts)


def state(read: str, folder: Path, frames: Mapping[str, Any], clock: datetime) -> Any:
    """What tells whether the data behind one `read` changed; a database may have at any time."""
    if read.startswith(FRAME):
        return fingerprint(_handed_in(read, frames))
    if is_url(read) or names_secret(read):
        return clock.isoformat()
    return [[each.shown, digest(each.path, each.shown)] for each in located([read], folder)]


def digest(path: Path, shown: str) -> str:
    """Fingerprint of a file's bytes; SourceError when they cannot be read at all."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SourceError(
            f"The file cannot be read: {error.strerror}.",
            place=shown,
            action="See who may read it, and whether its disk is there.",
        ) from error


def _handed_in(read: str, frames: Mapping[str, Any]) -> Any:
    wanted = read.removeprefix(FRAME)
    if wanted not in frames:
        raise NotFound("data frame", wanted, frames)
    return frames[wanted]


def _file(file: Located, given: Format, engine: Engine, scratch: Path) -> Rows:
    if file.path.stat().st_size == 0:
        raise SourceError(
            "The file is empty.",
            place=file.shown,
            action="Export it again, or take it out of the source.",
        )
    kind = given.kind or kind_of(file.path)
    if kind == "csv":
        return delimited(file, given, engine, scratch)
    if kind == "jsonl":
        return jsonlines(file, given, engine, scratch)
    if kind == "xlsx":
        return workbook(file, given, engine)
    return sqlite(file, given, engine) if kind == "database" else parquet(file, engine)
