"""What people get wrong: a clear message, the right exit code, the former build still current."""

import errno
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from carpel.project import Project

pytestmark = pytest.mark.slow

Spoil = Callable[[Path], object]
PRIVATE = "p7@shop.example"


def write(name: str, content: str | bytes) -> Spoil:
    """Put a file into the project."""

    def spoil(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)

    return spoil


def edit(name: str, old: str, new: str) -> Spoil:
    """Change a project file that is there."""

    def spoil(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")

    return spoil


def all_of(*spoils: Spoil) -> Spoil:
    """One thing after another."""
    return lambda folder: [each(folder) for each in spoils]


def segment(text: str) -> Spoil:
    return write("segments/mine.yml", f"version: 1\n{text}\n")


def project(line: str) -> Spoil:
    return write("carpel.yml", f"version: 1\nname: shop\n{line}\n")


def reads(path: str, content: bytes) -> Spoil:
    """Let the people come from another file."""
    return all_of(write(path, content), edit("sources/people.yml", "people.csv", path))


def cut_parquet(folder: Path) -> None:
    pq.write_table(pa.table({"customer_id": [str(n) for n in range(9999)]}), folder / "p.parquet")
    whole = (folder / "p.parquet").read_bytes()
    (folder / "p.parquet").write_bytes(whole[: len(whole) // 2])
    edit("sources/people.yml", "people.csv", "p.parquet")(folder)


def folder_for_file(folder: Path) -> None:
    (folder / "people.csv").unlink()
    (folder / "people.csv").mkdir()


LINES = "".join(f"{n},{PRIVATE},N{n * 7919},X,yes,\n" for n in range(20_000)).encode()
CUT = gzip.compress(b"customer_id,email,name,city,newsletter,blocked\n" + LINES)[:-9000]
URL = "postgresql://u:{}@h/db"

UNREADABLE: dict[str, tuple[Spoil, int, list[str]]] = {
    "empty": (write("people.csv", ""), 3, ["people.csv", "empty"]),
    "blank lines": (write("people.csv", "\n\n"), 3, ["people.csv", "empty"]),
    "cut gzip": (reads("p.csv.gz", CUT), 3, ["p.csv.gz", "up to line", "again"]),
    "gzip called csv": (write("people.csv", CUT[:500]), 3, ["people.csv", "too early"]),
    "cut parquet": (cut_parquet, 3, ["p.parquet", "damaged"]),
    "csv called parquet": (reads("p.parquet", LINES), 3, ["p.parquet", "damaged"]),
    "csv called xlsx": (reads("p.xlsx", LINES), 3, ["p.xlsx", "workbook"]),
    "csv called database": (reads("p.db", LINES), 3, ["p.db", "database"]),
    "no json": (reads("p.jsonl", LINES), 3, ["p.jsonl", "JSON"]),
    "picture called csv": (
        write("people.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9),
        3,
        ["people.csv", "no text file but a picture"],
    ),
    "zeros": (write("people.csv", bytes(5000)), 3, ["people.csv", "no text file"]),
    "folder": (folder_for_file, 3, ["people.csv", "folder, not a file"]),
    "gone": (lambda f: (f / "people.csv").unlink(), 3, ["people.csv", "no such file"]),
    "column renamed": (
        write("people.csv", f"customer_id,e_mail,name,city,newsletter,blocked\n1,{PRIVATE},,,,\n"),
        3,
        ["people.csv", "'email'", "Did you mean 'e_mail'"],
    ),
    "secret missing": (
        edit("sources/people.yml", "people.csv", URL.format("${CARPEL_NOWHERE}")),
        3,
        ["secret CARPEL_NOWHERE", "secrets.env"],
    ),
    "password written": (
        edit("sources/people.yml", "people.csv", URL.format("hunter2")),
        2,
        ["sources/people.yml:2", "a password stands here", "${NAME}"],
    ),
    "web address": (
        edit("sources/people.yml", "people.csv", "https://x.example/p.csv"),
        2,
        ["sources/people.yml:2", "download the file first"],
    ),
    "encoding": (
        edit("sources/people.yml", "version: 1", "version: 1\nformat: {encoding: klingon}"),
        2,
        ["sources/people.yml:2", "no encoding 'klingon'"],
    ),
    "delimiter": (
        edit("sources/people.yml", "version: 1", "version: 1\nformat: {delimiter: abc}"),
        2,
        ["sources/people.yml:2", "one sign"],
    ),
    "date format": (
        edit("sources/orders.yml", "at: ordered_on", "at: {column: ordered_on, format: '%Q'}"),
        2,
        ["sources/orders.yml", "'%Q'"],
    ),
    "our own name": (
        edit("sources/orders.yml", "category: category", "ref: category"),
        2,
        ["sources/orders.yml", "ref_stated"],
    ),
    "word misspelt": (
        edit("sources/people.yml", "traits:", "trait:"),
        2,
        ["sources/people.yml", "'trait'", "Did you mean 'traits'"],
    ),
    "zone": (project("timezone: Europe/Berln"), 2, ["carpel.yml:3", "'Europe/Berlin'"]),
    "zone as path": (project("timezone: ../../etc/passwd"), 2, ["carpel.yml:3", "time zone"]),
    "currency": (project("currency: XQZ"), 2, ["carpel.yml:3", "no currency XQZ"]),
    "currency long": (project("currency: EURO"), 2, ["carpel.yml:3", "three capital letters"]),
    "country": (project("country: ZZ"), 2, ["carpel.yml:3", "no country ZZ"]),
    "as_of": (project("as_of: 9999-12-31"), 2, ["carpel.yml:3", "9999-12-31"]),
    "circle": (
        all_of(
            segment("where: {segment: other}"),
            write("segments/other.yml", "version: 1\nwhere: {segment: mine}\n"),
        ),
        2,
        ["segments/mine.yml", "mine → other → mine"],
    ),
    "circle of one": (segment("where: {segment: mine}"), 2, ["mine → mine"]),
    "bomb": (segment("a: &a [x, x]\nb: &b [*a, *a]"), 2, ["segments/mine.yml:3", "aliases"]),
    "deep": (
        segment("where: " + "{not: " * 500 + "{segment: tea_drinkers}" + "}" * 500),
        2,
        ["segments/mine.yml:2", "nested deeper"],
    ),
    "tag": (
        segment("where: !!python/object/apply:os.system [ls]"),
        2,
        ["segments/mine.yml:2", "tags"],
    ),
    "huge": (segment("# " + "x" * 1_500_000), 2, ["segments/mine.yml", "larger than 1 MB"]),
    "not text": (write("segments/mine.yml", b"label: Zo\xeb"), 2, ["mine.yml", "UTF-8"]),
    "file name": (write("segments/My own.yml", "where: {trait: a, eq: 1}"), 2, ["lower-case"]),
    "segment unknown": (
        segment("where: {segment: tea_drinker}"),
        2,
        ["segments/mine.yml:2", "Did you mean 'tea_drinkers'"],
    ),
    "event unknown": (
        segment("where: {did: order_complete}"),
        2,
        ["segments/mine.yml:2", "Did you mean 'order_completed'"],
    ),
    "property unknown": (
        segment("where: {did: order_completed, where: {categry: tea}}"),
        2,
        ["segments/mine.yml", "'categry'", "Did you mean 'category'"],
    ),
    "number wanted": (
        segment("where: {did: order_completed, where: {amount: tea}}"),
        2,
        ["segments/mine.yml", "'tea' is not a number"],
    ),
    "kind of trait": (
        write("traits/mine.yml", "version: 1\nexpression: 1\n"),
        2,
        ["traits/mine.yml", "`kind` is missing"],
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_mistake_is_named_and_the_former_build_stays(name, shop, carpel):
    spoil, code, words = UNREADABLE[name]
    (former,) = Project(shop).builds()
    spoil(shop)
    said = carpel("run", shop)
    assert said.code == code, said.err
    for word in words:
        assert word in said.err
    assert "Traceback" not in said.err and PRIVATE not in said.err and "hunter2" not in said.err
    assert (shop / ".carpel/current").read_text().strip().strip('"') == former.build


HEAD = b"customer_id,email,name,city,newsletter,blocked\n"
TAIL = b",Bonn,yes,\n"


def rows(*lines: bytes) -> bytes:
    return HEAD + b"".join(lines)


UGLY: dict[str, tuple[bytes, int, int]] = {
    "header_only": (HEAD, 0, 0),
    "mark": (b"\xef\xbb\xbf" + rows(b"101,a101@x.example,Ada" + TAIL), 1, 0),
    "utf16": (rows(b"102,a102@x.example,Ada" + TAIL).decode().encode("utf-16"), 1, 0),
    "mixed": (
        rows(b"103,a103@x.example,Zo\xeb" + TAIL, "104,a104@x.example,Zoë".encode() + TAIL),
        2,
        0,
    ),
    "long_cell": (rows(b"105,a105@x.example," + b"x" * 1_000_000 + TAIL), 1, 0),
    "line_ends": (
        rows(b"106,a106@x.example,A,Bonn,yes,\r\n107,a107@x.example,B,Bonn,yes,\r108,,C" + TAIL),
        3,
        0,
    ),
    "open_quote": (rows(b'109,a109@x.example,"Ada' + TAIL, b"110,a110@x.example,Bo" + TAIL), 2, 1),
    "ragged": (rows(b"111,a111@x.example\n", b"112,a112@x.example,A,B,yes,,more\n"), 2, 2),
    "zero_byte": (rows(b"113,a113@x.example,A\0da" + TAIL), 1, 0),
    "emoji": (rows('114,a114@x.example,"A 😀\nB"'.encode() + TAIL), 1, 0),
    "one_row": (rows(b"007,a115@x.example,Ada" + TAIL), 1, 0),
}


def test_what_can_be_read_is_and_every_row_is_accounted_for(shop, carpel):
    for name, (content, _, _) in UGLY.items():
        write(f"{name}.csv", content)(shop)
        text = (shop / "sources/people.yml").read_text().replace("people.csv", f"{name}.csv")
        write(f"sources/{name}.yml", text)(shop)
    amounts = ["NaN", "inf", "-inf", "1e309", "abc", "1e300", "-5", "0", ""]
    days = ["1900-01-01", "2999-12-31", "2026-02-30", "0000-00-00", "", "2026-01-05"]
    lines = [f"{n},001,2026-01-05,{each},tea\n" for n, each in enumerate(amounts)]
    lines += [f"{n + 50},001,{each},1,tea\n" for n, each in enumerate(days)]
    write("orders.csv", "order_id,customer_id,ordered_on,amount,category\n" + "".join(lines))(shop)
    said = carpel("run", shop, "--accept")
    assert said.code == 0, said.err
    told = {row["source"]: row for row in Project(shop).summary()["accounting"]}
    for row in told.values():
        assert row["read"] == row["loaded"] + row["merged"] + row["set_aside"]
    for name, (_, read, aside) in UGLY.items():
        row = told[name]
        assert (name, row["read"], row["set_aside"]) == (name, read, aside)
    assert told["orders"]["read"] == 15
    assert {each["reason"]: each["rows"] for each in told["orders"]["reasons"]} == {
        "not a number": 4,  # NaN says nothing, as an empty cell does
        "time out of range": 2,
        "unreadable time": 2,
        "no time": 1,
    }
    assert Project(shop).key("007") != Project(shop).key("101")
    said_of = [row["message"] for row in Project(shop).ls("findings") if row["source"] == "mixed"]
    assert any("1 line not in UTF-8" in each and "line 2" in each for each in said_of)


NAMES = ["customer", "segment", "ref", "at", "source", "select", "a b", 'x"y', "order", "group"]
NAMES += ["row", "file", "index", "place", "it's", "_why", "from", "null", "é", "", ""]


def test_names_of_columns_mean_nothing_to_the_engine(shop, carpel):
    quoted = ",".join('"' + each.replace('"', '""') + '"' for each in NAMES)
    cells = ",".join(f"v{n}" for n in range(len(NAMES)))
    people = [f"{n:03d},{n}@x.example,{cells}\n" for n in range(1, 21)]
    write("people.csv", f"customer_id,email,{quoted}\n{''.join(people)},,{cells}\n")(shop)
    said = [*NAMES[:-2], "column_22", "column_23"]
    traits = {
        each if each.isidentifier() and each.isascii() and each[0] != "_" else f"t{n}": each
        for n, each in enumerate(said)
    }
    source = {
        "read": "people.csv",
        "identifiers": {"customer_id": "customer_id", "email": "email"},
        "traits": traits,
    }
    write("sources/people.yml", json.dumps(source))(shop)
    rule = {"all": [{"trait": name, "eq": f"v{n}"} for n, name in enumerate(traits)]}
    write("segments/mine.yml", json.dumps({"where": rule}))(shop)
    done = carpel("run", shop, "--accept")
    assert done.code == 0, done.err
    assert len(Project(shop).members("mine")) >= 20


def test_init_says_what_it_cannot_read(tmp_path, carpel):
    for name, content in {"a.csv": "", "b.csv": "\0" * 500, "c.xlsx": "x"}.items():
        (tmp_path / name).write_text(content)
        said = carpel("init", tmp_path / "new", "--from", tmp_path / name)
        assert said.code == 3 and name in said.err and "→" in said.err
        assert not (tmp_path / "new/carpel.yml").exists()
    assert carpel("init", tmp_path / "new", "--from", tmp_path / "gone.csv").code == 3


def test_a_secret_comes_from_outside_and_stays_there(shop, carpel, monkeypatch):
    (shop / "hidden").mkdir()
    (shop / "people.csv").rename(shop / "hidden/people-s3cret.csv")
    edit("sources/people.yml", "people.csv", "hidden/people-${CARPEL_PART}.csv")(shop)
    kept = shop / "secrets.env"
    kept.write_text("CARPEL_PART=s3cret\n")
    kept.chmod(0o644)
    assert "chmod 600" in carpel("run", shop).err
    kept.chmod(0o600)
    assert carpel("run", shop).code == 0
    monkeypatch.setenv("CARPEL_PART", "elsewhere")
    assert carpel("run", shop).code == 3


def test_a_second_run_at_once_is_told_to_wait(shop, carpel):
    with Project(shop).session.store.lease("run", actor="night"):
        said = carpel("run", shop)
    assert said.code == 5 and "→" in said.err
    assert carpel("run", shop).code == 0


FULL = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
sys.argv = ["carpel", "run", sys.argv[1]]
from carpel.cli.main import main
main()
"""


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are POSIX's")
def test_a_full_disk_leaves_the_former_build(shop, carpel):
    write("people.csv", rows(*(b"%d,q%d@x.example,A%d" % (n, n, n) + TAIL for n in range(5000))))(
        shop
    )
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(shop)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 6, done.stderr
    assert "disk" in done.stderr and "Traceback" not in done.stderr
    assert carpel("show", "segment", "tea_drinkers", "--project", shop).code == 0
    assert carpel("run", shop).code == 0


@pytest.mark.prove
def test_a_column_that_changes_type_at_row_900_000(shop, carpel):
    lines = [f"{n},{n % 20 + 1:03d},2026-03-14,{n}.5,tea\n" for n in range(900_000)]
    lines += [f"{n},001,2026-03-14,free,tea\n" for n in range(900_000, 900_010)]
    write("orders.csv", "order_id,customer_id,ordered_on,amount,category\n" + "".join(lines))(shop)
    assert carpel("run", shop).code == 0
    (told,) = [row for row in Project(shop).summary()["accounting"] if row["source"] == "orders"]
    assert told["read"] == 900_010
    assert [(each["reason"], each["rows"]) for each in told["reasons"]] == [("not a number", 10)]


@pytest.mark.parametrize("inside", [False, True])
def test_an_init_that_fails_leaves_the_folder_as_it_was(tmp_path, carpel, monkeypatch, inside):
    (tmp_path / "shop" / "sources").mkdir(parents=True) if inside else None
    orders = tmp_path / ("shop/orders.csv" if inside else "orders.csv")
    rows = "".join(f"{n},p{n % 3}@x.example,2026-01-0{n},5.50\n" for n in range(1, 9))
    orders.write_text(f"Order No,Email,Date,Total\n{rows}")
    before = sorted(tmp_path.rglob("*"))
    said = carpel("init", tmp_path / "shop", "--from", orders, "--goal", "joy 25% by 2027-06-30")
    assert said.code != 0 and "joy" in said.err
    assert sorted(tmp_path.rglob("*")) == before

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("carpel.verbs.start._profiled", full)  # after files were written
    said = carpel("init", tmp_path / "shop", "--from", orders)
    assert said.code == 6 and "No space left on device.\n" in said.err and "TMPDIR" in said.err
    assert sorted(tmp_path.rglob("*")) == before


def test_init_of_a_database_server_says_how_and_keeps_its_password(tmp_path, carpel):
    url = "postgresql://reader:geheim@db.example/crm"
    said = carpel("init", tmp_path / "shop", "--from", url)
    assert said.code == 3 and "read: postgresql" in said.err and "geheim" not in said.err
    assert not (tmp_path / "shop").exists()
