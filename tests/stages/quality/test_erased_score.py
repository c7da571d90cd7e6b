"""Rows of people who were erased cost a source none of its score; other rows set aside do."""

from pathlib import Path

import pyarrow as pa
import pytest

from carpel.specs import Definitions, Project, Source
from carpel.stages.quality import Quality
from carpel.testing.line import line_with, read, take


@pytest.mark.parametrize(("reason", "kept"), [("erased", True), ("no time", False)])
def test_erasure_does_not_lower_the_score(reason: str, kept: bool, tmp_path: Path) -> None:
    accounting = pa.table({"source": ["till"] * 2, "file": ["till.csv"] * 2,
                           "fate": ["loaded", "set aside"], "reason": ["", reason],
                           "rows": [90, 10]})  # fmt: skip
    sources = {"till": Source(name="till", read="till.csv")}
    definitions = Definitions(Project(name="p"), sources=sources)
    line = take(
        line_with(tmp_path, {"accounting": accounting}, definitions=definitions), [Quality()]
    )
    assert (read(line, "scores")[0]["score"] == 1.0) == kept
    assert [row["rows"] for row in read(line, "findings")] == [10]
