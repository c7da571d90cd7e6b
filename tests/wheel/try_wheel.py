"""Build the wheel, install it alone with no extras in a clean environment, run the main job there.

Not a test of pytest's: it must not see this environment's packages. Prints what it did; any
failure is a non-zero exit.
"""

import csv
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Take every step; `run` raises at the first that fails."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=ROOT)
        (wheel,) = folder.glob("carpel-*.whl")
        venv.create(folder / "env", with_pip=True)
        python = folder / "env" / "bin" / "python"
        pip = (
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
        )
        run(*pip, "--require-hashes", "-r", str(ROOT / "locks" / "core.txt"))
        run(*pip, str(wheel))
        run(str(python), "-m", "pip", "check", "--disable-pip-version-check")
        main_job(folder, folder / "env" / "bin" / "carpel")
    print("1 passed, 0 failed: the wheel runs the main job with no extras")


def main_job(folder: Path, carpel: Path) -> None:
    """From a CSV to a report and an export, with exact matching only, and that is said."""
    orders = folder / "orders.csv"
    with orders.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["order_id", "email", "order_date", "amount"])
        writer.writerows(
            [f"o{n}", f"person{n % 40}@shop.example", f"2026-{n % 9 + 1:02d}-11", f"{n % 7 + 3}.50"]
            for n in range(200)
        )
    shop = folder / "shop"
    run(str(carpel), "init", str(shop), "--from", str(orders))
    said = run(str(carpel), "run", str(shop))
    assert "40 people, 40 buyers among them" in said, said
    assert "exact identifiers only" in said, said
    run(str(carpel), "report", str(shop), "--to", str(folder / "report.html"))
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "A picture is left out" in page and "people known" in page
    run(
        str(carpel),
        "export",
        "segment",
        "rfm.champions",
        "--project",
        str(shop),
        "--to",
        str(folder / "x.csv"),
    )
    assert (folder / "x.csv").read_text(encoding="utf-8-sig").startswith("customer,")


def run(*command: str, cwd: Path | None = None) -> str:
    """Run a command, show it, give what it printed; its failure is ours."""
    print("$", *command[:4], "…" if len(command) > 4 else "")
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{done.stdout}\n{done.stderr}\nexit {done.returncode}")
    return " ".join(done.stdout.split())


if __name__ == "__main__":
    main()
