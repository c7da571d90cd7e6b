"""`carpel check` knows the kinds of the last build."""

from datetime import UTC, datetime

import pytest

from carpel.project import Project

from .written import run, write

FILES = {
    "carpel.yml": "name: shop\ntimezone: Europe/Berlin\n",
    "sources/till.yml": "read: till.csv\nidentifiers: {email: mail}\ntraits: {city: town}\ntrack:\n"
    "  - event: order_completed\n    at: day\n    properties: {amount: paid, shade: hue}\n",
    "till.csv": "mail,town,day,paid,hue\nada@mail.example,Bonn,2026-01-01,5.00,red\n",
}


def test_before_a_run_kinds_are_those_that_files_declare(tmp_path):
    rules = [
        "spend_365d = 'many'",
        "city > 5",
        "joined in top 10%",
        "first_name in top 10%",
        "points = 'x'",
        "{did: order_completed, where: {amount: x}}",
        "{did: order_completed, where: {shade: {more_than: 3}}}",
    ]
    files = {
        **FILES,
        "sources/more.yml": "read: more.csv\nidentifiers: {email: mail}\n"
        "traits: {joined: {column: j, type: text}, points: {column: p, type: number},\n"
        "  first_name: z}\n",
        "more.csv": "mail,j,p,z\n",
        "segments/odd.yml": "where:\n  any:\n" + "".join(f"    - {each}\n" for each in rules),
    }
    found = Project(write(tmp_path, files)).check()
    assert [(each.line, each.severity) for each in found] == [
        (3, "error"),
        (5, "error"),
        (6, "error"),
        (7, "error"),
        (8, "error"),
    ]
    assert found[0].message == "'many' is not a number, and `spend_365d` is a number"
    assert "amount" in found[-1].message


@pytest.mark.slow
def test_kinds_are_those_of_the_build(tmp_path):
    now = datetime(2026, 2, 1, tzinfo=UTC)
    run(tmp_path, FILES, now)
    (tmp_path / "segments").mkdir()
    rule = "where:\n  all:\n    - city in top 10%\n    - did order_completed >= 0 times\n"
    (tmp_path / "segments" / "odd.yml").write_text(rule, encoding="utf-8")
    found = Project(tmp_path, clock=lambda: now).check()
    assert [(each.line, each.severity) for each in found] == [(3, "error"), (4, "warning")]
    assert "`top` does not compare text" in found[0].message
    assert "holds for everybody" in found[1].message

    other = "label: Other\nwhere:\n  all:\n    - city in top 20%\n    - {trat: 3}\nlabl: x\n"
    (tmp_path / "segments" / "other.yml").write_text(other, encoding="utf-8")
    together = Project(tmp_path, clock=lambda: now).check()
    assert [each for each in together if each.file == "segments/odd.yml"] == list(found)
    astray = [each for each in together if each.file == "segments/other.yml"]
    assert [each.line for each in astray] == [4, 5, 6]
    assert "`top` does not compare text" in astray[0].message


def test_expressions_are_read_before_a_run(tmp_path):
    files = {
        **FILES,
        "traits/broken.yml": "kind: expression\nexpression: orders_365d / (foo + \n",
        "traits/astray.yml": "version: 1\nkind: expression\nexpression: orders_365d / spend_36d\n",
        "traits/fine.yml": "kind: expression\nexpression: spend_365d / nullif(orders_365d, 0)\n",
        "traits/round.yml": "kind: expression\nexpression: 1 + round\n",
    }
    found = Project(write(tmp_path, files)).check()
    assert [(each.file, each.line) for each in found] == [
        ("traits/astray.yml", 3),
        ("traits/broken.yml", 2),
        ("traits/round.yml", 2),
    ]
    assert "there is no trait 'spend_36d'" in found[0].message and "spend_365d" in found[0].message
    assert "does not read as an expression" in found[1].message
