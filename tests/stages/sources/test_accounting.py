"""Read = loaded + merged + set aside, to the row and to the cent, whatever the file looks like."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpel.errors import NotFound
from carpel.stages.base import Line
from carpel.stages.sources.corrected import export_set_aside, load_corrected
from carpel.testing.line import read

from .nights import sourced

SALES: dict[str, Any] = {
    "name": "till",
    "identifiers": {"email": "who"},
    "track": [
        {"event": "bought", "at": "at", "properties": {"amount": "amount"},
         "when": {"kind": {"is_not": "refund"}}},
        {"event": "returned", "at": "at", "properties": {"amount": "amount"},
         "when": {"kind": "refund"}},
    ],
}  # fmt: skip
HEADER = ["who", "at", "amount", "kind"]

people = st.sampled_from(["ann@example.org", " Bob@Example.org ", "nobody", "", "x@y@z"])
times = st.sampled_from(["2025-03-04", "2025-03-04 10:00", "04.03.2025", "1900-01-01",
                         "2999-12-31", "soon", "", "NaN"])  # fmt: skip
amounts = st.sampled_from(["1.50", "-2", "0", "", "inf", "NaN", "ten", "'3", "(4.25)"])
kinds = st.sampled_from(["sale", "refund", "", '5" disk', "one\ntwo", "a,b"])
rows = st.lists(st.tuples(people, times, amounts, kinds), max_size=12)
damage = st.lists(st.sampled_from(["a,b", "1,2,3,4,5", '"never closed,1', "\n", ",,,,", "\x00"]),
                  max_size=3)  # fmt: skip


def written(cells: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([HEADER, *cells])
    return text.getvalue()


def run(folder: Path, spec: dict[str, Any], files: dict[str, str]) -> Line:
    for name, text in files.items():
        (folder / name).write_text(text, newline="")
    return sourced(folder, {**spec, "read": sorted(files)}, {"timezone": "Europe/Berlin"})


def counted(line: Line, *fates: str) -> int:
    return sum(row["rows"] for row in read(line, "accounting") if row["fate"] in fates)


@pytest.mark.slow
@given(rows, rows, damage)
@settings(max_examples=8, deadline=None)
def test_every_row_has_one_fate(
    first: list[tuple[str, ...]], second: list[tuple[str, ...]], broken: list[str]
) -> None:
    with TemporaryDirectory() as folder:
        files = {"a.csv": written(first) + "".join(f"{each}\n" for each in broken),
                 "b.csv": written(second)}  # fmt: skip
        line = run(Path(folder), SALES, files)
        damaged = sum(each != "\n" for each in broken)
        assert counted(line, "loaded", "merged", "set aside") == (
            len(first) + len(second) + damaged
        )
        aside = read(line, "set_aside")
        assert len(aside) == counted(line, "set aside")
        assert len({(row["file"], row["row"]) for row in aside}) == len(aside)
        events = [*read(line, "staged_event_bought"), *read(line, "staged_event_returned")]
        assert len(events) == counted(line, "loaded")
        assert len({row["event_key"] for row in events}) == len(events)
        loaded = [row["amount"] for row in read(line, "accounting") if row["fate"] == "loaded"]
        assert sum(each["amount"] or 0 for each in events) == pytest.approx(
            sum(each or 0 for each in loaded), abs=0.001
        )


@pytest.fixture
def shop(tmp_path: Path) -> Callable[[str], Line]:
    return lambda text: run(tmp_path, SALES, {"a.csv": text})


@pytest.mark.parametrize(("row", "reason"), [
    (("ann@example.org", "1900-01-01", "1", "sale"), "time out of range"),
    (("ann@example.org", "2999-12-31", "1", "sale"), "time out of range"),
    (("ann@example.org", "1970-01-01", "1", "sale"), "time out of range"),
    (("ann@example.org", "soon", "1", "sale"), "unreadable time"),
    (("ann@example.org", "", "1", "sale"), "no time"),
    (("ann@example.org", "2025-03-04", "inf", "sale"), "not a number"),
    (("", "2025-03-04", "1", "sale"), "no identifier"),
    (("nobody", "2025-03-04", "1", "sale"), "unreadable identifier"),
    (("ann@example.org", "2025-03-04", "1", ""), "matches no event"),
])  # fmt: skip
def test_why_a_row_is_set_aside(
    shop: Callable[[str], Line], row: tuple[str, ...], reason: str
) -> None:
    aside, = read(shop(written([row, ("b@example.org", "2025-03-05 10:00", "2", "sale")])),
                  "set_aside")  # fmt: skip
    assert aside["reason"] == reason and aside["row"] == 1
    assert json.loads(aside["content"]) == {
        name: cell or None for name, cell in zip(HEADER, row, strict=True)
    }


SIGNED = {
    "name": "till",
    "identifiers": {"email": "who"},
    "track": [
        {
            "event": event,
            "at": "at",
            "when": {"pieces": {sign: 0}},
            "properties": {"pieces": "pieces"},
        }
        for event, sign in (("bought", "gt"), ("returned", "lt"))
    ],
}


def test_a_row_that_tells_no_event_since_its_quantity_cannot_be_read(tmp_path: Path) -> None:
    cells = ["2", "-1", "lots", "0", ""]
    text = "who,at,pieces\n" + "".join(f"ann@example.org,2025-03-04,{each}\n" for each in cells)
    line = run(tmp_path, SIGNED, {"a.csv": text})
    aside = {row["row"]: (row["reason"], row["column"]) for row in read(line, "set_aside")}
    assert aside == {
        3: ("not a number", "pieces"),
        4: ("matches no event", ""),
        5: ("matches no event", ""),
    }


def test_nothing_and_zero_are_amounts_that_can_be_used(shop: Callable[[str], Line]) -> None:
    cells = [("ann@example.org", "2025-03-04", amount, "sale") for amount in ("0", "", "NaN", "-5")]
    line = shop(written(cells))
    assert counted(line, "loaded") == 4
    assert {row["amount"] for row in read(line, "staged_event_bought")} == {0.0, None, -5.0}


def test_a_column_that_changes_type_far_down(tmp_path: Path) -> None:
    good = "ann@example.org,2025-03-04 10:00,1,sale\n"
    text = ",".join(HEADER) + "\n" + good * 30_000 + good.replace(",1,", ",lots,")
    line = run(tmp_path, SALES, {"a.csv": text})
    assert counted(line, "loaded") == 30_000
    assert [row["row"] for row in read(line, "set_aside")] == [30_001]


def test_a_corrected_row_takes_the_place_of_what_it_was(tmp_path: Path) -> None:
    text = "who,at,amount,kind\nann@example.org,soon,-1,sale\nb@example.org,2025-03-04\n"
    line = run(tmp_path, SALES, {"a.csv": text})
    assert counted(line, "set aside") == 2
    out = tmp_path / "out.csv"
    columns = {name: note["columns"] for name, note in line.notes("sources").items()}
    assert export_set_aside(read(line, "set_aside"), columns, out) == 2
    fixed = out.read_text("utf-8-sig")
    assert ",'-1," in fixed
    out.write_text(
        fixed.replace("soon", "2025-03-04").replace(
            "b@example.org,2025-03-04,,", "b@example.org,2025-03-04,7,sale"
        )
    )
    with pytest.raises(NotFound, match="no source 'till'"):
        load_corrected(out, tmp_path / "corrected", ["other"])
    assert not (tmp_path / "corrected").exists()
    assert load_corrected(out, tmp_path / "corrected", ["till"]) == 2
    again = run(tmp_path, SALES, {"a.csv": text})
    assert counted(again, "loaded") == 2 and counted(again, "set aside") == 0
    assert {row["amount"] for row in read(again, "staged_event_bought")} == {-1.0, 7.0}
