"""What the commands of the documentation find in their folder: made-up files, a made project."""

import csv
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import groupby
from pathlib import Path

import pytest

CITIES = ("Utrecht", "Breda", "Zwolle", "Delft", "Assen")


def made_up_files(folder: Path) -> None:
    """Orders and contacts of sixty people, as a shop exports them."""
    with (folder / "orders.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["order_id", "email", "order_date", "amount", "category"])
        for n in range(400):
            person = (n * n + 7 * n) % 61 % 60
            rows.writerow(
                [
                    f"A{n}",
                    f"p{person}@mail.example",
                    f"2026-{n % 10 + 1:02d}-{n % 27 + 1:02d}",
                    f"{(n * 13) % 90 + 4}.90",
                    ("tea", "cups", "books")[n % 3],
                ]
            )
    with (folder / "contacts.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["email", "first_name", "last_name", "city", "newsletter"])
        rows.writerows(
            [
                f"p{n}@mail.example",
                f"Ada{n}",
                f"Example{n}",
                CITIES[n % 5],
                "yes" if n % 3 else "no",
            ]
            for n in range(70)
        )


def as_script(folder: Path, blocks: Iterable[tuple[str, str]]) -> str:
    """Blocks of (sh or python, text) in order; a snippet starts in the folder."""
    script = ["set -e"]
    for language, text in blocks:
        snippet = f"(cd {folder} && python -W error - <<'SNIPPET'\n{text}SNIPPET\n)"
        script.append(text if language == "sh" else snippet)
    return "\n".join(script)


ALONE = re.compile(r"\s*(#.*|carpel [^|<>&;$`\\]*)?")
"""A line that is a comment, or `carpel` with its arguments and nothing for the shell to do."""

LONGER = re.compile(r"<<|\\$", re.MULTILINE)
"""What makes lines one command."""


def through_the_door(folder: Path, lines: Iterable[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Run commands of `carpel` one after the other without starting Python for each."""
    from carpel.cli.main import main

    monkeypatch.chdir(folder)
    for arguments in filter(None, (shlex.split(line, comments=True) for line in lines)):
        monkeypatch.setattr(sys, "argv", arguments)
        try:
            main()
        except SystemExit as ended:
            assert not ended.code, shlex.join(arguments)


def run(folder: Path, script: str) -> str:
    """Run a script where `carpel` and `python` are this environment's; gives what it prints."""
    places = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": places},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def in_order(
    folder: Path, blocks: Iterable[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run blocks: what is `carpel` alone in this process, `cd` for the commands that follow, all
    else by a shell."""
    first = folder
    for language, text in blocks:
        if language == "python" or LONGER.search(text):
            run(folder, as_script(first, [(language, text)]))
            continue
        for alone, lines in groupby(text.splitlines(), lambda line: bool(ALONE.fullmatch(line))):
            if alone:
                through_the_door(folder, lines, monkeypatch)
                continue
            typed = list(lines)
            while typed and (gone := re.fullmatch(r"cd (\S+)", typed[0])):
                folder /= gone[1]
                typed.pop(0)
            run(folder, "\n".join(["set -e", *typed]))


@pytest.fixture
def in_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[[Iterable[tuple[str, str]]], str]:
    """Runs blocks in order in one folder that holds the made-up files, the first as a shell does;
    gives what they print."""

    def ran(blocks: Iterable[tuple[str, str]]) -> str:
        first, *rest = blocks
        made_up_files(tmp_path)
        said = run(tmp_path, as_script(tmp_path, [first]))
        in_order(tmp_path, rest, monkeypatch)
        return said + capfd.readouterr().out

    return ran


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up files and a project `shop` that was made of them and has run."""
    folder = tmp_path_factory.mktemp("made")
    made_up_files(folder)
    run(folder, "carpel init shop --from orders.csv contacts.csv && carpel run shop")
    return folder


@pytest.fixture
def in_project(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Iterable[tuple[str, str]]], None]]:
    """Runs blocks in a folder of its own with the made-up files and a copy of the project.

    What is `carpel` alone runs in this process; the README's first commands start as a shell does.
    """
    folder = tmp_path / "work"
    shutil.copytree(made, folder)
    yield lambda blocks: in_order(folder, blocks, monkeypatch)
    for started in folder.glob("*.pid"):  # where a page failed before it stopped what it started
        with suppress(ProcessLookupError, ValueError):
            os.kill(int(started.read_text()), signal.SIGTERM)
