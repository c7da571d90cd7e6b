"""Rows of every kind of file: all of them, numbered, or said to be unreadable."""

import codecs
import gzip
import json
import sqlite3
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import query
from carpel.errors import SourceError
from carpel.reading import Rows, open_rows
from carpel.reading.rows import inner
from carpel.reading.text import Recoded
from carpel.specs import Format


class Opened:
    """Rows read back as Python values."""

    def __init__(self, rows: Rows, engine: DuckDB) -> None:
        found = engine.fetch(
            query("SELECT * FROM :t ORDER BY _file, _row", t=inner(rows.tree))
        ).to_pylist()
        self.rows: list[dict[str, Any]] = found
        self.rejected, self.renamed, self.columns = rows.rejected, rows.renamed, rows.columns
        self.recoded, self.files, self.titled = rows.recoded, rows.files, rows.titled
        self.unread = rows.unread

    def cells(self) -> list[list[Any]]:
        return [[row[name] for name in self.columns] for row in self.rows]


@pytest.fixture
def opening(tmp_path: Path) -> Any:
    def opened(content: bytes | str | None = None, name: str = "a.csv", **given: Any) -> Opened:
        if content is not None:
            raw = content.encode() if isinstance(content, str) else content
            (tmp_path / name).write_bytes(raw)
        engine = DuckDB()
        rows = open_rows([name], Format(**given), engine, folder=tmp_path, scratch=tmp_path)
        return Opened(rows, engine)

    return opened


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(opening: Any, sign: str) -> None:
    text = f"a{sign}b{sign}c\n1{sign}x y{sign}3\n4{sign}y{sign}6\n"
    assert opening(text).cells() == [["1", "x y", "3"], ["4", "y", "6"]]


def test_blanks_set_columns_apart(opening: Any) -> None:
    text = "id   date      n\n 00001 19970101  1\n 00002 19970112 12\n"
    assert opening(text, "a.txt").cells() == [
        ["00001", "19970101", "1"],
        ["00002", "19970112", "12"],
    ]


def test_a_quoted_cell_goes_over_lines(opening: Any) -> None:
    found = opening('a,b\n"one\ntwo, ""three""",2\n3,4\n')
    assert found.cells() == [['one\ntwo, "three"', "2"], ["3", "4"]]
    assert [row["_row"] for row in found.rows] == [1, 2]


def test_a_quote_that_is_never_closed_costs_one_row(opening: Any) -> None:
    found = opening('a,b\n1,2\n"3,4\n5,6\n7,8\n')
    assert found.cells() == [["1", "2"], ["5", "6"], ["7", "8"]]
    assert [(bad.row, bad.reason) for bad in found.rejected] == [
        (2, "a quote is opened and never closed")
    ]


def test_rows_of_another_width_are_rejected_unless_the_rest_is_empty(opening: Any) -> None:
    found = opening("a,b\n1\n1,2,3\n1,2,,\n\n4,5\n")
    assert found.cells() == [["1", "2"], ["4", "5"]]
    assert [bad.row for bad in found.rejected] == [1, 2]
    assert json.loads(found.rejected[1].content) == ["1", "2", "3"]


def test_two_columns_of_one_name_stay_two(opening: Any) -> None:
    found = opening("Email,email,\n1,2,3\n")
    assert found.cells() == [["1", "2", "3"]]
    assert list(found.columns) == ["Email", "email_2", "column_3"]
    assert found.renamed == {"email_2": "email", "column_3": ""}


