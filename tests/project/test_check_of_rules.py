"""`carpel check` knows the kinds of the last build."""

from datetime import UTC, datetime

import pytest

from carpel.project import Project

FILES = {
    "carpel.yml": "name: shop\ntimezone: Europe/Berlin\n",
    "sources/till.yml": "read: till.csv\nidentifiers: {email: mail}\ntraits: {city: town}\ntrack:\n"
    "  - event: order_completed\n    at: day\n    properties: {amount: paid}\n",
    "till.csv": "mail,town,day,paid\nada@mail.example,Bonn,2026-01-01,5.00\n",
}


@pytest.mark.slow
def test_kinds_are_those_of_the_build(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    clock = lambda: datetime(2026, 2, 1, tzinfo=UTC)  # noqa: E731
    Project(tmp_path, clock=clock).run()
    (tmp_path / "segments").mkdir()
    rule = "where:\n  all:\n    - city in top 10%\n    - did order_completed >= 0 times\n"
    (tmp_path / "segments" / "odd.yml").write_text(rule, encoding="utf-8")
    found = Project(tmp_path, clock=clock).check()
    assert [(each.line, each.severity) for each in found] == [(3, "error"), (4, "warning")]
    assert "`top` does not compare text" in found[0].message
    assert "holds for everybody" in found[1].message

    other = "label: Other\nwhere:\n  all:\n    - city in top 20%\n    - {trat: 3}\nlabl: x\n"
    (tmp_path / "segments" / "other.yml").write_text(other, encoding="utf-8")
    together = Project(tmp_path, clock=clock).check()
    assert [each for each in together if each.file == "segments/odd.yml"] == list(found)
    astray = [each for each in together if each.file == "segments/other.yml"]
    assert [each.line for each in astray] == [4, 5, 6]
    assert "`top` does not compare text" in astray[0].message
