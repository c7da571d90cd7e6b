"""Layouts that nobody tuned the code for: the project that `init` writes runs as it stands."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from carpel.project import Project

from .made_up import Layout, layouts, made

NOW = datetime(2026, 1, 1, tzinfo=UTC)


LAYOUTS = [*layouts("held_out/tools.txt"), *layouts("members.txt")]


def sampled(number: int) -> pytest.MarkDecorator:
    """Every fifteenth of them runs with the slow tests, all the others are proved."""
    return pytest.mark.slow if number % 15 == 0 else pytest.mark.prove


@pytest.mark.parametrize(
    "layout",
    [
        pytest.param(each, id=each.name, marks=sampled(number))
        for number, each in enumerate(LAYOUTS)
    ],
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