@pytest.mark.parametrize("code", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings(opening: Any, code: str) -> None:
    text = "name,city\nJosé Muñoz,Málaga\nZoë Brönte,Köln\nAndré Façade,Besançon\n"
    assert opening(text.encode(code)).cells()[0] == ["José Muñoz", "Málaga"]


def test_lines_in_two_encodings(opening: Any) -> None:
    lines = [b"name,city\n", "Zoë,Köln\n".encode(), "José,Málaga\n".encode("cp1252")]
    found = opening(b"".join(lines))
    assert found.cells() == [["Zoë", "Köln"], ["José", "Málaga"]]
    assert found.recoded == (Recoded("a.csv", 1, 3, "cp1252", among=True),)
    assert str(found.recoded[0]) == (
        "a.csv mixes two encodings: 1 line not in UTF-8 like the others, read as cp1252; "
        "the first is line 3."
    )
    assert opening(b"".join(lines), encoding="utf-8").cells() == found.cells()
    (all_one,) = opening(b"".join((lines[0], lines[2]))).recoded
    assert not all_one.among, "lines in ASCII are in any encoding"
    assert opening(b"".join(lines[:2])).recoded == ()


def test_a_gzip_whatever_its_name(opening: Any) -> None:
    assert opening(gzip.compress(b"a,b\n1,2\n"), "a.csv.gz").cells() == [["1", "2"]]
    assert opening(gzip.compress(b"a,b\n1,2\n"), "b.csv").cells() == [["1", "2"]]


def test_a_truncated_gzip_is_an_error_that_names_file_and_line(opening: Any) -> None:
    whole = gzip.compress("".join(f"{n},{n * 7919 % 1000}\n" for n in range(20_000)).encode())
    with pytest.raises(SourceError, match=r"a\.csv\.gz.*up to line \d+"):
        opening(whole[: len(whole) // 2], "a.csv.gz")


def test_a_truncated_parquet_is_an_error_that_names_the_file(opening: Any, tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": range(1000)}), tmp_path / "whole.parquet")
    half = (tmp_path / "whole.parquet").read_bytes()[:1500]
    with pytest.raises(SourceError, match=r"a\.parquet.*damaged or incomplete"):
        opening(half, "a.parquet")


def test_a_file_outside_the_project_is_called_as_it_is_written(tmp_path: Path) -> None:
    for folder in ("shop", "in", "old"):
        (tmp_path / folder).mkdir()
    (tmp_path / "in/a.csv").write_text("a\n1\n")
    (tmp_path / "old/a.csv").write_text("a\n2\n")
    (tmp_path / "in/b.csv.gz").write_bytes(gzip.compress(b"a,b\n" * 9999)[:-20])

    def opened(*read: str) -> Opened:
        engine, folder = DuckDB(), tmp_path / "shop"
        return Opened(open_rows(read, Format(), engine, folder=folder, scratch=tmp_path), engine)

    assert opened("../in/a.csv", "../old/*.csv").files == ("../in/a.csv", "../old/a.csv")
    with pytest.raises(SourceError, match=r"^\.\./in/b\.csv\.gz: .* up to line"):
        opened("../in/b.csv.gz")


def test_nothing_and_a_header_only(opening: Any) -> None:
    with pytest.raises(SourceError, match="empty"):
        opening("")
    assert opening("a,b\n").cells() == []
    with pytest.raises(SourceError, match="no such file"):
        opening(None, "gone.csv")


def test_a_million_characters_in_a_cell(opening: Any) -> None:
    cell = "x" * 1_000_000
    assert opening(f"a,b\n1,{cell}\n2,y\n").cells() == [["1", cell], ["2", "y"]]
    assert opening(f'a,b\n1,{cell}\n2\n"3,4\n').cells() == [["1", cell]]


def test_parquet_keeps_its_types(opening: Any, tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": [1, 2], "x": [0.5, None]}), tmp_path / "a.parquet")
    found = opening(None, "a.parquet")
    assert found.columns == {"n": "BIGINT", "x": "DOUBLE"}
    assert [(row["n"], row["_file"], row["_row"]) for row in found.rows] == [
        (1, "a.parquet", 1),
        (2, "a.parquet", 2),
    ]


def test_json_lines(opening: Any) -> None:
    text = '{"id": 7, "at": {"city": "Köln"}, "n": 1.50}\nnope\n{"id": "07", "tags": ["a"]}\n'
    found = opening(text, "a.jsonl")
    assert found.rows[0] | {"id": "7", "at.city": "Köln", "n": "1.50"} == found.rows[0]
    assert found.rows[1]["tags"] == '["a"]' and found.rows[1]["_row"] == 3
    assert [(bad.row, bad.reason) for bad in found.rejected] == [(2, "not a JSON object")]
    assert opening('[{"a": 1}, {"a": 2}]', "b.json").cells() == [["1"], ["2"]]


def test_a_workbook(opening: Any, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["id", "price", "on"], ["007", 1.5, None], [None, None, None], [8, 2, "=1+1"]]:
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    found = opening(None, "a.xlsx")
    assert found.cells()[0] == ["007", "1.5", None]
    assert [row["_row"] for row in found.rows] == [1, 3]


@pytest.mark.parametrize(
    ("text", "given", "lines", "columns"),
    [
        ("Sales 2024;;\n\nid;day;paid\n1;2;3\n", {}, 2, ["id", "day", "paid"]),
        ("sep=;\nid;day;paid\n1;2;3\n", {}, 1, ["id", "day", "paid"]),
        ("id;day;paid\n1;2;3\n", {}, 0, ["id", "day", "paid"]),
        ("id;day;\n1;2;3\n", {}, 0, ["id", "day", "column_3"]),
        ("id\n1\n2\n", {}, 0, ["id"]),
        ('"i\nd";day;paid\n1;2;3\n', {}, 0, ["i d", "day", "paid"]),
        ("Sales;;\nid;day;paid\n1;2;3\n", {"skip_rows": 1}, 0, ["id", "day", "paid"]),
    ],
)
def test_lines_above_the_header_of_a_text(
    opening: Any, text: str, given: dict[str, Any], lines: int, columns: list[str]
) -> None:
    found = opening(text, delimiter=";", **given)
    assert (list(found.columns), found.titled.get("a.csv", 0)) == (columns, lines)
    assert found.rejected == ()
    assert found.rows[0]["_row"] == 1


def test_lines_above_the_header_of_a_sheet(opening: Any, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["Sales 2024"], [], ["id", "day", "paid"], ["1", "2", "3"]]:
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    found = opening(None, "a.xlsx")
    assert found.cells() == [["1", "2", "3"]]
    assert (list(found.columns), found.titled) == (["id", "day", "paid"], {"a.xlsx": 2})


def test_further_sheets_are_named_until_somebody_says_which(opening: Any, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "People"
    for title, rows in (("Sales", [["id", "paid"], [1, 2]]), ("Notes", [["by Ada"]])):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    for row in [["id"], [1]]:
        book["People"].append(row)
    book.save(tmp_path / "a.xlsx")
    assert opening(None, "a.xlsx").unread == {"a.xlsx": ("Sales",)}
    assert opening(None, "a.xlsx", sheet="People").unread == {}


def test_a_mark_that_says_utf_8_does_not_make_it_so(opening: Any, tmp_path: Path) -> None:
    lines = ["name,n", "Müller,1", "Jörg,2"]
    content = b"\r\n".join([lines[0].encode(), lines[1].encode("cp1252"), lines[2].encode()])
    found = opening(codecs.BOM_UTF8 + content, "a.csv")
    assert found.cells() == [["Müller", "1"], ["Jörg", "2"]]
    assert list(found.columns) == ["name", "n"]
    assert found.recoded[0].lines == 1


def test_a_sqlite_table(opening: Any, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as base:
        base.execute("CREATE TABLE people (id TEXT, n REAL)")
        base.executemany("INSERT INTO people VALUES (?, ?)", [("007", 2.0), (None, 0.5)])
    base.close()
    assert opening(None, "shop.db").cells() == [["007", "2"], [None, "0.5"]]
    with pytest.raises(SourceError, match="people"):
        opening(None, "shop.db", table="persons")


def test_globs_and_columns_that_only_one_file_has(opening: Any, tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("a,b\n1,2\n")
    (tmp_path / "2.csv").write_text("b;c\n3;4\n")
    found = opening(None, "?.csv")
    assert found.cells() == [["1", "2", None], [None, "3", "4"]]


@pytest.mark.parametrize("kind", ["pandas", "polars", "arrow"])
def test_data_frames(tmp_path: Path, kind: str) -> None:
    data: Any = pa.table({"id": ["a", "b"], "n": [1, 2]})
    if kind == "pandas":
        data = data.to_pandas()
    if kind == "polars":
        data = pytest.importorskip("polars").from_arrow(data)
    engine = DuckDB()
    rows = open_rows(
        ["frame:people"],
        Format(),
        engine,
        folder=tmp_path,
        scratch=tmp_path,
        frames={"people": data},
    )
    assert Opened(rows, engine).cells() == [["a", 1], ["b", 2]]


@pytest.mark.parametrize("sign", [";", ",", "\t"])
@pytest.mark.parametrize("marked", [{0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}, {0, 1, 2}])
def test_an_apostrophe_before_a_number_opens_no_quote(
    opening: Any, sign: str, marked: set[int]
) -> None:
    rows = [[f"{n:05}", f"O'Neil {n}", f"+49{n}"] for n in range(1, 60)]
    told = [[f"'{c}" if at in marked else c for at, c in enumerate(row)] for row in rows]
    found = opening("\n".join(sign.join(row) for row in [["id", "name", "phone"], *told]) + "\n")
    assert found.cells() == told and not found.rejected


@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_a_file_quoted_with_apostrophes_is_read(opening: Any, sign: str) -> None:
    rows = [[f"{n}", f"a{sign}b\nO''Neil {n}", f"'t Hof {n}"] for n in range(30)]
    lines = [sign.join([a, f"'{b}'", f"'{c.replace(chr(39), chr(39) * 2)}'"]) for a, b, c in rows]
    found = opening(f"id{sign}name{sign}street\n" + "\n".join(lines) + "\n")
    assert found.cells() == [[a, b.replace("''", "'"), c] for a, b, c in rows]
