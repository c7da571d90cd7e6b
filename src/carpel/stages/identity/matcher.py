"""Likeness: people whom no identifier joins are compared with Splink, on the engine's own handle.

The model is that of Fellegi and Sunter (1969): u from pairs drawn at random, m by expectation
maximisation, rare names telling more than common ones. It is trained once and noted in the build;
a later run takes the noted model and scores only pairs in which somebody is new.
"""

import logging
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from carpel.engine.base import Engine
from carpel.engine.query import query
from carpel.stages.identity.blocks import Block
from carpel.stages.identity.comparisons import ELSE, Comparison, comparisons

Model = dict[str, Any]

TRAINING = ("national_id", "email", "phone", "first_name, last_name", "birth_date")
"""Pairs to learn from: those equal in these columns; each teaches the other columns."""
LEAST_TRAINING_PAIRS = 50
"""Fewer pairs than these teach nothing: the first guesses stay."""
MOST_TRAINING_PAIRS = 300_000
RANDOM_PAIRS = 400_000
GUESSED = 0.05
"""How much of a first guess stays in a trained m, so that no level is impossible."""
LEAST_U = 1e-6
MOST_DIFFERENT = 0.3
"""True pairs that differ altogether in a role are fewer: more was learnt from hardly any."""


def installed() -> bool:
    """Whether the part of Carpel that compares people is there."""
    return find_spec("splink") is not None


def train(engine: Engine, roles: Sequence[str]) -> Model:
    """Learn how often true and random pairs agree in each role, from `identity_people`."""
    guesses = comparisons(roles)
    try:
        learnt = _learnt(engine, guesses, roles)
    except ValueError:  # true pairs that differ dwindled to none at all: keep the guess of those
        learnt = _learnt(engine, [_held(each) for each in guesses], roles)
    return {
        "roles": list(roles),
        "matches_per_person": None,
        "comparisons": [_settled(*pair) for pair in zip(guesses, learnt, strict=True)],
    }


def _held(guess: Comparison) -> Comparison:
    """A comparison whose share of true pairs that differ altogether is not learnt."""
    levels = [
        {**level, "fix_m_probability": True} if level["sql_condition"] == ELSE else level
        for level in guess["comparison_levels"]
    ]
    return {**guess, "comparison_levels": levels}


def _learnt(
    engine: Engine, guesses: Sequence[Comparison], roles: Sequence[str]
) -> list[Comparison]:
    """The comparisons as Splink learnt them; ValueError when a share dwindles to nothing."""
    linker = _linker(engine, guesses, 1e-4, [])
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=1)
    for rule in TRAINING:
        parts = rule.split(", ")
        teaches = set(parts) <= set(roles) and any(_left(each, parts) for each in guesses)
        if teaches and _pairs(engine, parts) >= LEAST_TRAINING_PAIRS:
            linker.training.estimate_parameters_using_expectation_maximisation(
                _equal(parts), max_pairs=MOST_TRAINING_PAIRS
            )
    learnt: list[Comparison] = linker.misc.save_model_to_json()["comparisons"]
    linker.table_management.delete_tables_created_by_splink_from_db()
    return learnt


def _left(guess: Comparison, parts: Sequence[str]) -> bool:
    """Whether pairs equal in some columns teach a comparison: none of its levels looks at them."""
    looked_at = " ".join(level["sql_condition"] for level in guess["comparison_levels"])
    return not any(f'"{part}_l"' in looked_at for part in parts)


def score(engine: Engine, model: Model, blocks: Sequence[Block]) -> None:
    """Create `identity_scores`: Splink's weights for the pairs of the blocks that are worth it.

    Both sides are of different labels and one of them is fresh. The weights are logarithms to
    base 2 of the odds, `match_weight` altogether and `mw_…` by comparison.
    """
    people = int(engine.value(query("SELECT count(*) FROM identity_people")))
    odds = 2 * (model["matches_per_person"] or 0.2) / max(people - 1, 1)
    linker = _linker(
        engine,
        model["comparisons"],
        min(odds, 0.5),
        [
            f'l."{block.name}" = r."{block.name}" AND l."label" <> r."label" '
            f'AND (l."fresh" OR r."fresh")'
            for block in blocks
        ],
    )
    scored = linker.inference.predict(threshold_match_weight=-10, warning_mode="never")
    engine.create("identity_scores", query(f'SELECT * FROM "{scored.physical_name}"'))
    linker.table_management.delete_tables_created_by_splink_from_db()


def _linker(
    engine: Engine, compared: Sequence[Comparison], odds: float, rules: Sequence[str]
) -> Any:
    from splink import DuckDBAPI, Linker, SettingsCreator

    logging.getLogger("splink").setLevel(logging.ERROR)
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="node",
        comparisons=list(compared),
        probability_two_random_records_match=odds,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=True,
        blocking_rules_to_generate_predictions=[
            {"blocking_rule": rule, "sql_dialect": "duckdb"} for rule in rules
        ],
    )
    return Linker(
        DuckDBAPI(engine.handle()).register("identity_people"),
        settings,
        log_level=None,
        validate_settings=False,
    )


def _equal(parts: Sequence[str]) -> str:
    return " AND ".join(f'l."{part}" = r."{part}"' for part in parts)


def _pairs(engine: Engine, parts: Sequence[str]) -> int:
    """How many pairs of different nodes are equal in these columns, all of them filled."""
    listed = ", ".join(f'"{part}"' for part in parts)
    filled = " AND ".join(f'"{part}" IS NOT NULL' for part in parts)
    return int(
        engine.value(
            query(f"""
        SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM (
          SELECT count(DISTINCT node) AS n FROM identity_people
          WHERE {filled} GROUP BY {listed})""")
        )
    )


def _settled(guess: Comparison, learnt: Comparison) -> Comparison:
    """A comparison with the learnt m and u, first guesses where the data taught nothing."""
    pairs = zip(guess["comparison_levels"], learnt["comparison_levels"], strict=True)
    return {**guess, "comparison_levels": [_settled_level(*pair) for pair in pairs]}


def _settled_level(guessed: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    if guessed.get("is_null_level") or guessed.get("fix_m_probability"):
        return guessed
    m, u = found.get("m_probability"), found.get("u_probability")
    m = m if isinstance(m, float) else guessed["m_probability"]
    m = (1 - GUESSED) * m + GUESSED * guessed["m_probability"]
    u = max(u if isinstance(u, float) else 0, LEAST_U)
    if guessed["sql_condition"] == ELSE:
        m, u = min(m, MOST_DIFFERENT), max(u, min(m, MOST_DIFFERENT))
    return {**guessed, "u_probability": u, "m_probability": m}
