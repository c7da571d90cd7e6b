"""Mistakes in a project are found together, each with file, line and what to do."""

from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

import pytest

from carpel.errors import ProjectError
from carpel.manifest.load import folder_name, load
from carpel.manifest.schema import schemas

GOOD = {
    "carpel.yml": "version: 1\nname: shop\n",
    "sources/till.yml": "read: till.csv\nidentifiers: {email: Mail}\ntrack:\n"
    "  - event: product_purchased\n    at: day\n    properties: {amount: paid}\n",
    "segments/rich.yml": "label: Rich\nwhere: {trait: spend_365d, at_least: 100}\n",
}


def project(folder: Path, **changed: str | None) -> Path:
    for name, text in {
        **GOOD,
        **{key.replace("__", "/") + ".yml": each for key, each in changed.items()},
    }.items():
        if text is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    return folder


def mistakes(folder: Path, traits=("spend_365d",)) -> list[str]:
    with pytest.raises(ProjectError) as caught:
        load(folder, traits).sound()
    return [str(problem) for problem in caught.value.problems]


def test_a_good_project_loads(tmp_path):
    definitions = load(project(tmp_path), ["spend_365d"]).sound()
    assert definitions.segments["rich"].label == "Rich"
    assert definitions.sources["till"].track[0].properties["amount"].column == "paid"


def test_all_mistakes_come_together(tmp_path):
    folder = project(
        tmp_path,
        carpel="version: 1\ncurency: EUR\n",
        sources__till="read: x.csv\ntrack:\n  - event: bought\n    att: day\n",
        segments__rich="where:\n  all:\n    - {trait: age, at_leest: 3}\n",
    )
    found = mistakes(folder)
    text = "\n".join(found)
    assert "carpel.yml:2: unknown word 'curency'" in text
    assert "Did you mean 'currency'?" in text
    assert "sources/till.yml:4: unknown word 'att'" in text
    assert "segments/rich.yml:3" in text
    assert len(found) == 3


SETS = {
    "segmentations__value": "kind: rfm\nevent: product_purchased\n",
    "segmentations__own": "kind: rfm\nevent: product_purchased\n"
    "groups: [{name: best, recency: [4, 5]}]\n",
    "segmentations__place": "kind: lifecycle\nevent: product_purchased\n",
    "segmentations__level": "kind: tiers\nevent: product_purchased\n"
    "levels: [{name: gold, at_least: 9}, {name: silver, at_least: 1}]\n",
    "sources__permits": "read: p.csv\nidentifiers: {email: Mail}\npermit:\n"
    "  - {channel: {constant: email}, granted: yes_mail}\n"
    "  - {channel: {column: by, values: {T: phone}}, granted: yes_phone}\n",
}


@pytest.mark.parametrize(
    ("rule", "line", "says"),
    [
        ("{trait: spend_365, at_least: 1}", 2, "Did you mean 'spend_365d'?"),
        ("{did: product_purchase}", 2, "Did you mean 'product_purchased'?"),
        ("{segment: nobody}", 2, "there is no segment 'nobody'"),
        ("{segmentation: rfm, in: [x]}", 2, "there is no segmentation 'rfm'"),
        ("{segmentation: value, in: [champion]}", 2, "Did you mean 'champions'?"),
        ("{segmentation: value, in: [zz]}", 2, "Known: about_to_sleep, at_risk, cannot_lose"),
        ("{segmentation: place, in: [slip]}", 2, "there is no place 'slip' in place"),
        ("{segmentation: place, in: [slip]}", 2, "trial"),
        ("{segmentation: level, in: [gold, golden]}", 2, "Known: gold, no_tier, silver"),
        ("{segmentation: own, in: [champions]}", 2, "Known: best, none_yet, other"),
        ("{segment: value.champion}", 2, "Did you mean 'champions'?"),
        ("{segment: valeu.champions}", 2, "there is no segmentation 'valeu'"),
        ("{entered: place.slip, within: 9 days}", 2, "there is no place 'slip' in place"),
        ("{left: level.golden, within: 9 days}", 2, "Known: gold, no_tier, silver"),
        ("{consent: mail}", 2, "Did you mean 'email'? Known: email, phone."),
        ("\n  all:\n    - {trait: spend_365d, at_least: 1}\n    - {segment: rich}", 5, "circle"),
    ],
)
def test_names_that_lead_nowhere(tmp_path, rule, line, says):
    found = mistakes(project(tmp_path, **SETS, segments__rich=f"label: Rich\nwhere: {rule}\n"))
    assert says in "\n".join(found)
    assert "segments/rich.yml" in found[0]
    if "circle" not in says:
        assert f"segments/rich.yml:{line}" in found[0]


