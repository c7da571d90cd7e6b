"""Tests made elsewhere, read from public files: what is known of them is what is told."""

import os
from pathlib import Path

import pytest

import carpel
from carpel.engine.query import query
from carpel.errors import CarpelError, ProjectError
from carpel.specs import Arms, Definitions, Experiment, Segment, Source, TraitMetric
from carpel.specs import Project as About
from carpel.verbs.reader import reading

from ..project.post import NOW

pytestmark = pytest.mark.slow

UNITS = {"spend": "money", "sum_gamerounds": "number"}
DATA = Path(os.environ.get("CARPEL_DATA", "/nowhere"))


def made(folder: Path, read: Path, metrics: dict[str, str], experiment: Experiment, **more):
    source = Source(
        name="people",
        read=str(read),
        traits={name: name for name in (*metrics.values(), experiment.arms.trait, *more)},
    )
    definitions = Definitions(
        About(name="elsewhere", currency="USD", identity={"probabilistic": False}),
        sources={"people": source},
        metrics={
            name: TraitMetric(name=name, kind="trait", trait=trait, unit=UNITS.get(trait, "share"))
            for name, trait in metrics.items()
        },
        experiments={experiment.name: experiment},
        segments={name: Segment(name=name, where=where) for name, where in more.items()},
    )
    project = carpel.Project(folder, clock=lambda: NOW, definitions=definitions)
    project.run()
    return project


def estimates(project: carpel.Project) -> dict[tuple[str, str, str], dict]:
    with reading(project.session) as reader:
        rows = reader.engine.fetch(query("SELECT * FROM estimates WHERE segment = '*'")).to_pylist()
    return {(row["metric"], row["arm"], row["against"]): row for row in rows}


@pytest.mark.skipif(not DATA.exists(), reason="CARPEL_DATA names no folder with hillstrom.csv")
def test_hillstrom(tmp_path: Path):
    experiment = Experiment(
        name="mail",
        arms=Arms(trait="segment"),
        comparison="No E-Mail",
        metrics=("visited", "bought", "spent"),
    )
    metrics = {"visited": "visit", "bought": "conversion", "spent": "spend"}
    project = made(tmp_path, DATA / "hillstrom.csv", metrics, experiment)
    found = estimates(project)
    rates = {
        "Mens E-Mail": (0.18276, 0.01253, 1.42262),
        "Womens E-Mail": (0.15140, 0.00884, 1.07720),
        "No E-Mail": (0.10617, 0.00573, 0.65279),
    }
    for arm, known in rates.items():
        for metric, rate in zip(metrics, known, strict=True):
            other = "No E-Mail" if arm != "No E-Mail" else "Mens E-Mail"
            row = found.get((metric, arm, other)) or found[metric, other, arm]
            figure = row["figure"] if row["arm"] == arm else row["base"]
            assert figure == pytest.approx(rate, abs=5e-6)
    told = project.verdict("mail")
    assert [each.verdict for each in told.versions] == ["worked", "worked"]
    assert told.uneven == ""
    assert sum(each["people"] for each in told.groups) == 64_000


@pytest.mark.skipif(not DATA.exists(), reason="CARPEL_DATA names no folder with cookie_cats.csv")
def test_cookie_cats(tmp_path: Path):
    experiment = Experiment(
        name="gate",
        arms=Arms(trait="version"),
        comparison="gate_30",
        metrics=("day_7", "rounds"),
    )
    metrics = {"day_7": "retention_7", "rounds": "sum_gamerounds"}
    project = made(tmp_path, DATA / "cookie_cats.csv", metrics, experiment)
    row = estimates(project)["day_7", "gate_40", "gate_30"]
    assert (row["base"], row["figure"]) == pytest.approx((0.19020, 0.18200), abs=5e-6)
    assert row["chance"] == pytest.approx(0.00155, abs=5e-6)
    assert row["uneven"] == pytest.approx(0.0086, abs=5e-5)
    told = project.verdict("gate")
    assert told.versions[0].verdict == "groups came out uneven: do not trust this"
    assert "44,700 in gate_30, 45,489 in gate_40" in told.uneven
    assert "cannot be judged" in told.opening
    page = tmp_path / "gate.html"
    project.verdict("gate", to=page)
    assert "0.00155" in page.read_text(encoding="utf-8")  # given, under Details
    with reading(project.session) as reader:
        known = query("SELECT max(largest) FROM outcomes WHERE metric = 'rounds'")
        assert reader.engine.value(known) == 49_854


def people(folder: Path, arms: list[str], answers: list[object], of: str = "spend") -> Path:
    rows = [f"{n},{arm},{it}" for n, (arm, it) in enumerate(zip(arms, answers, strict=True), 1)]
    (folder / "people.csv").write_text("\n".join([f"no,arm,{of}", *rows]) + "\n")
    return folder / "people.csv"


def experiment(**said: object) -> Experiment:
    told = {"name": "try", "arms": Arms(trait="arm"), "comparison": "none", "metrics": ("spent",)}
    return Experiment(**{**told, **said})


def test_an_arm_that_nobody_is_in_is_a_mistake_with_its_file(tmp_path: Path):
    read = people(tmp_path, ["non", "some"] * 50, [1, 2] * 50)
    with pytest.raises(ProjectError, match=r"experiments/try.yml: nobody is in the arm 'none'"):
        made(tmp_path, read, {"spent": "spend"}, experiment())


def test_a_metric_of_words_is_refused(tmp_path: Path):
    read = people(tmp_path, ["none", "some"] * 50, ["much", "little"] * 50)
    with pytest.raises(CarpelError, match="neither a figure nor yes or no"):
        made(tmp_path, read, {"spent": "spend"}, experiment())


def test_shares_that_were_meant_otherwise_block_the_verdict(tmp_path: Path):
    read = people(tmp_path, ["none", "some"] * 500, [1, 2] * 500)
    meant = {"none": 0.2, "some": 0.8}
    project = made(tmp_path, read, {"spent": "spend"}, experiment(shares=meant))
    assert project.verdict("try").versions[0].word == "uneven"


def test_nothing_can_be_told_of_few(tmp_path: Path):
    read = people(tmp_path, ["none", "some", "some"], [1, 2, 3])
    project = made(tmp_path, read, {"spent": "spend"}, experiment())
    told = project.verdict("try")
    assert told.versions[0].word == "cannot_tell"
    assert project.report().exists()


def test_a_share_that_is_none_is_a_mistake_with_its_file(tmp_path: Path):
    read = people(tmp_path, ["none", "some"] * 50, [1, 12] * 50, "much")
    with pytest.raises(ProjectError, match=r"metrics/shared.yml: much is no yes or no: .* 12"):
        made(tmp_path, read, {"shared": "much"}, experiment(metrics=("shared",)))
