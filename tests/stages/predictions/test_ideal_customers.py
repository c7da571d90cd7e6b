"""The ideal customer: what was planted is told, what buying brings is not, leads are ranked."""

import json
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from carpel.language import parse
from carpel.specs import Definitions, IdealPrediction, Project
from carpel.stages.predictions import Predictions
from carpel.stages.profiles import as_known
from carpel.stages.rows import as_table
from carpel.testing.line import line_with, read, take

pytest.importorskip("sklearn")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PEOPLE = 2400
IDEAL = IdealPrediction(name="ideal", kind="ideal")
CRITERIA = {"spend_365d": "value", "orders": "behavioural", "account_people": "demographic"}


def market(rng: np.random.Generator, told: float = 1.0) -> dict[str, np.ndarray]:
    """Half have bought; the rich and those from the north spend more, as far as it is `told`."""
    income, north = rng.normal(50, 12, PEOPLE), rng.random(PEOPLE) < 0.3
    spirit = told * ((income - 50) / 12 + 1.2 * north) + 0.6 * rng.normal(size=PEOPLE)
    bought = np.arange(PEOPLE) < PEOPLE // 2
    spend = np.where(bought, np.exp(4 + spirit), 0)
    return {
        "income": income,
        "region": np.where(north, "north", "south"),
        "shoe_size": rng.normal(40, 2, PEOPLE),
        "spend_365d": spend,
        "orders": np.where(bought, np.round(spend / 10), 0),
        "account_people": np.round(spend / 20),
    }


def line_of(folder, facts, spec=IDEAL, more=None):
    """A line up to profiles; spend and orders are worked out, the rest is stated."""
    keys = list(range(PEOPLE))
    worked = {"spend_365d", "orders", "account_people", *(more or {})}
    traits = [
        {"trait": name, "label": name.replace("_", " ").capitalize(), "sensitivity": "plain",
         "table": "profiles" if name in worked else "contacts",
         "type": "text" if values.dtype.kind in "UO" else "number", "expression": f'"{name}"',
         "criterion": CRITERIA.get(name, "demographic"), "known": PEOPLE, "of": PEOPLE}
        for name, values in facts.items()
    ]  # fmt: skip
    cells = {name: pa.array(each.tolist()) for name, each in facts.items()}
    tables = {
        "customers": pa.table({"customer": keys}),
        "profiles": pa.table({"customer": keys, **{n: c for n, c in cells.items() if n in worked}}),
        "contacts": pa.table(
            {"customer": keys, **{n: c for n, c in cells.items() if n not in worked}}
        ),
        "traits": as_table("traits", traits),
        **(more or {}),
    }
    definitions = Definitions(Project(name="shop"), predictions={spec.name: spec})
    return take(
        line_with(folder, tables, definitions=definitions, as_of=NOW), [Predictions(as_known)]
    )


def card_of(line):
    (card,) = read(line, "model_cards")
    return card, json.loads(card["card"])