@pytest.mark.parametrize(
    "rule",
    [
        "{segmentation: value, in: [champions, none_yet]}",
        "{segmentation: level, in: [no_tier]}",
        "{segment: value.champions, for: 9 days}",
        "{none: [{entered: own.best, within: 9 days}, {left: place.new, within: 9 days}]}",
        "{segmentation: own, in: [best, other]}",
        "{consent: phone}",
    ],
)
def test_places_and_channels_that_are_there(tmp_path, rule):
    load(project(tmp_path, **SETS, segments__rich=f"where: {rule}\n"), ["spend_365d"]).sound()


def test_a_channel_that_a_column_names_may_be_any(tmp_path):
    till = GOOD["sources/till.yml"] + "permit: [{channel: by, granted: may}]\n"
    load(
        project(tmp_path, sources__till=till, segments__rich="where: {consent: fax}\n"), []
    ).sound()


def test_names_are_looked_up_though_another_file_is_wrong(tmp_path):
    found = mistakes(
        project(
            tmp_path,
            carpel="version: 1\ncurency: EUR\n",
            segments__broken="wher: {trait: spend_365d, at_least: 1}\n",
            segments__rich="where: {any: [{trait: spend, at_least: 1}, {segment: broken}]}\n",
            goals__more="metric: revenue\nsegment: reach\nby: 2027-01-01\ntarget: 9\n",
            segmentations__place="kind: lifecycles\n",
            segments__there="where: {segmentation: place, in: [anything]}\n",
        )
    )
    text = "\n".join(found)
    assert "segments/rich.yml:1: there is no trait 'spend'" in text and "curency" in text
    assert "there is no segment 'broken'" not in text and "'anything'" not in text
    assert "there is no segment 'reach'" in text


def test_a_slip_hides_no_other_mistake_of_its_rule_and_all_come_by_line(tmp_path):
    where = [
        "where:",
        "  all:",
        "    - {trait: spend_356d, at_leest: 3, zoen: x}",
        "    - not: {any: [{segment: nobody}, {did: product_purchased, at_leest: 2}]}",
        "    - account: {all: [{trait: seets, at_least: 1}, {segment: rich, oops: 1}]}",
        "lable: x",
    ]
    said = mistakes(project(tmp_path, segments__odd="\n".join(where)))
    assert [(each.split(": ")[0], each.split("'")[1]) for each in said] == [
        ("segments/odd.yml:3", "at_leest"),
        ("segments/odd.yml:3", "zoen"),
        ("segments/odd.yml:3", "spend_356d"),
        ("segments/odd.yml:4", "at_leest"),
        ("segments/odd.yml:4", "nobody"),
        ("segments/odd.yml:5", "oops"),
        ("segments/odd.yml:5", "seets"),
        ("segments/odd.yml:5", "rich"),
        ("segments/odd.yml:6", "lable"),
    ]


def test_a_misspelt_word_is_one_mistake(tmp_path):
    track = "  - evnt: order_completed\n    at: day\n  - at: day\n"
    till = f"read: till.csv\nidentifiers: {{email: Mail}}\ntrack:\n{track}"
    said = mistakes(project(tmp_path, sources__till=till))
    assert [each.split("\n")[0] for each in said] == [
        "sources/till.yml:4: unknown word 'evnt'",
        "sources/till.yml:6: 'event' is missing",
    ]


def test_what_a_broken_source_may_bring_is_not_missed(tmp_path):
    found = mistakes(project(tmp_path, sources__till="reed: till.csv\n"), traits=())
    assert not any("there is no trait" in each for each in found)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("where: {a: [", "is not YAML"),
        ("", "is empty"),
        ("- a\n- b\n", "is empty or not a mapping"),
        ("label: a\nlabel: b\nwhere: {people: [1]}\n", "duplicate key"),
        ("where: {did: x,\n  since: 2026-02-31}\n", ":2: there is no such day or time: 2026-02-31"),
        ("where: {people: [1]}\nlabel: 2026-03-01 25:00:00\n", ":2: there is no such day or time"),
        ("a: &a [x]\nb: *a\n", "anchors and aliases are not used"),
        ("where: " + "{not: " * 150 + "{people: [1]}" + "}" * 150, "nested deeper"),
        ("label: " + "x" * 1_000_001, "larger than 1 MB"),
        ("version: 2\nwhere: {people: [1]}\n", "version"),
    ],
)
def test_yaml_that_no_person_wrote(tmp_path, text, says):
    assert says in "\n".join(mistakes(project(tmp_path, segments__rich=text)))


def test_a_folder_without_a_project_says_how_to_make_one(tmp_path):
    with pytest.raises(ProjectError, match="carpel init"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("shop", "shop"),
        ("My Shop 2", "my_shop_2"),
        ("2026", "project_2026"),
        ("Café", "caf"),
        ("…", "project"),
    ],
)
def test_a_folder_gives_a_name(folder, name):
    assert folder_name(Path("/tmp") / folder) == name


