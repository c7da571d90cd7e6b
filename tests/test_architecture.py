"""The shape of the house: sizes, the front door, locks without hosts, quick start."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import carpel
from carpel.pipeline import STAGES
from carpel.tables import TABLES

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src" / "carpel").rglob("*.py"))
LARGEST = 400
"""Lines of a module; more is a sign that it does two things."""


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_modules_are_small():
    sizes = sorted(lines(path) for path in SOURCES if path.name != "__init__.py")
    assert sizes[len(sizes) // 2] <= 150
    assert not [(path.name, lines(path)) for path in SOURCES if lines(path) > LARGEST]


def test_no_module_is_a_bucket():
    buckets = {"utils", "util", "common", "manager", "helper", "helpers", "misc", "types"}
    assert not [path for path in SOURCES if path.stem in buckets]


def test_front_door_is_short_and_whole():
    assert lines(ROOT / "src" / "carpel" / "__init__.py") < 60
    for name in carpel.__all__:
        assert getattr(carpel, name) is not None


def test_the_design_names_the_rooms_as_the_contract_orders_them():
    contract = (ROOT / ".importlinter").read_text(encoding="utf-8")
    listed = contract.split("layers =\n")[1].split("\n\n")[0].splitlines()
    layers = [sorted(line.strip().split(" | ")) for line in listed]
    design = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    table = design.split("| room | and besides |\n|---|---|\n")[1].split("\n\n")[0].splitlines()
    told = [sorted(row.split("|")[1].strip().split(", ")) for row in table]
    assert [["errors"], ["tables"], *told] == layers[::-1]
    inside = [each for each in (ROOT / "src" / "carpel").iterdir() if not each.stem.startswith("_")]
    rooms = {each.stem for each in inside if each.is_dir() or each.suffix == ".py"}
    assert rooms - {"version"} == {room for layer in layers for room in layer}


def test_every_table_has_exactly_one_writing_stage():
    writers = {name: [stage.name for stage in STAGES if name in stage.writes] for name in TABLES}
    written = {name: stages for name, stages in writers.items() if TABLES[name].writer != "sources"}
    assert {
        name: stages
        for name, stages in written.items()
        if stages != [TABLES[name].writer, *TABLES[name].joined_by]
    } == {}


def test_everything_public_says_what_it_is():
    silent = []
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in [tree, *tree.body]:
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                name = getattr(node, "name", path.stem)
                if (
                    not name.startswith("_")
                    and not ast.get_docstring(node)
                    and path.read_text(encoding="utf-8").strip()
                ):
                    silent.append(f"{path.relative_to(ROOT)}:{name}")
    assert not silent


def test_locks_pin_by_hash_and_name_no_host():
    for lock in (ROOT / "locks").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert not re.search(r"https?://|--index|--find-links|file:", text)
        pins = re.findall(r"^[a-z0-9._-]+(?:\[[^]]*\])?==", text, re.MULTILINE | re.IGNORECASE)
        assert len(pins) > 20
        assert text.count("--hash=sha256:") >= len(pins)


def test_help_needs_no_heavy_import():
    """Which modules `carpel --help` loads, rather than how long it takes on this machine."""
    heavy = (
        "altair babel duckdb pandas polars pyarrow pydantic ruamel scipy splink sqlalchemy sqlglot"
    )
    code = (
        "import sys; sys.argv = ['carpel', '--help']\n"
        "from carpel.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('LOADED', *sorted({each.split('.')[0] for each in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.rsplit("LOADED", 1)[1].split())
    assert not loaded & set(heavy.split())