def test_the_planted_profile_is_told_and_leads_like_it_come_first(tmp_path, rng):
    facts = market(rng)
    line = line_of(tmp_path, facts)
    card, more = card_of(line)
    assert card["used"], card["reason"]
    assert set(more["columns"]) == {"income", "region", "shoe_size"}
    profile = {(each["column"], each["value"]): each for each in more["profile"]}
    assert {("income", ""), ("region", "north")} <= set(profile)
    assert not any(column == "shoe_size" for column, _ in profile)
    best = facts["spend_365d"] >= np.quantile(facts["spend_365d"][: PEOPLE // 2], 0.8)
    income = profile["income", ""]
    assert income["n"] == best.sum()
    assert income["inside"] == pytest.approx(facts["income"][best].mean())
    assert income["low"] < income["inside"] - income["outside"] < income["high"]
    found = np.array([row["ideal"] for row in read(line, "predictions")])
    spirit = (facts["income"] - 50) / 12 + 1.2 * (facts["region"] == "north")
    leads = np.arange(PEOPLE) >= PEOPLE // 2
    assert np.corrcoef(found[leads], spirit[leads])[0, 1] > 0.75


def test_how_many_look_so_is_counted_and_the_shares_hold_for_people_not_seen(tmp_path, rng):
    _, more = card_of(line_of(tmp_path, market(rng)))
    fits = more["fits"]
    assert sum(each["customers"] for each in fits) == PEOPLE // 2
    assert sum(each["others"] for each in fits) == PEOPLE // 2
    assert fits[0]["best"] > 0.5 > 0.1 > fits[-1]["best"]
    assert all(each["low"] <= each["best"] <= each["high"] for each in fits)


def test_where_nothing_tells_there_is_no_score_and_no_profile(tmp_path, rng):
    line = line_of(tmp_path, market(rng, told=0))
    card, more = card_of(line)
    assert not card["used"]
    assert more["profile"] == []
    assert all(row["ideal"] is None for row in read(line, "predictions"))


def test_too_few_who_are_best_are_refused_with_the_number(tmp_path, rng):
    card, _ = card_of(line_of(tmp_path, market(rng), IDEAL.model_copy(update={"share": 0.02})))
    assert not card["used"]
    assert "24" in card["reason"] and "50" in card["reason"]


def test_the_best_may_be_a_list_and_what_it_asks_for_is_not_told_by(tmp_path, rng):
    facts = market(rng)
    facts["club"] = np.where(facts["spend_365d"] > np.exp(5), "gold", "none")
    spec = IdealPrediction(name="ideal", kind="ideal", like=parse({"trait": "club", "is": "gold"}))
    card, more = card_of(line_of(tmp_path, facts, spec))
    assert card["used"]
    assert "club" not in more["columns"]
    assert more["best"] == "those of the list"


def test_what_is_only_known_of_customers_does_not_tell(tmp_path, rng):
    facts = market(rng)
    asked = np.where(
        np.arange(PEOPLE) < PEOPLE // 2, facts["income"] + rng.normal(size=PEOPLE), np.nan
    )
    facts["answer"] = asked
    _, more = card_of(line_of(tmp_path, facts))
    assert "answer" not in more["columns"]
    reasons = {each["column"]: each["reason"] for each in more["left_out"]}
    assert reasons["answer"] == "hardly known of those who have not bought"


def test_companies_are_told_by_what_is_stated_of_them(tmp_path, rng):
    """Each two people a company: its spend is theirs together, its chance is theirs."""
    facts = market(rng)
    firms = PEOPLE // 2
    home = np.arange(PEOPLE) % firms
    staff, software = rng.lognormal(4, 1, firms), rng.random(firms) < 0.3
    spirit = np.log(staff) - 4 + 1.2 * software + 0.5 * rng.normal(size=firms)
    bought = np.arange(firms) < 600
    facts["spend_365d"] = np.where(bought[home], np.exp(4 + spirit)[home], 0)
    facts["employees"] = staff[home]
    facts["industry"] = np.where(software, "software", "retail")[home]
    keys = pa.array(range(firms), pa.int64())
    named = pa.array([f"Firm {each}" for each in range(firms)])
    more = {
        "accounts": pa.table(
            {
                "account": keys,
                "account_key": named,
                "name": named,
                "t_employees": staff,
                "t_industry": np.where(software, "software", "retail").tolist(),
            }
        ),
        "belongings": pa.table({"customer": range(PEOPLE), "account": home}),
    }
    spec = IDEAL.model_copy(update={"unit": "account"})
    line = line_of(tmp_path, facts, spec, more)
    card, about = card_of(line)
    assert card["used"] and card["people"] == 600
    assert set(about["columns"]) == {"employees", "industry"}
    found = np.array([row["ideal"] for row in read(line, "predictions")])
    assert (found[:firms] == found[firms:]).all()
    leads = ~bought
    assert np.corrcoef(found[:firms][leads], spirit[leads])[0, 1] > 0.6
