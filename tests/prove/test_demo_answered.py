"""The demo's campaigns, answered by a public whose response is known: what is told of it holds."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

import carpel
from carpel.engine.query import query
from carpel.reports.caused import Caused
from carpel.stats.experiments.effect import effect
from carpel.stats.experiments.sums import Sums
from carpel.verbs.reader import reading

pytestmark = pytest.mark.prove

ROOT = Path(__file__).parents[2]
SEEDS = int(os.environ.get("CARPEL_SEEDS", "1000"))
LEAST, MOST, WIDER = 0.93, 0.97, 1.2


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make demo` leaves."""
    folder = tmp_path_factory.mktemp("made") / "demo"
    python, bin_folder = sys.executable, Path(sys.executable).parent
    example = "examples/complete_journey"
    for command in (
        [python, f"{example}/prepare.py", str(folder)],
        [str(bin_folder / "carpel"), "run", str(folder)],
        [python, f"{example}/campaigns.py", str(folder), f"{folder}-answered"],
    ):
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return Path(f"{folder}-answered")


@pytest.fixture(scope="module")
def public(answered: Path) -> dict[str, np.ndarray]:
    rows = pq.read_table(answered / "truth" / "answers.parquet")
    return {name: np.asarray(rows[name].to_pylist()) for name in rows.column_names}


def verdicts(answered: Path) -> dict[str, Caused]:
    return {each.name: each for each in carpel.Project(answered).verdicts()}


def test_the_segment_where_it_did_harm_is_called_out_and_the_report_opens_with_it(answered: Path):
    found = verdicts(answered)["coffee"]
    news, discount = found.versions
    assert [row["segment"] for row in discount.harmed] == ["loyalty_tier.gold"]
    assert not news.harmed and news.word == "worked"
    page = (answered / "carpel-report.html").read_text(encoding="utf-8")
    heading = page.partition("<h1>")[2].partition("</h1>")[0]
    assert "did harm among “Gold (loyalty tier)”" in heading
    for name in ("coffee", "win_back", "regulars"):
        assert f'id="caused-{name}"' in page


def test_what_is_told_holds_the_truth(answered: Path, public: dict[str, np.ndarray]):
    """The chances that the public was made with, in the intervals of the build."""
    with reading(carpel.Project(answered).session) as reader:
        rows = reader.engine.fetch(
            query("SELECT * FROM estimates WHERE metric = 'order_rate' AND against = 'comparison'")
        ).to_pylist()
    held = []
    for row in rows:
        place, _, level = row["segment"].partition(".")
        is_level = row["segment"] == "*" or place == "loyalty_tier"
        if row["experiment"] not in public["campaign"] or not is_level:
            continue
        there = public["campaign"] == row["experiment"]
        there &= (public["level"] == level) | (row["segment"] == "*")
        truth = _truth(public, there, row["experiment"], row["arm"])
        held.append(row["low"] <= truth <= row["high"])
    assert len(held) >= 8
    assert sum(held) >= len(held) - 1


def test_intervals_cover_what_is_true(public: dict[str, np.ndarray]):
    """Each seed: people drawn anew from those of the campaign, arms by lot, answers by chance."""
    seed = int(np.random.SeedSequence().entropy % 2**32)
    print(f"seed {seed}, {SEEDS} publics")
    draw = np.random.default_rng(seed)
    held: dict[tuple[str, str, str], list[tuple[bool, float]]] = {}
    for _ in range(SEEDS):
        for campaign, aside in (("coffee", 0.2), ("win_back", 0.3)):
            _one(public, campaign, aside, draw, held)
    wrong = []
    for key, found in held.items():
        covered = float(np.mean([each for each, _ in found]))
        wide = float(np.mean([each for _, each in found]))
        print(f"{' '.join(key):34} covers {100 * covered:.1f} %, {wide:.2f} x theory")
        room = 3 * np.sqrt(0.95 * 0.05 / len(found)) if len(found) < 1000 else 0.0
        if not LEAST - room <= covered <= MOST + room or wide > WIDER:
            wrong.append(key)
    assert not wrong


def _one(
    public: dict[str, np.ndarray],
    campaign: str,
    aside: float,
    draw: np.random.Generator,
    held: dict[tuple[str, str, str], list[tuple[bool, float]]],
) -> None:
    whole = np.flatnonzero(public["campaign"] == campaign)
    people = draw.choice(whole, len(whole))
    arms = sorted(set(public["arm"][whole]) - {"comparison"})
    arm = np.where(draw.random(len(people)) < aside, "comparison", draw.choice(arms, len(people)))
    level, anyway = public["level"][people], public["anyway"][people]
    chance = np.array([_chance(campaign, a, b) for a, b in zip(arm, level, strict=True)])
    answers = draw.random(len(people)) < np.abs(chance)
    ordered = np.where(answers, chance > 0, anyway).astype(float)
    before = public["before"][people].astype(float)
    for one in arms:
        for segment in ("everybody", *sorted(set(level))):
            there = np.ones(len(people), bool) if segment == "everybody" else level == segment
            got, without = there & (arm == one), there & (arm == "comparison")
            if min(got.sum(), without.sum()) < 30:
                continue
            sums = [Sums.of(ordered[each], before[each]) for each in (got, without)]
            found = effect(*sums, share=True, cuped=(sums[0] + sums[1]).variance_x > 0)
            mine = (public["campaign"] == campaign) & (
                (public["level"] == segment) | (segment == "everybody")
            )
            truth = _truth(public, mine, campaign, one)
            theory = 2 * 1.96 * _spread(public, mine, campaign, one, got.sum(), without.sum())
            covered = bool(found.low <= truth <= found.high)
            wide = (found.high - found.low) / theory
            held.setdefault((campaign, one, segment), []).append((covered, wide))


def _chance(campaign: str, arm: str, level: str) -> float:
    return _answers().get((campaign, arm), {}).get(level, 0.0)


def _answers() -> dict[tuple[str, str], dict[str, float]]:
    sys.path.insert(0, str(ROOT / "examples" / "complete_journey"))
    try:
        from campaigns import ANSWERS
    finally:
        sys.path.pop(0)
    return ANSWERS


def _with_it(public: dict[str, np.ndarray], there: np.ndarray, campaign: str, arm: str):
    """The chance of each to order once they were written to."""
    chance = np.array([_chance(campaign, arm, each) for each in public["level"][there]])
    anyway = public["anyway"][there].astype(float)
    return np.where(chance >= 0, anyway + (1 - anyway) * chance, anyway * (1 + chance))


def _truth(public: dict[str, np.ndarray], there: np.ndarray, campaign: str, arm: str) -> float:
    with_it = _with_it(public, there, campaign, arm)
    return float(with_it.mean() - public["anyway"][there].mean())


def _spread(
    public: dict[str, np.ndarray], there: np.ndarray, campaign: str, arm: str, n: int, m: int
) -> float:
    """The standard error of two shares of so many people."""
    p, q = _with_it(public, there, campaign, arm).mean(), public["anyway"][there].mean()
    return float(np.sqrt(p * (1 - p) / n + q * (1 - q) / m))
