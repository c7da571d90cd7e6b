"""The project's own checks: every loaded row of a source is judged once."""

import pytest

from carpel.errors import ProjectError
from carpel.specs import Check, Definitions, Project, Source
from carpel.stages.quality import Quality
from carpel.stages.quality.checks import holds
from carpel.stages.sources import Sources
from carpel.testing.line import line_with, read, take

SOURCE = {
    "name": "till",
    "read": "till.csv",
    "identifiers": {"card": "Card No"},
    "track": [
        {
            "event": "product_purchased",
            "at": "Date",
            "key": ["No"],
            "properties": {"amount": "Net Sales", "quantity": "Qty"},
        },
        {
            "event": "product_returned",
            "at": "Date",
            "key": ["No"],
            "when": {"Back": {"more_than": 0}},
            "properties": {"amount": "Back"},
        },
    ],
    "account": {"key": "Company"},
}
HEADER = "No,Card No,Date,Net Sales,Qty,Back,Company,Weight\n"
ROWS = [f"{n},c{n},2026-01-{n:02},{5 if n > 2 else 0},1,,K{n},{n}" for n in range(1, 11)]


def ran(folder, lines, **said):
    (folder / "till.csv").write_text(HEADER + "\n".join(lines) + "\n")
    check = Check(name="paid", source="till", **said)
    spec = Source.model_validate(SOURCE)
    asked = Definitions(Project(name="trial"), sources={"till": spec}, checks={"paid": check})
    return take(line_with(folder, definitions=asked), [Sources(), Quality()])


def found(line):
    each = line.notes("quality")["checks"]["paid"]
    return each["rows"], each["of"], [row for _, row in each["places"]]


@pytest.mark.parametrize(
    ("at_least", "severity", "failed", "warned", "shown"),
    [
        (1.0, "fail", ["paid"], [], "error"),
        (0.8, "fail", [], [], "note"),
        (0.81, "warn", [], ["paid"], "warning"),
    ],
)
def test_a_check_holds_for_the_share_it_asks(tmp_path, at_least, severity, failed, warned, shown):
    rows = {"Net Sales": {"gt": 0}}
    line = ran(tmp_path, ROWS, rows=rows, at_least=at_least, severity=severity)
    (told,) = [each for each in read(line, "findings") if each["check"] == "check_paid"]
    assert (told["rows"], told["of"], told["severity"]) == (2, 10, shown)
    assert told["proposal"] == "For example till.csv rows 1 and 2."
    notes = line.notes("quality")
    assert (notes["failed"], notes["warned"]) == (failed, warned)


def test_the_events_that_a_row_tells_are_judged_as_one_row(tmp_path):
    """Two rows are refunds too, one of nothing worth: it alone breaks the check, 1 of 10."""
    rows = [f"{n},c{n},2026-01-{n:02},5,1,{b},K,1" for n, b in enumerate(["1", "9", *[""] * 8], 1)]
    line = ran(tmp_path, rows, rows={"amount": {"gt": 2}}, at_least=0.9)
    assert found(line) == (1, 10, [1])
    assert line.notes("quality")["failed"] == []


def test_rows_merged_and_set_aside_are_not_judged_again(tmp_path):
    rows = [*ROWS, ROWS[0], "11,c11,soon,0,1,,K,1"]
    line = ran(tmp_path, rows, rows={"Net Sales": {"gt": 0}})
    fates = {each["fate"]: each["rows"] for each in read(line, "accounting") if each["rows"]}
    assert fates == {"loaded": 10, "merged": 1, "set aside": 1}
    assert found(line) == (2, 10, [1, 2])


def test_rows_that_say_nothing_count_only_where_that_is_asked(tmp_path):
    rows = [f"{n},c{n},2026-01-01,{'' if n > 6 else 5},1,,K,1" for n in range(1, 9)]
    assert found(ran(tmp_path, rows, rows={"amount": {"gt": 5}})) == (6, 6, [1, 2, 3])
    assert found(ran(tmp_path, rows, rows={"amount": {"is_set": True}})) == (2, 8, [7, 8])
    assert found(ran(tmp_path, rows, rows={"Qty": 1, "amount": {"gt": 0}})) == (0, 6, [])


@pytest.mark.parametrize(
    ("rows", "broken"),
    [
        ({"Company": {"ne": "K3"}}, [3]),
        ({"account_key": {"ne": "K4"}}, [4]),
        ({"weight": {"less_than": 10}}, [10]),
        ({"Date": {"on": "2026-01-05"}}, [1, 2, 3]),
        ({"at": {"after": "2026-01-01"}}, [1]),
        ({"card": {"in": [f"c{n}" for n in range(2, 11)]}}, [1]),
        ({"No": {"ne": "7"}}, [7]),
    ],
)
def test_any_column_of_the_file_and_any_name_of_the_source_is_judged(tmp_path, rows, broken):
    assert found(ran(tmp_path, ROWS, rows=rows))[2] == broken


def test_a_cell_that_cannot_be_read_as_what_is_asked_breaks_the_check(tmp_path):
    rows = [*ROWS[:-1], "10,c10,2026-01-10,5,1,,K,heavy"]
    assert found(ran(tmp_path, rows, rows={"Weight": {"gt": 0}})) == (1, 10, [10])


def test_a_source_without_rows_holds_every_check(tmp_path):
    line = ran(tmp_path, [], rows={"Net Sales": {"gt": 0}})
    assert (found(line), line.notes("quality")["failed"]) == ((0, 0, []), [])


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path):
    with pytest.raises(ProjectError) as refused:
        ran(tmp_path, ROWS, rows={"Wieght": {"gt": 0}, "Colour": "red"})
    first, second = refused.value.problems
    assert (first.file, first.message) == (
        "checks/paid.yml",
        "there is no column 'Wieght' in till.csv",
    )
    assert first.action.startswith("Did you mean 'Weight'? Its columns are: No, Card No, Date")
    assert "'Colour'" in second.message


def test_a_comparison_that_does_not_fit_names_the_check(tmp_path):
    with pytest.raises(ProjectError, match=r"checks/paid.*amount"):
        ran(tmp_path, ROWS, rows={"amount": {"ge": "lots"}})


@pytest.mark.parametrize("hundredths", range(101))
def test_a_share_that_is_just_reached_holds(hundredths):
    """0.07 x 100 is a little above 7 in binary figures."""
    check = Check(name="c", source="s", rows={"a": 1}, at_least=hundredths / 100)
    assert holds(check, {"rows": 100 - hundredths, "of": 100})
    assert hundredths == 0 or not holds(check, {"rows": 101 - hundredths, "of": 100})
