"""A rule nested five thousand levels deep is built, shown and told like any other."""

from datetime import UTC, datetime

import pytest

from carpel.errors import CarpelError, ProjectError
from carpel.project import Project

from .written import run

DEEP, SOME = 5000, 1200
NEST = "(all of ("
FILES = {
    "carpel.yml": "name: shop\nas_of: now\nidentity: {probabilistic: false}\n",
    "sources/till.yml": "read: till.csv\nidentifiers: {email: mail}\ntraits: {city: town}\n"
    "account: {key: firm}\n",
    "till.csv": "mail,town,firm\nada@mail.example,Bonn,x\nbob@mail.example,Rome,y\n",
    "segments/flat.yml": "where: {trait: city, is: Bonn}\n",
    "segments/deep.yml": f"where: {'not ' * DEEP}city = 'Bonn'\n",
    "segments/deeper.yml": f"where: {NEST * SOME}in segment deep; city is set{'))' * SOME}\n",
    "segments/firms.yml": f"unit: account\nwhere: {'not ' * SOME}(people (city = 'Bonn'))\n",
    "segments/of_firms.yml": f"where: account ({'not ' * SOME}(people (city = 'Bonn')))\n",
}
CLOCK = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.prove
@pytest.mark.slow
def test_a_build_holds_a_rule_of_any_depth(tmp_path):
    project = run(tmp_path, FILES, CLOCK)
    assert not project.run().changed
    sizes = {row["segment"]: row["people"] for row in project.ls("segments")}
    assert set(sizes) == {"flat", "deep", "deeper", "firms", "of_firms"}
    assert set(sizes.values()) == {1}
    assert not project.diff_definitions()
    (idle,) = project.check()
    assert idle.severity == "warning" and "`city is set` adds nothing" in idle.message
    reasons = project.explain_customer("bob@mail.example", "deep")
    assert not reasons.member and reasons.changes == ["City is “Bonn” instead of “Rome”"]
    assert project.explain_account("x", "firms").member
    page = project.preview(tmp_path / "segments/deeper.yml")
    assert page.people == 1 and len(page.clauses) == SOME + 2
    assert page.clauses[0]["says"] == "a rule nested deeper than 100 levels"
    assert page.clauses[-1]["says"] == "whose city is known"
    assert "too deep for one SQL statement" in project.show_segment("deep").sql
    with pytest.raises(CarpelError, match="too deep for one SQL statement"):
        project.sql("deep")


def test_yaml_deeper_than_a_hundred_levels_is_refused_in_words(tmp_path):
    (tmp_path / "segments").mkdir()
    (tmp_path / "carpel.yml").write_text("name: shop\n")
    for levels in (101, DEEP):
        text = "where: " + "{not: " * levels + "{trait: age, at_least: 3}" + "}" * levels + "\n"
        (tmp_path / "segments/deep.yml").write_text(text)
        with pytest.raises(ProjectError, match="nested deeper than 100 levels") as caught:
            _ = Project(tmp_path).definitions
        assert caught.value.problems[0].action
