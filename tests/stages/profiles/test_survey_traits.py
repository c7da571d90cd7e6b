"""Traits out of a survey's items: on the line, with their cards, and as they were known."""

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from carpel.specs import Definitions, FactorsTrait, Project, ScaleTrait
from carpel.stages.profiles import Profiles, as_known
from carpel.testing.line import line_with, read, take

pytest.importorskip("scipy")
AS_OF = datetime(2026, 2, 1, 12)  # noqa: DTZ001
ITEMS = ("q1", "q2", "q3", "q4")
THRIFT = ScaleTrait(name="thrift", kind="scale", items=ITEMS, label="Thrift")


def line_of(folder, answers, *specs):
    """A line whose people gave these answers, by column of `contacts`, and that was taken."""
    people = len(next(iter(answers.values())))
    keys = pa.array(range(people), pa.int64())
    tables = {
        "customers": pa.table(
            {"customer": keys, "known_since": pa.nulls(people, pa.timestamp("us"))}
        ),
        "contacts": pa.table({"customer": keys, **answers}),
    }
    definitions = Definitions(Project(name="shop"), traits={each.name: each for each in specs})
    return take(line_with(folder, tables, definitions=definitions, as_of=AS_OF), [Profiles()])


def answered(rng, people=400):
    true = rng.normal(size=people)
    signs = (1, -1, 1, 1)
    items = [np.clip(np.round(3 + sign * true + rng.normal(size=people)), 1, 5) for sign in signs]
    return {f"t_{name}": pa.array(each) for name, each in zip(ITEMS, items, strict=True)}, true


def test_a_scale_is_a_trait_with_a_card(tmp_path, rng):
    answers, true = answered(rng)
    line = line_of(tmp_path, answers, THRIFT)
    scores = [row["thrift"] for row in read(line, "profiles")]
    assert np.corrcoef(scores, true)[0, 1] > 0.8
    (trait,) = [row for row in read(line, "traits") if row["trait"] == "thrift"]
    assert (trait["label"], trait["criterion"], trait["known"]) == ("Thrift", "psychographic", 400)
    (card,) = read(line, "scales")
    assert card["used"]
    assert card["low"] < card["alpha"] < card["high"]
    assert [row["reversed"] for row in read(line, "scale_items")] == [False, True, False, False]


def test_factors_are_called_as_asked_or_by_their_item(tmp_path, rng):
    answers, true = answered(rng)
    others, other = answered(rng)
    both = answers | {name.replace("q", "r"): each for name, each in others.items()}
    items = (*ITEMS, "r1", "r2", "r3", "r4")
    names = {"wasteful": "q2", "twice": "q3"}
    spec = FactorsTrait(name="mind", kind="factors", items=items, names=names)
    line = line_of(tmp_path, both, spec)
    made = {row["trait"]: row for row in read(line, "traits") if row["table"] == "profiles"}
    (second,) = [each for each in made if each.startswith("mind_r")]
    assert set(made) == {"wasteful", "twice", second}
    assert made["twice"]["known"] == 0
    assert made[second]["label"] == f"{second[-2:].upper()} and the like"
    assert {row["unit"] for row in made.values()} == {""}
    assert "the same factor as 'wasteful'" in read(line, "scales")[0]["reason"]
    rows = read(line, "profiles")
    assert np.corrcoef([row["wasteful"] for row in rows], true)[0, 1] < -0.8
    assert abs(np.corrcoef([row[second] for row in rows], other)[0, 1]) > 0.8


def test_what_cannot_be_made_is_known_of_nobody_and_says_why(tmp_path, rng):
    answers, _ = answered(rng, 40)
    words = pa.array(["often", "never"] * 20)
    line = line_of(tmp_path, answers | {"t_q1": words}, THRIFT)
    assert {row["thrift"] for row in read(line, "profiles")} == {None}
    (card,) = read(line, "scales")
    assert not card["used"]
    assert "a scale needs two items" in card["reason"]
    reasons = {row["item"]: row["reason"] for row in read(line, "scale_items")}
    assert reasons["q2"] == "40 people answer it, 50 are needed"
    assert reasons["q1"].startswith("is answered in words")


def test_answers_without_a_date_are_not_known_earlier(tmp_path, rng):
    answers, _ = answered(rng)
    line = line_of(tmp_path, answers, THRIFT)
    with as_known(line, datetime(2026, 1, 1)) as then:  # noqa: DTZ001
        assert {*ITEMS, "thrift"} <= set(then.undated)
        assert "thrift" not in {row["trait"] for row in read(then.line, "traits")}
