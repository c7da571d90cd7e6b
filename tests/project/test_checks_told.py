"""The project's own checks as a user meets them: before a run, when one fails, and afterwards."""

from datetime import UTC, datetime

import pytest

from carpel.errors import CheckFailed
from carpel.project import Project

from .written import run, write

NOW = datetime(2026, 2, 1, tzinfo=UTC)
FILES = {
    "carpel.yml": "name: shop\n",
    "sources/till.yml": "read: till.csv\nidentifiers: {email: mail}\ntrack:\n"
    "  - {event: order_completed, at: day, properties: {amount: paid}}\n",
    "till.csv": "mail,day,paid,hue\n"
    + "".join(f"p{n}@mail.example,2026-01-0{n},{n - 1},red\n" for n in range(1, 6)),
}
PAID = "label: All is paid\nsource: till\nrows: {amount: {more_than: 0}}\nat_least: 0.9\n"
DUTCH = "people: {trait: email, ends_with: .nl}\nseverity: warn\n"


@pytest.mark.parametrize("name", ["amuont", "Hues"])
def test_a_mistyped_column_is_a_mistake_with_its_line(tmp_path, name):
    check = f"source: till\nrows:\n  hue: red\n  {name}: {{is_set: true}}\n"
    (found,) = Project(write(tmp_path, {**FILES, "checks/odd.yml": check})).check()
    assert (found.file, found.line) == ("checks/odd.yml", 4)
    assert repr(name) in found.message
    assert found.action.startswith("Did you mean") and "mail, day, paid, hue" in found.action


def test_without_its_files_only_a_run_can_tell(tmp_path):
    files = {**FILES, "checks/odd.yml": "source: till\nrows: {shade: red}\n"}
    files["sources/till.yml"] = files["sources/till.yml"].replace("till.csv", "frame:till")
    assert Project(write(tmp_path, files)).check() == []


def test_a_check_that_fails_says_how_much_and_where_and_can_be_looked_at(tmp_path):
    run(tmp_path, FILES, NOW)
    write(tmp_path, {"checks/paid.yml": PAID, "checks/dutch.yml": DUTCH})
    project = Project(tmp_path, clock=lambda: NOW)
    with pytest.raises(CheckFailed) as refused:
        project.run()
    said = "check paid: 1 of 5 rows (20 %) does not hold to it, such as till.csv row 1"
    assert said in refused.value.message and "at least 90 % must" in refused.value.message
    (kept,) = [each.build for each in project.builds() if not each.current]
    assert f"--build {kept}" in refused.value.action
    messages = [each["message"] for each in project.ls("findings", build=kept)]
    assert "1 of 5 rows does not hold to: All is paid." in messages
    listed = {each["check"]: each for each in project.ls("checks", build=kept)}
    assert (listed["paid"]["broken"], listed["paid"]["places"]) == (1, "till.csv row 1")
    assert (listed["dutch"]["broken"], listed["dutch"]["judged"]) == (5, 5)
    assert project.ls("checks") == []
    assert not any("@" in str(each) for each in (refused.value.message, messages, listed))


def test_a_summary_tells_checks_that_were_accepted_or_only_warn(tmp_path):
    run(tmp_path, {**FILES, "checks/dutch.yml": DUTCH}, NOW)
    project = Project(tmp_path, clock=lambda: NOW)
    assert "check dutch: 5 of 5 people (100 %) do not hold to it" in project.summary()["notes"]
    write(tmp_path, {"checks/paid.yml": PAID})
    project = Project(tmp_path, clock=lambda: NOW)
    project.run(accept=True)
    assert any(note.startswith("check paid: 1 of 5 rows") for note in project.summary()["notes"])
