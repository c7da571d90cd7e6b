"""Rows set aside, out to a CSV that people correct, and back in the place of what they were.

Corrected rows stay in the project's store, one file a load; a row is known by its source, file and
number, and its latest correction counts. The source's own files are never touched.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from carpel.engine.base import Engine
from carpel.engine.query import query
from carpel.errors import NotFound, SourceError
from carpel.reading import FILE, ROW, Rows
from carpel.reading.batches import held
from carpel.reading.rows import inner
from carpel.store.files import replace as write_whole
from carpel.values.formulas import guarded, unguarded

ABOUT = ("_source", "_file", "_row", "_reason", "_column")


def export_set_aside(
    rows: Iterable[Mapping[str, Any]], columns: Mapping[str, Sequence[str]], path: Path
) -> int:
    """Write rows of the table `set_aside` to a CSV; gives their number.

    `columns` are each source's own, as its part notes them. What a spreadsheet would run as a
    formula gets an apostrophe in front, which loading takes away again.
    """
    listed = list(rows)
    sources = {str(row["source"]) for row in listed}
    names = list(dict.fromkeys(name for each in sorted(sources) for name in columns.get(each, ())))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, [*ABOUT, *names], restval="", extrasaction="ignore")
        writer.writeheader()
        for row in listed:
            about = {f"_{key}": row[key] for key in ("source", "file", "row", "reason", "column")}
            cells = _cells(str(row["content"]), columns.get(str(row["source"]), ()))
            writer.writerow({key: _cell(each) for key, each in {**cells, **about}.items()})
    return len(listed)


def _cells(content: str, names: Sequence[str]) -> dict[str, Any]:
    found = json.loads(content or "{}")
    if isinstance(found, dict):
        return found
    return dict(zip(names, found, strict=False))


def _cell(value: Any) -> str:
    return "" if value is None else guarded(str(value))


def load_corrected(path: Path, folder: Path, sources: Collection[str]) -> int:
    """Keep the corrected rows of such a CSV under `folder`; gives their number.

    The next run reads them. Raises SourceError when a row does not say which one it is, NotFound
    when it is of none of these sources.
    """
    by_source: dict[str, list[dict[str, str]]] = defaultdict(list)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            if not row.get("_source") or not row.get("_file") or not str(row["_row"]).isdigit():
                raise SourceError(
                    f"Line {line} does not say which row it corrects.",
                    place=path.name,
                    action="Keep the columns " + ", ".join(ABOUT[:3]) + ".",
                )
            if row["_source"] not in sources:
                raise NotFound("source", row["_source"], sources)
            by_source[row["_source"]].append(
                {key: unguarded(value or "") for key, value in row.items() if key}
            )
    for source, rows in by_source.items():
        _keep(folder / source, rows)
    return sum(map(len, by_source.values()))


def _keep(folder: Path, rows: Sequence[Mapping[str, str]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    number = max((int(each.stem) for each in corrections(folder)), default=0) + 1
    write_whole(folder / f"{number:06d}.jsonl", content.encode())


def corrections(folder: Path) -> list[Path]:
    """The files of corrected rows of one source, oldest first."""
    return sorted(folder.glob("[0-9]*.jsonl"))


def with_corrections(rows: Rows, files: Sequence[Path], engine: Engine) -> Rows:
    """The same rows, corrected ones in the place of what they were."""
    latest = {
        (row["_file"], int(row["_row"])): row
        for file in files
        for row in map(json.loads, filter(None, file.read_text("utf-8").split("\n")))
    }
    if not latest:
        return rows
    names = list(rows.columns)
    cells = [
        (row, [each.get(name) or None for name in names] + [file])
        for (file, row), each in latest.items()
    ]
    own = held(engine, "", [*names, "_corrected"], cells)
    corrected = query(
        "SELECT * EXCLUDE (_file, _corrected), _corrected AS _file FROM :t", t=inner(own.tree)
    )
    keys = query("SELECT _file, _row FROM :t", t=inner(corrected))
    tree = query(
        "SELECT * FROM :t AS t ANTI JOIN :k AS k ON t._file = k._file AND "
        "t._row = k._row UNION ALL BY NAME SELECT * FROM :corrected",
        t=inner(rows.tree),
        k=inner(keys),
        corrected=inner(corrected),
    )
    kinds = {name: kind for name, kind in engine.columns(tree).items() if name not in (FILE, ROW)}
    rejected = tuple(bad for bad in rows.rejected if (bad.file, bad.row) not in latest)
    return replace(rows, tree=tree, columns=kinds, rejected=rejected)
