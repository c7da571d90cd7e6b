"""Rules in a project's files: text in place of data, every mistake and warning with its line."""

from pathlib import Path

import pytest

from carpel.errors import ProjectError
from carpel.language import parse
from carpel.language.checks import Vocabulary
from carpel.manifest.load import load
from carpel.manifest.meaning import rule_problems


def project(folder: Path, segment: str) -> Path:
    (folder / "segments").mkdir()
    (folder / "carpel.yml").write_text("name: shop\n", encoding="utf-8")
    (folder / "segments" / "rich.yml").write_text(segment, encoding="utf-8")
    return folder


def test_a_rule_is_text_wherever_a_rule_may_stand(tmp_path):
    segment = "label: Rich\nwhere:\n  all:\n    - age >= 30\n    - {not: spend_365d < 100}\n"
    found = load(project(tmp_path, segment)).sound().segments["rich"].where
    data = {"trait": "spend_365d", "less_than": 100}
    assert found == parse({"all": [{"trait": "age", "at_least": 30}, {"not": data}]})


MISTAKES = [
    ("where: age att 30\n", [(1, "age att 30\n        ^")]),
    (
        "label: x\nwhere:\n  any:\n    - age >= 3\n    - did x in 0 days\n    - {trat: 3}\n",
        [(5, "0 days"), (6, "'trait'")],
    ),
    ("where: |\n  age >= 3 and\n  did x in 0 days and city = \n", [(3, "0 days"), (3, "a value")]),
]


@pytest.mark.parametrize(("segment", "told"), MISTAKES)
def test_every_mistake_in_a_rule_has_its_line(tmp_path, segment, told):
    with pytest.raises(ProjectError) as caught:
        load(project(tmp_path, segment)).sound()
    problems = caught.value.problems
    assert [each.line for each in problems] == [line for line, _ in told]
    assert all(said in each.message for each, (_, said) in zip(problems, told, strict=True))


def test_what_is_hardly_meant_is_a_warning_with_its_line(tmp_path):
    segment = "where:\n  all:\n    - age > 40\n    - {trait: age, less_than: 30}\n"
    loaded = load(project(tmp_path, segment))
    definitions, written = loaded.sound(), loaded.written
    (found,) = rule_problems(definitions, written, Vocabulary(traits={"age": "integer"}))
    assert (found.file, found.line, found.severity) == ("segments/rich.yml", 4, "warning")
    assert str(found).startswith("segments/rich.yml:4: warning: nobody can match")
    assert rule_problems(definitions, written, Vocabulary()) == []
