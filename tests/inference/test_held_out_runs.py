"""Layouts that nobody tuned the code for: the project that `init` writes runs as it stands."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from carpel.project import Project

from .made_up import Layout, layouts, made

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.parametrize(
    "layout",
    [*layouts("held_out/tools.txt"), *layouts("members.txt")],
    ids=lambda layout: layout.name,
)
def test_what_init_writes_runs(layout: Layout, tmp_path: Path) -> None:
    file = made(layout, tmp_path)
    project, _ = Project.init(tmp_path / "project", [file], clock=lambda: NOW)
    assert not project.check()
    done = project.run()
    assert done.changed
    (rows,) = project.summary()["accounting"]
    assert rows["read"] == rows["loaded"] + rows["merged"] + rows["set_aside"]
    assert rows["loaded"] > rows["set_aside"]
