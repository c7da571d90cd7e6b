"""What a prediction stands on: the cards of its models, as they are read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from carpel.engine.query import query
from carpel.errors import NotFound
from carpel.specs.prediction import predicted
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Model:
    """One model: whether it is used and why, how it did, and what it was told by.

    `moments` are the days it learned from; `said` rows of `people`, `chance` and `happened` by how
    high a chance was given; `matters` what counts most, the heaviest first; `left_out` what was not
    asked, with the reason. Empty where its kind has none.
    """

    used: bool
    reason: str
    model: str
    people: int | None
    held_out_days: int | None
    happened: float | None
    foreseen: float | None
    moments: Rows = field(default_factory=list)
    said: Rows = field(default_factory=list)
    matters: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    undated: tuple[str, ...] = ()
    best: str = ""
    """Who the best customers are, in words."""
    profile: Rows = field(default_factory=list)
    """What sets them apart: `label`, `value`, `inside`, `outside`, `low` and `high` of the
    difference, `n`, `others`, `effect`, `q`."""
    fits: Rows = field(default_factory=list)
    """By how ideal somebody looks, from `above` to `top` of the customers: how many `customers`,
    the share of them that is among the `best` (`low` to `high`), how many `others` look so, and
    the least `chance` that they are given."""
    arms: Mapping[str, int] = field(default_factory=dict)
    """People of a test: `treated`, `control`, and those who are in `both` and count in neither."""
    bands: Rows = field(default_factory=list)
    """Fifths of people it had not seen, by what an action was foreseen to add, the most first:
    `people`, `foreseen`, and the `effect` that came, between `low` and `high`."""


@dataclass(frozen=True)
class PredictionPage:
    """A prediction: its traits, with of how many people each is known, and its models."""

    prediction: str
    label: str
    kind: str
    traits: Rows
    models: tuple[Model, ...]


def show_prediction(session: Session, name: str) -> PredictionPage:
    """The cards of a prediction in the current build; raises NotFound."""
    with reading(session) as reader:
        specs = reader.definitions.predictions
        if name not in specs or "model_cards" not in reader.build.tables():
            raise NotFound("prediction", name, specs)
        rows = reader.dicts(query("SELECT * FROM model_cards WHERE prediction = :it", it=name))
        traits = reader.dicts(query("SELECT trait, label, meaning, known, of FROM traits"))
        made = predicted(specs[name])
        return PredictionPage(
            name,
            specs[name].label or name.replace("_", " ").capitalize(),
            specs[name].kind,
            [row for row in traits if row["trait"] in made],
            tuple(_model(reader, row) for row in rows),
        )


def _model(reader: Reader, row: Mapping[str, Any]) -> Model:
    more = json.loads(row["card"] or "{}")
    labels, undated = reader.labels, more.get("undated")

    def called(trait: str) -> str:
        return labels.get(trait) or trait.replace("_", " ")

    return Model(
        row["used"],
        row["reason"],
        row["model"] or "",
        row["people"],
        row["held_out_days"],
        row["happened"],
        row["foreseen"],
        more.get("moments", []),
        (more.get("judged") or {}).get("reliability", []),
        tuple(called(each["column"]) for each in more.get("importance", [])[:10]),
        {called(each["column"]): each["reason"] for each in more.get("left_out", [])},
        tuple(called(each) for each in undated) if isinstance(undated, list) else (),
        more.get("best", ""),
        [{**each, "label": called(each["column"])} for each in more.get("profile", [])],
        more.get("fits", []),
        _arms(more),
        more.get("uplift", {}).get("bands", []),
    )


def _arms(more: Mapping[str, Any]) -> Mapping[str, int]:
    found = more.get("uplift")
    if not found:
        return {}
    return {"treated": found["treated"], "control": found["control"], "both": more["both_arms"]}
