"""Every command once, on a small shop, as a person types it."""

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from carpel.cli import looking
from carpel.project import Project

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lived(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The shop with two builds, for commands that leave it as it is."""
    folder = tmp_path_factory.mktemp("lived") / "shop"
    shutil.copytree(built, folder)
    with (folder / "orders.csv").open("a") as file:
        file.write("900,002,2026-03-15,5,tea\n901,nobody,not a day,5,tea\n")
    Project(folder).run()
    yield folder


KINDS = "segments segmentations traits events sources goals findings customers log"


def builds(folder: Path) -> list[str]:
    return [each.build for each in Project(folder).builds()]


def test_init_writes_a_project_that_checks(tmp_path, built, carpel):
    shutil.copy(built / "people.csv", tmp_path / "contacts.csv")
    said = carpel("init", tmp_path / "new", "--from", tmp_path / "contacts.csv")
    assert said.code == 0, said.err
    assert "contacts.csv" in said.out and "carpel run" in said.out
    checked = carpel("check", tmp_path / "new").out
    assert checked.startswith("No mistakes found.\nNothing was run yet: "), checked
    assert carpel("check", built).out.startswith("No mistakes found.\n\nWhat evaluating")
    ignored = (tmp_path / "new/.gitignore").read_text().split()
    assert {".carpel/", "exports/", "secrets.env", "carpel-report.html"} == set(ignored)
    again = carpel("init", tmp_path / "new", "--from", tmp_path / "contacts.csv")
    assert again.code != 0 and "already" in again.err


def test_run_says_what_became_of_every_row(lived, carpel):
    said = carpel("run", lived)
    assert said.code == 0 and said.out.startswith("Nothing changed since build")
    assert "102 rows read = 101 loaded + 0 merged + 1 set aside" in said.out
    told = json.loads(carpel("run", lived, "--json").out)
    assert told["changed"] is False and told["people"] == 20


@pytest.mark.parametrize(
    "command",
    [
        *(("ls", kind) for kind in KINDS.split()),
        ("show", "segment", "tea_drinkers"),
        ("show", "customer", "p3@shop.example"),
        ("explain", "segment", "tea_drinkers"),
        ("explain", "customer", "003"),
        ("explain", "customer", "003", "tea_drinkers"),
        ("builds",),
        ("set-aside", "ls"),
    ],
    ids=" ".join,
)
def test_what_is_shown_is_also_json(command, lived, carpel):
    shown = carpel(*command, "--project", lived)
    assert shown.code == 0 and shown.out.strip(), shown.err
    json.loads(carpel(*command, "--project", lived, "--json").out)


def test_diff_sql_schema_and_report(lived, carpel, tmp_path):
    first, second = builds(lived)[:2]
    assert "orders" in carpel("ls", "sources", "--project", lived).out
    told = json.loads(carpel("diff", first, second, "--project", lived, "--json").out)
    bare = carpel("diff", "--project", lived)
    assert bare.code == 0 and bare.out == carpel("diff", first, second, "--project", lived).out
    assert {"segments", "tables"} <= set(told) and told["tables"]
    assert not [each for each in told["tables"] if each["table"] in bare.out.split()]
    assert "segments" in " ".join(json.loads(carpel("schema").out))
    assert carpel("schema", tmp_path / "schema").code == 0
    assert json.loads(next((tmp_path / "schema").glob("*.json")).read_text())
    there = lived / "carpel-report.html"
    assert str(there.resolve()) in carpel("report", lived).out and there.exists()
    page = tmp_path / "board.html"
    assert carpel("report", lived, "--to", page).code == 0
    assert "Tea drinkers" in page.read_text(encoding="utf-8")


def test_a_diff_names_segments_that_are_new_and_gone(shop, carpel):
    (shop / "segments/everyone.yml").write_text(
        "version: 1\nlabel: Everyone\nwhere: {trait: orders_total, at_least: 0}\n"
    )
    (shop / "segments/tea_drinkers.yml").unlink()
    Project(shop).run(accept=True)
    said = carpel("diff", *builds(shop), "--project", shop).out
    rows = {words[0]: words[1:] for line in said.splitlines() if (words := line.split())}
    assert rows["everyone"] == ["new", "20", "20", "0"], said
    assert rows["tea_drinkers"][1:] == ["gone", "0", rows["tea_drinkers"][0]], said


def test_the_project_is_the_folder_the_option_or_the_variable(lived, carpel, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    lost = carpel("ls")
    assert lost.code == 2 and "--project" in lost.err
    monkeypatch.setenv("CARPEL_PROJECT", str(lived))
    assert "Tea drinkers" in carpel("ls").out
    monkeypatch.delenv("CARPEL_PROJECT")
    monkeypatch.chdir(lived)
    assert "Tea drinkers" in carpel("ls").out


@pytest.mark.parametrize(
    ("command", "hint"),
    [
        (("show", "segment", "tea_drinker"), "Did you mean 'tea_drinkers'"),
        (("explain", "customer", "003", "tea_drinker"), "Did you mean 'tea_drinkers'"),
        (("sql", "segment", "coffee"), "tea_drinkers"),
        (("sql", "segment", "drink"), "Did you mean 'tea_drinkers'"),
        (("show", "segment", "Tea Drinkers"), "Did you mean 'tea_drinkers'"),
        (("show", "segment", "x"), "`carpel ls segments`"),
        (("ls", "segment"), "Did you mean 'segments'"),
        (("show", "customer", "nobody@shop.example"), "no person with this e-mail address."),
        (("show", "customer", "+49 30 1234567"), "no person with this number."),
        (("show", "customer", "987654"), "Keys go up to 20"),
        (("explain", "customer", "Nobody"), "Ask by e-mail address"),
        (("erase", "customer", "XK-99", "--yes"), "no person with this identifier."),
        (("diff", "19990101T000000"), "There is no build '19990101T000000'"),
        (("rollback", "19990101T000000"), "`carpel builds` lists"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_a_name_that_is_not_there(command, hint, lived, carpel):
    said = carpel(*command, "--project", lived)
    assert said.code == 2 and hint in said.err and "Traceback" not in said.err
    if "customer" in command and hint.startswith("no person"):
        assert command[2] not in said.err


@pytest.mark.parametrize(
    "command",
    [("export", "segment", "tea_drinkers", "--to"), ("set-aside", "ls", "--to"), ("backup",)],
    ids=" ".join,
)
def test_a_folder_that_is_not_there_is_named(command, lived, carpel, tmp_path):
    missing = carpel(*command, tmp_path / "gone" / "some.csv", "--project", lived)
    assert missing.code == 2 and f"There is no folder '{tmp_path / 'gone'}'" in missing.err
    assert "Make it, or name another" in missing.err and ".part" not in missing.err
    folder = carpel(*command, tmp_path, "--project", lived)
    assert folder.code != 0 and "is a folder" in folder.err and not list(tmp_path.iterdir())


def test_an_export_leaves_out_who_must_not_be_contacted(shop, carpel, tmp_path):
    where = ("--project", shop, "--to")
    said = carpel("export", "segment", "tea_drinkers", *where, tmp_path / "some.csv")
    assert said.code == 0 and "do-not-contact" not in (tmp_path / "some.csv").name
    everyone = tmp_path / "all.csv"
    (shop / "segments/all.yml").write_text("version: 1\nwhere: {trait: city, is_set: true}\n")
    assert carpel("run", shop).code == 0
    assert (
        "1 on the do-not-contact list left out"
        in carpel("export", "segment", "all", *where, everyone).out
    )
    kept = read(everyone)
    carpel("export", "segment", "all", *where, everyone, "--include-suppressed")
    assert len(read(everyone)) == len(kept) + 1 == 20
    log = json.loads(carpel("ls", "log", "--project", shop, "--json").out)
    assert any(
        "include_suppressed" in json.dumps(each) and "true" in json.dumps(each).lower()
        for each in log
    )
    cells = [cell for row in read(everyone) for cell in row.values()]
    assert "'=1+1" in cells and "'@home" in cells
    assert not any(cell.startswith(("=", "@", "-", "\t")) for cell in cells)
    assert any("may_email" in row for row in kept)


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def test_set_aside_rows_are_corrected_and_come_in(shop, carpel, tmp_path):
    with (shop / "orders.csv").open("a") as file:
        file.write("901,003,someday,5,tea\n")
    assert "1: unreadable time" in carpel("run", shop).out
    wrong = tmp_path / "wrong.csv"
    assert carpel("set-aside", "ls", "--project", shop, "--to", wrong).code == 0
    wrong.write_text(wrong.read_text(encoding="utf-8-sig").replace("someday", "2026-03-16"))
    assert carpel("set-aside", "load", wrong, "--project", shop).code == 0
    assert "101 rows read = 101 loaded + 0 merged + 0 set aside" in carpel("run", shop).out


def test_lists_use_the_words_of_the_screen(lived, carpel):
    def said(*command: str) -> list[str]:
        return carpel(*command, "--project", lived).out.splitlines()

    assert said("ls", "customers")[0].split() == ["person", "known", "since", "entries"]
    assert said("ls", "sources")[0].startswith("data source")
    assert said("ls", "traits")[0].startswith("attribute")
    assert "revenue, last 365 days" in said("ls")[0] and " EUR" in said("ls")[1]
    aside = said("set-aside", "ls")
    assert aside[0].startswith("data source") and "1 of 102" in aside[1]
    assert " of 102 rows is set aside" in "\n".join(said("ls", "findings"))


def test_goals_are_told_in_their_units(shop, carpel):
    for name, metric in (("again", "repeat_purchase_rate"), ("money", "revenue")):
        goal = {"metric": metric, "target": 0.25, "by": "2027-01-01"}
        (shop / f"goals/{name}.yml").parent.mkdir(exist_ok=True)
        (shop / f"goals/{name}.yml").write_text(json.dumps(goal))
    assert carpel("run", shop).code == 0
    rate, revenue = carpel("ls", "goals", "--project", shop).out.splitlines()[1:]
    assert "repeat purchase rate" in rate and "25.0 %" in rate and " of 20" in rate
    assert revenue.count(" EUR") == 2


def test_a_list_of_people_says_when_there_are_more(lived, carpel, monkeypatch):
    where = ("--project", lived)
    everybody = carpel("ls", "customers", *where).out
    assert len(everybody.splitlines()) == 21 and "more" not in everybody
    assert len(carpel("ls", "customers", "--limit", "20", *where).out.splitlines()) == 21
    some = carpel("ls", "customers", "--limit", "3", *where).out
    assert len(some.splitlines()) == 5 and "… and more" in some
    assert len(json.loads(carpel("ls", "customers", "--limit", "3", *where, "--json").out)) == 3
    monkeypatch.setattr(looking, "CUSTOMERS_SHOWN", 7)
    assert "… and more" in carpel("ls", "customers", *where).out
    assert len(json.loads(carpel("ls", "customers", *where, "--json").out)) == 20


def test_there_is_nothing_to_roll_back_to(shop, carpel):
    said = carpel("rollback", "--project", shop)
    assert said.code == 2 and "no build before the current one" in said.err and "→" in said.err


def test_rollback_backup_restore_and_erase(shop, carpel, tmp_path):
    with (shop / "orders.csv").open("a") as file:
        file.write("902,004,2026-03-16,5,tea\n")
    assert carpel("run", shop).code == 0
    first, second = builds(shop)
    assert carpel("rollback", "--project", shop).code == 0
    assert (shop / ".carpel/current").read_text().strip() == first
    assert carpel("rollback", second, "--project", shop).code == 0
    saved = tmp_path / "shop.zip"
    assert carpel("backup", saved, "--project", shop).code == 0
    assert carpel("report", shop).code == 0
    assert carpel("report", shop, "--to", tmp_path / "board.html").code == 0
    erased = carpel("erase", "customer", "p5@shop.example", "--project", shop, "--yes")
    assert erased.code == 0 and "is erased" in erased.out, erased.err
    left = erased.out.split("These have left")[1]
    assert "shop.zip" in left and left.count("report") == 1 and "board.html" in left
    assert carpel("show", "customer", "p5@shop.example", "--project", shop).code == 2
    assert carpel("restore", saved, "--project", shop).code == 0
    assert carpel("show", "customer", "p5@shop.example", "--project", shop).code == 2


def test_a_load_that_shrinks_is_kept_aside(shop, carpel):
    text = (shop / "orders.csv").read_text().splitlines(keepends=True)
    (shop / "orders.csv").write_text("".join(text[:20]))
    said = carpel("run", shop)
    assert said.code == 4
    assert "- source orders: 100 rows before, 19 now, 81 % fewer; at most 50 % may be" in said.err
    assert "--accept" in said.err
    assert carpel("run", shop, "--accept").code == 0


def test_unmerge_of_what_is_no_record(lived, carpel):
    said = carpel("unmerge", "003", "not-a-record", "--project", lived)
    assert said.code == 2 and "Traceback" not in said.err


def test_a_damaged_backup(shop, carpel, tmp_path):
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04 nothing")
    said = carpel("restore", tmp_path / "b.zip", "--project", shop)
    assert said.code == 6 and "b.zip" in said.err


def test_what_would_change_a_place_is_something_to_do(shop, carpel):
    (shop / "segmentations").mkdir(exist_ok=True)
    (shop / "segmentations/rhythm.yml").write_text("kind: lifecycle\n")
    (shop / "segmentations/level.yml").write_text(
        "kind: tiers\nlevels: [{name: top_level, at_least: 100000, label: The top}]\n"
    )
    (shop / "segments/going.yml").write_text("where: {segmentation: rhythm, in: [slipping]}\n")
    (shop / "segments/best.yml").write_text("where: {segmentation: level, in: [top_level]}\n")
    (shop / "segments/mail.yml").write_text("where: {not: {consent: email}}\n")
    assert carpel("run", shop).code == 0
    going = carpel("explain", "customer", "003", "going", "--project", shop).out
    assert "they do not buy before" in going and "“Slipping away”" in going
    best = carpel("explain", "customer", "003", "best", "--project", shop).out
    assert "“The top”" in best and "at least 100,000" in best and "top_level" not in best
    mail = carpel("explain", "customer", "003", "mail", "--project", shop).out
    assert "they may not be contacted by e-mail for marketing" in mail
