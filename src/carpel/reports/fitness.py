"""The fitness card of a segment as its page shows it: questions, answers, and the details."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from carpel.engine.query import query
from carpel.evaluation.movements import EVERYBODY
from carpel.reports.figures import Figures, by_unit, number, percent
from carpel.reports.tables import Rows, Tables
from carpel.specs.fitness import CAMPAIGN, CRITERIA, VERDICTS

Row = Mapping[str, Any]
SIGNS = {"yes": "✓", "partly": "◐", "no": "✗", "unknown": "?"}
MOST = 8
"""Details of one kind that are shown."""
WHATS: Mapping[str, str] = {
    "coverage": "People of whom the rule can be decided",
    "known": "People of whom the attribute is known",
    "assumed": "People judged by everybody’s rhythm",
    "people": "People, and their share of all",
    "revenue": "Revenue of a year, and its share",
    "growth_30d": "Size now and 30 days ago",
    "growth_90d": "Size now and 90 days ago",
    "base": "Order rate in 30 days (base rate)",
    "lift_half": "Smallest detectable rise of the order rate, half held out (power 80 %)",
    "lift_tenth": "Smallest detectable rise of the order rate, a tenth held out",
    "money_half": "Smallest detectable rise of mean spend in 30 days, half held out",
    "money_tenth": "Smallest detectable rise of mean spend in 30 days, a tenth held out",
    "reachable": "Reachable by",
    "difference": "Standardised difference (d)",
    "orders": "Ordered in the 30 days after",
    "rate": "Mean rate",
    "foreseen": "Mean chance, foreseen",
    "stayed_30d": "In 30 days ago and still in",
    "stayed_90d": "In 90 days ago and still in",
    "redrawn": "Jaccard similarity under resampling",
    "split": "Cut between two modes (dip test), people below and above",
    "overlap": "Jaccard overlap",
    "ratio": "Ratio of shares",
}
SHARES = frozenset(WHATS) - {"difference", "rate", "split", "ratio"}
"""Details whose value is a share."""


@dataclass(frozen=True)
class Card:
    """What a page shows of one segment."""

    verdict: str
    sign: str
    sentence: str
    settle: str
    rows: Rows
    """`question`, `answer`, `sign`, `sentence`, `settle`, in the order of the card."""
    details: Rows
    """`question`, `what`, `here`, `there`, `value`, `likely`, `q`, `n`, all as text."""


def cards(tables: Tables, figures: Figures) -> dict[str, Card]:
    """By segment its card; none where nothing was asked."""
    told = Details(tables, figures).by_segment()
    found: dict[str, list[dict[str, Any]]] = {}
    for row in tables.dicts(query("SELECT * FROM fitness")):
        found.setdefault(row["segment"], []).append(row)
    return {name: _card(rows, told.get(name, [])) for name, rows in found.items()}


def _card(rows: list[dict[str, Any]], details: Rows) -> Card:
    order = list(CRITERIA)
    rows.sort(key=lambda row: order.index(row["criterion"]))
    (whole, *rest) = rows
    return Card(
        VERDICTS[whole["verdict"]],
        SIGNS[whole["verdict"]],
        whole["sentence"],
        whole["settle"],
        [
            {
                **row,
                "question": CRITERIA[row["criterion"]],
                "answer": VERDICTS[row["verdict"]],
                "sign": SIGNS[row["verdict"]],
            }
            for row in rest
            if row["criterion"] != CAMPAIGN
        ],
        details,
    )


class Details:
    """Writes the figures behind the cards."""

    def __init__(self, tables: Tables, figures: Figures) -> None:
        self._tables, self._figures = tables, figures
        sizes = tables.dicts(query("SELECT segment, label FROM sizes"))
        traits = tables.dicts(query("SELECT trait, label, unit FROM traits"))
        self._labels = {row["segment"]: row["label"] for row in sizes}
        self._traits = {row["trait"]: row for row in traits}

    def by_segment(self) -> dict[str, Rows]:
        """Rows as `Card.details`, at most a few of a kind."""
        found: dict[str, Rows] = {}
        shown: dict[tuple[str, str, str], int] = {}
        for row in self._tables.dicts(query("SELECT * FROM fitness_details")):
            kind = (row["segment"], row["what"], row["against"] or "")
            shown[kind] = shown.get(kind, 0) + 1
            if shown[kind] <= MOST:
                found.setdefault(row["segment"], []).append(self._written(row))
        return found

    def _written(self, row: Row) -> dict[str, Any]:
        side, value = self._side(row), self._value(row)
        ends = [row["low"], row["high"]]
        likely = "" if None in ends else f"{value(ends[0])} to {value(ends[1])}"
        return {
            "question": CRITERIA[row["criterion"]],
            "what": self._what(row),
            "here": "" if row["inside"] is None else side(row["inside"]),
            "there": "" if row["outside"] is None else side(row["outside"]),
            "value": "" if row["value"] is None else value(row["value"]),
            "likely": likely,
            "q": "" if row["q"] is None else _chance(row["q"]),
            "n": _people(row),
        }

    def _what(self, row: Row) -> str:
        said = WHATS[row["what"]]
        if row["trait"]:
            label = self._traits.get(row["trait"], {}).get("label") or row["trait"].replace(
                "_", " "
            )
            said = f"{label}: {row['part']}" if row["part"] is not None else f"{label}"
            said = f"{said} ({WHATS[row['what']].lower()})" if row["what"] != "difference" else said
        elif row["part"]:
            said = f"{said} {row['part'].replace('email', 'e-mail').replace('sms', 'text message')}"
        if row["against"] and row["against"] != EVERYBODY:
            said += f", against “{self._labels.get(row['against']) or row['against']}”"
        return f"{said} – the rule asks for it" if row["used"] else said

    def _side(self, row: Row) -> Callable[[float], str]:
        if row["what"] in ("revenue", "money_half", "money_tenth"):
            return self._figures.money
        if row["part"] is not None or row["what"] in SHARES - {"growth_30d", "growth_90d"}:
            return percent
        unit = self._traits.get(row["trait"], {}).get("unit") or ""
        return by_unit(self._figures, unit) if row["trait"] else number

    def _value(self, row: Row) -> Callable[[float], str]:
        points = row["what"] == "rate" or row["what"] in SHARES
        return _signed_percent if points else number


def _signed_percent(value: float) -> str:
    return percent(value) if value >= 0 else f"−{percent(-value)}"


def _chance(q: float) -> str:
    return "under 0.001" if q < 0.001 else f"{q:.3f}"


def _people(row: Row) -> str:
    said = [f"{each:,}" for each in (row["n"], row["of"]) if each is not None]
    return " / ".join(said)
