"""Look-alikes: hidden twins of a list are found, its own rule tells nothing, noise is refused."""

import json
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from carpel.language import parse
from carpel.specs import Definitions, LookalikePrediction, Project
from carpel.stages.predictions import Predictions, lookalike
from carpel.stages.profiles import as_known
from carpel.stages.rows import as_table
from carpel.testing.line import line_with, read, take

pytestmark = pytest.mark.slow

pytest.importorskip("sklearn")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PEOPLE = 3000
SPEC = LookalikePrediction(
    name="like_ours", kind="lookalike", like=parse({"trait": "on", "is": "yes"})
)


def line_of(folder, columns, spec=SPEC):
    """A line up to profiles: traits by name, figures or words."""
    keys = list(range(PEOPLE))
    traits = [
        {"trait": name, "label": name.capitalize(), "sensitivity": "plain", "table": "profiles",
         "type": "text" if isinstance(each[0], str) else "number", "expression": f'"{name}"',
         "criterion": "behavioural", "known": PEOPLE, "of": PEOPLE}
        for name, each in columns.items()
    ]  # fmt: skip
    tables = {
        "customers": pa.table({"customer": keys}),
        "profiles": pa.table({"customer": keys, **columns}),
        "traits": as_table("traits", traits),
    }
    definitions = Definitions(Project(name="club"), predictions={spec.name: spec})
    line = line_with(folder, tables, definitions=definitions, as_of=NOW)
    return take(line, [Predictions(as_known)])


def club(rng: np.random.Generator):
    """Many who visit often and are young are of a kind; half of these are on the list."""
    visits, age = rng.gamma(2, 3, PEOPLE), rng.uniform(18, 80, PEOPLE)
    chance = 1 / (1 + np.exp(-(0.8 * (visits - 8) - 0.1 * (age - 40))))
    kind = rng.random(PEOPLE) < chance
    listed = kind & (rng.random(PEOPLE) < 0.5)
    columns = {
        "visits": visits.tolist(),
        "age": age.tolist(),
        "noise": rng.normal(size=PEOPLE).tolist(),
        "on": np.where(listed, "yes", "no").tolist(),
        "card_number": np.where(listed, rng.integers(1, 9, PEOPLE), np.nan).tolist(),
    }
    return columns, kind, listed, chance


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    columns, *truth = club(np.random.default_rng(9))
    return line_of(tmp_path_factory.mktemp("club"), columns), *truth


def test_the_hidden_twins_of_a_list_come_first(made):
    line, kind, listed, chance = made
    found = np.array([row["like_ours"] for row in read(line, "predictions")])
    assert not np.isnan(found).any()
    best = np.argsort(-np.where(listed, -1, found))[:100]
    assert kind[best].mean() > 3 * kind[~listed].mean()
    assert np.corrcoef(found, chance)[0, 1] > 0.9


def test_chances_are_of_a_list_that_misses_half(made):
    line, _, listed, chance = made
    found = np.array([row["like_ours"] for row in read(line, "predictions")])
    assert found.sum() == pytest.approx(listed.sum(), rel=0.1)
    high = chance > 0.7
    assert found[high].mean() == pytest.approx(listed[high].mean(), abs=0.07)


def test_what_the_rule_asks_for_and_what_says_the_same_is_not_told_by(made):
    line, *_ = made
    (card,) = read(line, "model_cards")
    more = json.loads(card["card"])
    assert card["used"] and not more["time_honest"] and more["asked_for"] == ["on"]
    assert set(more["columns"]) <= {"visits", "age", "noise"}
    assert [each["column"] for each in more["left_out"] if each["leak"]] == ["card_number"]
    (trait,) = (row for row in read(line, "traits") if row["table"] == "predictions")
    assert trait["label"] == "Chance to be one of like ours"
    reasons = [row["like_ours_reasons"] for row in read(line, "predictions")]
    assert any("Visits" in each for told in reasons if told for each in told)


def test_few_of_many_are_drawn_and_the_chances_stay_right(made, tmp_path, monkeypatch):
    line, _, listed, _ = made
    whole = np.array([row["like_ours"] for row in read(line, "predictions")])
    monkeypatch.setattr(lookalike, "SAMPLE", 800)
    again = line_of(tmp_path, club(np.random.default_rng(9))[0])
    found = np.array([row["like_ours"] for row in read(again, "predictions")])
    assert found.sum() == pytest.approx(listed.sum(), rel=0.15)
    assert np.corrcoef(found, whole)[0, 1] > 0.95


def test_a_list_by_lot_has_no_lookalikes(tmp_path):
    rng = np.random.default_rng(2)
    columns, *_ = club(rng)
    columns["on"] = rng.choice(["yes", "no"], PEOPLE, p=[0.1, 0.9]).tolist()
    del columns["card_number"]
    line = line_of(tmp_path, columns)
    (card,) = read(line, "model_cards")
    assert not card["used"] and "not used" in card["reason"]
    assert all(row["like_ours"] is None for row in read(line, "predictions"))


def test_only_whom_it_is_about_has_a_chance_and_some_traits_are_not_asked(tmp_path):
    columns, _, listed, _ = club(np.random.default_rng(9))
    about = {"among": parse({"trait": "age", "less_than": 50}), "without": ("card_number", "age")}
    line = line_of(tmp_path, columns, SPEC.model_copy(update=about))
    found = [row["like_ours"] is not None for row in read(line, "predictions")]
    assert found == [bool(on or age < 50) for on, age in zip(listed, columns["age"], strict=True)]
    (card,) = read(line, "model_cards")
    assert "age" not in json.loads(card["card"])["columns"]
