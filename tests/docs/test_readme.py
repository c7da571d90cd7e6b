"""The README is run: every command and every snippet, in order, in one folder."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"
BLOCKS = re.findall(
    r"^```(sh|python)\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)


def made_up_files(folder: Path) -> None:
    """Orders and contacts of sixty people, as a shop exports them."""
    with (folder / "orders.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["order_id", "email", "order_date", "amount", "category"])
        for n in range(400):
            person = (n * n + 7 * n) % 60
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
            [f"p{n}@mail.example", f"Ada{n}", f"Example{n}", "Utrecht", "yes" if n % 3 else "no"]
            for n in range(70)
        )


@pytest.mark.slow
def test_every_command_and_snippet_runs(tmp_path):
    made_up_files(tmp_path)
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    script = ["set -e"]
    for language, text in BLOCKS:
        if text.startswith("make "):
            continue  # `make test` runs this; tests/demo runs `make demo`
        if language == "sh":
            script.append(text)
        else:
            script.append(f"(cd {tmp_path} && python - <<'SNIPPET'\n{text}SNIPPET\n)")
    assert len(script) > 6
    done = subprocess.run(
        ["bash", "-c", "\n".join(script)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    assert "Build" in done.stdout and "is erased" in done.stdout


def test_the_readme_asks_for_nothing_before_the_two_commands():
    assert BLOCKS[0][1].split()[:2] == ["make", "demo"]
    assert "make test" in BLOCKS[0][1]
