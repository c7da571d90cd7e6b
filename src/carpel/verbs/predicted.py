"""A person's predictions: between which values they lie, and why; models that are not used."""

from collections.abc import Mapping, Sequence
from typing import Any

from carpel.engine.query import query
from carpel.language import plain_value
from carpel.verbs.reader import Reader

Ends = tuple[Any, Any]


def likely(reader: Reader, customer: int) -> Mapping[str, Ends]:
    """The ends of the interval of each of a person's predictions, by trait."""
    row = _row(reader, customer)
    return {
        name: (row[f"{name}_low"], row[f"{name}_high"])
        for name, value in row.items()
        if value is not None and f"{name}_low" in row
    }


def why(reader: Reader, customer: int) -> Mapping[str, Sequence[str]]:
    """What moved each of a person's chances most, by trait; in words, the strongest first."""
    row = _row(reader, customer)
    return {name: row[f"{name}_reasons"] for name in row if row.get(f"{name}_reasons")}


def _row(reader: Reader, customer: int) -> Mapping[str, Any]:
    if "predictions" not in reader.build.tables():
        return {}
    rows = reader.dicts(query("SELECT * FROM predictions WHERE customer = :it", it=customer))
    return rows[0] if rows else {}


def between(ends: Ends) -> str:
    """An interval as it is said: `likely 0 to 5`, `likely 3 May 2026 or later`."""
    low, high = (plain_value(_short(end)) for end in ends)
    return f"likely {low} or later" if ends[1] is None else f"likely {low} to {high}"


def _short(value: Any) -> Any:
    return float(f"{value:.3g}") if isinstance(value, float) else value


def refused(reader: Reader) -> list[str]:
    """Predictions that were asked for and are not made, each with the reason."""
    if "model_cards" not in reader.build.tables():
        return []
    rows = reader.engine.rows(
        query("SELECT prediction, reason FROM model_cards WHERE NOT used ORDER BY prediction")
    )
    return [f"nothing is predicted by {name}: {reason}" for name, reason in rows]
