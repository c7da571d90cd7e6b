"""A mistake in one file stops what needs that file, and nothing else."""

from pathlib import Path

import pytest

from carpel.errors import ProjectError
from carpel.manifest.load import load

pytestmark = pytest.mark.slow
TYPO = "version: 1\nlabel: X\nobjective: t\nwhere: {trait: foo, at_least: 0}\n"
MISTAKES = {
    "segments/typo.yml": TYPO,
    "segments/resting.yml": "version: 1\nwhere: {segment: typo}\n",
    "segments/no_yaml.yml": "where: [",
    "goals/more.yml": "version: 1\nsegment: typo\nmetric: people\ntarget: 3\nby: 2026-12-31\n",
}


@pytest.fixture
def mistaken(shop: Path) -> Path:
    for name, text in MISTAKES.items():
        (shop / name).parent.mkdir(exist_ok=True)
        (shop / name).write_text(text)
    return shop


def test_what_is_understood_needs_nothing_that_has_a_mistake(mistaken):
    found = load(mistaken, set())
    kept = found.understood(set())
    assert set(kept.segments) == {"tea_drinkers"} and not kept.goals
    assert set(kept.sources) == {"people", "orders"}
    with pytest.raises(ProjectError):
        found.sound()


@pytest.mark.parametrize(
    "command",
    [
        ("report",),
        ("ls", "traits"),
        ("ls", "segments"),
        ("ls", "segmentations"),
        ("show", "segment", "tea_drinkers"),
        ("explain", "customer", "key:2", "tea_drinkers"),
        ("export", "segment", "tea_drinkers", "--to", "{folder}/out.csv"),
        ("set-aside", "ls"),
        ("erase", "customer", "key:8", "--yes"),
    ],
    ids=" ".join,
)
def test_a_build_is_looked_at_whatever_one_file_says(mistaken, carpel, command):
    said = carpel(*(each.format(folder=mistaken) for each in command), "--project", mistaken)
    assert said.code == 0, said.err
    assert "foo" not in said.out
    assert said.err.startswith("! ") and "mistakes are passed over" in said.err
    assert "`carpel check`" in said.err


def test_what_makes_a_build_refuses(mistaken, carpel):
    for command in ("run", "check"):
        said = carpel(command, mistaken)
        assert said.code == 2, command
        assert "segments/typo.yml:4: there is no trait 'foo'" in said.err + said.out
        assert "passed over" not in said.err
    assert carpel("builds", "--project", mistaken).err == ""


def test_a_mistake_in_the_settings_refuses_where_they_matter(shop, carpel):
    text = (shop / "carpel.yml").read_text()
    (shop / "carpel.yml").write_text(text.replace("Europe/Berlin", "Europe/Nowhere"))
    for command in (("report",), ("erase", "customer", "key:8", "--yes"), ("ls", "traits")):
        said = carpel(*command, "--project", shop)
        assert said.code == 2 and "Europe/Nowhere" in said.err, command


def test_a_segment_whose_own_file_has_a_mistake_is_shown_as_the_build_has_it(shop, carpel):
    (shop / "segments/tea_drinkers.yml").write_text(TYPO)
    shown = carpel("show", "segment", "tea_drinkers", "--project", shop)
    assert shown.code == 0 and "Tea drinkers" in shown.out
    explained = carpel("explain", "customer", "key:2", "tea_drinkers", "--project", shop)
    assert explained.code in (0, 2) and "fault of Carpel" not in explained.err, explained.err
    asked = carpel("sql", "tea_drinkers", "--project", shop)
    assert asked.code in (0, 2) and "fault of Carpel" not in asked.err, asked.err
    decided = carpel("decide", "customer", "key:2", "--project", shop)
    assert decided.code == 0 and "fault of Carpel" not in decided.err, decided.err


def test_the_list_of_what_has_left_names_no_export_that_was_refused(shop, carpel):
    for name, to in (("no_such_segment", "never.csv"), ("tea_drinkers", "out.csv")):
        carpel("export", "segment", name, "--to", shop / to, "--project", shop)
    said = carpel("erase", "customer", "key:8", "--yes", "--project", shop)
    assert "out.csv" in said.out and "never.csv" not in said.out


def test_nothing_is_said_to_change_what_no_value_can(shop, carpel):
    text = "version: 1\nlabel: Everybody\nwhere: {trait: orders_total, at_least: 0}\n"
    (shop / "segments/everybody.yml").write_text(text)
    assert carpel("run", shop).code == 0
    said = carpel("explain", "customer", "key:2", "everybody", "--project", shop)
    assert said.code == 0 and "is in everybody" in said.out
    assert "Nothing was found that would change this" in said.out, said.out
