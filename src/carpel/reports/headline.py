"""The sentence a report opens with: the one thing that matters most, with its figures."""

from collections.abc import Mapping, Sequence
from typing import Any

from carpel.reports.figures import Figures, people, percent

WORRYING = {"slipping": "are slipping away", "cannot_lose": "used to be among the best and stay away",
            "at_risk": "bought often and have gone quiet"}
"""Places whose people are leaving, and what to say of them, the most urgent first."""


def headline(sizes: Sequence[Mapping[str, Any]], figures: Figures) -> str:
    """One sentence: money that is about to leave, else who brings the most, else how many there are.

    `sizes` are rows of the table of that name.
    """
    places = {row["segment"].partition(".")[2]: row for row in sizes}
    for place, leaving in WORRYING.items():
        row = places.get(place)
        if row and row["people"] and row["revenue_365d"]:
            return (f"{figures.money(row['revenue_365d'])} of the last 365 days’ revenue, "
                    f"{percent(row['revenue_share'])} of all, sits with "
                    f"{people(row['people'])} who {leaving}.")
    paying = [row for row in sizes if row["revenue_365d"] and row["people"]]
    if paying:
        best = max(paying, key=lambda row: row["revenue_share"] / max(row["share"], 1e-9))
        return (f"{people(best['people'])} ({percent(best['share'])} of all), “{name(best)}”, "
                f"bring {percent(best['revenue_share'])} of the last 365 days’ revenue.")
    if sizes:
        widest = max(sizes, key=lambda row: row["people"])
        return f"The largest group: {people(widest['people'])} are “{name(widest)}”."
    return "Nobody is in a segment yet."


def name(row: Mapping[str, Any]) -> str:
    """What a segment is called on screen."""
    label = str(row["label"] or "")
    return label or str(row["segment"]).partition(".")[2].replace("_", " ") \
        or str(row["segment"]).replace("_", " ")
