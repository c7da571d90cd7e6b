"""Figures for those who know statistics, under Details alone."""

from collections.abc import Mapping
from typing import Any

from carpel.evaluation.movements import EVERYBODY
from carpel.reports.caused.words import Wording

Row = Mapping[str, Any]


def detail(row: Row, wording: Wording, labels: Mapping[str, str]) -> dict[str, Any]:
    """A row of `estimates` as a statistician reads it."""
    whole = row["segment"] == EVERYBODY
    return {
        "segment": "Everybody" if whole else labels.get(row["segment"], row["segment"]),
        "metric": wording.label,
        "value": f"{row['value']:.6g}" if row["value"] is not None else "",
        "interval": _ends(row["low"], row["high"]),
        "always": _ends(row["always_low"], row["always_high"])
        if row["always_high"] is not None
        else "",
        "p": "" if row["chance"] is None else f"{row['chance']:.3g}",
        "q": "" if row["likely_false"] is None else f"{row['likely_false']:.3g}",
        "lift": "" if row["lift"] is None else f"{100 * row['lift']:.1f} %",
        "shrunk": "" if row["drawn"] is None else f"{row['drawn']:.6g}",
        "narrowed": f"{100 * row['narrowed']:.0f} %" if row["narrowed"] else "",
        "uneven": "" if row["uneven"] is None else f"{row['uneven']:.3g}",
    }


def _ends(low: float | None, high: float | None) -> str:
    return f"{'−∞' if low is None else f'{low:.4g}'} to {'∞' if high is None else f'{high:.4g}'}"
