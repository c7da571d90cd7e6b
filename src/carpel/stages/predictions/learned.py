"""A model of a named event, learned at earlier moments and judged by the last of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from carpel.specs import EventPrediction
from carpel.stages.predictions.moments import Moment
from carpel.stats.yes_no import Column, Learned, Model, Reason, learn

CHUNK = 100_000
REASONED = 20_000
"""People, those with the highest chances, whose reasons are worked out: it takes a while."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Learning:
    """What was learned from people at some moments, and what came of them."""

    spec: EventPrediction
    then: Sequence[Moment]
    happened: Sequence[Floats]
    learned: Learned

    @staticmethod
    def of(spec: EventPrediction, then: Sequence[Moment], happened: Sequence[Floats]) -> "Learning":
        """Learn; rows of one person at several moments count as one in what is judged."""
        days = [_day(each.at) for each in then]
        found = learn(
            columns(pa.concat_tables([each.traits for each in then], promote_options="default")),
            np.concatenate(happened),
            day=np.repeat(days, [len(each.customers) for each in then]),
            horizon=float(spec.days),
            people=np.concatenate([each.customers for each in then]),
            trusted=spec.trusted,
        )
        return Learning(spec, then, happened, found)

    @property
    def model(self) -> Model | None:
        """The model, where it is better than the naive guess."""
        return self.learned.model

    def card(self) -> dict[str, Any]:
        """The row of `model_cards`, as far as it hangs on what was learned."""
        return row_of(self.learned) | {"card": json.dumps(self._more())}

    def _more(self) -> dict[str, Any]:
        """The moments, what nothing dates, and all that is known of the model."""
        return {
            "moments": [
                {
                    "at": each.at.date().isoformat(),
                    "people": len(each.customers),
                    "came_true": int(true.sum()),
                }
                for each, true in zip(self.then, self.happened, strict=True)
            ],
            "undated": sorted({name for each in self.then for name in each.undated}),
            **about(self.learned),
        }

    def foreseen(self, now: Moment, labels: Mapping[str, str]) -> tuple[Floats, pa.Array]:
        """Chances of people now, 0 to 1, and the reasons of those whose chance is highest."""
        if self.model is None:
            raise ValueError("no model was worth using")
        read = columns(now.traits)
        chances = np.concatenate(
            [np.zeros(0)]
            + [
                self.model.chances([each.take(rows) for each in read])
                for rows in _chunks(np.arange(len(now.customers)))
            ]
        )
        return chances, reasons_of(self.model, read, chances, labels)


def row_of(learned: Learned) -> dict[str, Any]:
    """The row of `model_cards`, as far as it hangs on what was learned."""
    card = learned.card
    row: dict[str, Any] = {
        "used": card.used,
        "reason": card.verdict,
        "model": card.model or None,
        "people": card.people,
    }
    if card.judged:
        seen = ~np.isnan(learned.held_out)
        row |= {
            "happened": float(card.judged.outcomes),
            "foreseen": float(learned.held_out[seen].sum()),
            "error": card.judged.log_loss,
            "naive": "the share of everybody",
            "naive_error": card.judged.naive_log_loss,
        }
    return row


def about(learned: Learned) -> dict[str, Any]:
    """What was left out and why, calibration and what matters most."""
    card = learned.card
    return {
        "error_is": "log loss",
        "time_honest": card.time_honest,
        "calibration": card.calibration,
        "judged": asdict(card.judged) if card.judged else None,
        "importance": [asdict(each) for each in card.importance],
        "columns": list(card.columns),
        "left_out": [asdict(each) for each in card.left_out],
        "says": list(card.sentences()),
    }


def reasons_of(
    model: Model, read: Sequence[Column], chances: Floats, labels: Mapping[str, str]
) -> pa.Array:
    """The reasons of those whose chance is highest, in words; null for everybody else."""
    told: list[list[str] | None] = [None] * len(chances)
    first = np.sort(np.argsort(-chances, kind="stable")[:REASONED])
    for rows in _chunks(first):
        found = model.reasons([each.take(rows) for each in read])
        for row, reasons in zip(rows, found, strict=True):
            told[row] = [_said(each, labels) for each in reasons]
    return pa.array(told, pa.list_(pa.string()))


def columns(traits: pa.Table) -> list[Column]:
    """Traits as columns that models read: figures as they are, words by their level."""
    return [_column(name, traits.column(name)) for name in traits.column_names]


def _column(name: str, values: pa.ChunkedArray) -> Column:
    if not pa.types.is_string(values.type):
        found = values.cast(pa.float64()).to_numpy().astype(np.float64)
        return Column(name, np.where(np.isfinite(found), found, np.nan))
    levels = sorted(each for each in pc.unique(values).to_pylist() if each is not None)
    codes = pc.index_in(values, value_set=pa.array(levels, pa.string()))
    return Column(
        name, codes.cast(pa.float64()).to_numpy().astype(np.float64), tuple(levels) or ("missing",)
    )


def _said(reason: Reason, labels: Mapping[str, str]) -> str:
    label = labels.get(reason.column) or reason.column.replace("_", " ")
    return f"{label}: {reason.value} ({'raises' if reason.moved > 0 else 'lowers'} it)"


def _day(at: datetime) -> float:
    """Whole days since 1970: moments are whole days apart, and so are these, to the last digit."""
    return float(at.replace(tzinfo=UTC).timestamp() // 86_400)


def _chunks(rows: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    return [rows[at : at + CHUNK] for at in range(0, len(rows), CHUNK)]