def test_every_kind_of_file_has_a_schema():
    found = schemas()
    assert set(found) == {
        "carpel",
        "campaigns",
        "channels",
        "coupons",
        "messages",
        "pages",
        "slots",
        "sources",
        "traits",
        "segments",
        "segmentations",
        "predictions",
        "goals",
        "checks",
        "personas",
        "metrics",
        "experiments",
    }
    assert "where" in found["segments"]["properties"]


def test_an_instant_keeps_its_zone_when_it_is_copied(tmp_path: Path) -> None:
    (tmp_path / "carpel.yml").write_text("name: shop\nas_of: 2026-03-01T02:00:00+02:00\n")
    definitions = load(tmp_path).sound()
    assert deepcopy(definitions.project.as_of) == datetime(2026, 3, 1, tzinfo=UTC)


def test_a_folder_whose_name_is_nearly_right_is_said(tmp_path: Path) -> None:
    folder = project(tmp_path, segmets__rich="label: Rich\n", notebooks__a="x: 1\n")
    assert [each.split("\n")[0] for each in mistakes(folder)] == [
        "segmets: the definitions in the folder 'segmets' are not read"
    ]
    assert "'segments'" in mistakes(folder)[0]


def test_two_files_of_one_name_are_said(tmp_path: Path) -> None:
    folder = project(tmp_path)
    (folder / "segments/rich.yaml").write_text(GOOD["segments/rich.yml"])
    assert "two files are called 'rich'" in mistakes(folder)[0]


@pytest.mark.parametrize("said", ["31.12.2026", "2026-02-31", "'2026-02-31'", "soon"])
def test_a_wrong_date_is_told_once_with_its_line_and_how_one_is_written(tmp_path, said):
    project(tmp_path, goals__more=f"metric: revenue\ntarget: 9\nby: {said}\n")
    (tmp_path / "carpel.yml").write_text(f"name: shop\nas_of: {said}\n")
    root, goal = mistakes(tmp_path)
    day = said.strip("'")
    assert root.startswith("carpel.yml:2: ") and day in root and " 20" in root
    assert goal.startswith("goals/more.yml:3: ") and day in goal and " 20" in goal


def test_items_of_a_survey_have_to_be_there_and_traits_made_once(tmp_path):
    folder = project(
        tmp_path,
        sources__form="read: form.csv\ntraits: {q1: a, q2: b, q3: c, q4: d}\n",
        traits__thrift="kind: scale\nitems:\n  - q1\n  - q9\n",
        traits__mind="kind: factors\nitems: [q1, q2, q3, q4]\nnames: {thrift: q1, bold: q2}\n",
        segments__bold="where: {all: [{trait: bold, gt: 0}, {trait: mind_q3, gt: 0}]}\n",
        segments__astray="where: {trait: mind, gt: 0}\n",
    )
    text = "\n".join(mistakes(folder))
    assert "traits/thrift.yml:4: items: there is no trait 'q9'" in text
    assert "traits/mind.yml: traits/thrift.yml makes a trait 'thrift' too" in text
    assert "segments/astray.yml:1: there is no trait 'mind'" in text
    assert "bold.yml" not in text


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("kind: scale\nitems: [q1, q2]\nreversed: [q3]\n", "'q3' is none of the items"),
        ("kind: scale\nitems: [q1, q2]\nlowest: 1\n", "give both lowest and highest"),
        ("kind: scale\nitems: [q1, q2]\nlowest: 5\nhighest: 1\n", "lowest is below highest"),
        ("kind: factors\nitems: [q1, q2, q3, q4]\nfactors: 3\n", "4 items carry at most 2"),
        ("kind: factors\nitems: [q1, q2, q3, q4]\nnames: {bold: q5}\n", "'q5' is none of"),
        ("kind: scale\nitems: [q1, q1]\n", "traits/thrift.yml:2: items: 'q1' stands here twice"),
    ],
)
def test_mistakes_in_a_scale_are_told_with_their_line(tmp_path, written, said):
    assert said in "\n".join(mistakes(project(tmp_path, traits__thrift=written)))


def test_the_ideal_customer_is_by_one_thing_that_is_there(tmp_path):
    folder = project(
        tmp_path,
        predictions__ideal="kind: ideal\nshare: 0.1\nby: wealth\n",
        predictions__both="kind: ideal\nby: spend_365d\nlike: {trait: spend_365d, gt: 9}\n",
        predictions__firms="kind: ideal\nunit: account\namong: {trait: people, gt: 1}\n",
    )
    found = mistakes(folder)
    assert "predictions/ideal.yml:3: there is no trait 'wealth'" in found[1]
    assert "say who is best by `like`, or by `by` and `share`, not both" in found[0]
    assert len(found) == 2
