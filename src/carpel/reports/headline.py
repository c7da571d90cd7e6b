"""The sentence a report opens with: the one thing that matters most, with its figures."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from carpel.reports.figures import Figures, people, percent

LEAVING = {
    "slipping": ("is slipping away", "are slipping away"),
    "cannot_lose": ("was among the best and stays away", "were among the best and stay away"),
    "at_risk": ("bought often and has gone quiet", "bought often and have gone quiet"),
}
"""Places whose people are leaving, and what to say of one and of many, the most urgent first."""

Sizes = Sequence[Mapping[str, Any]]


class Told(Protocol):
    """An experiment whose verdict is known, in one sentence."""

    @property
    def worst(self) -> str: ...
    @property
    def opening(self) -> str: ...


def headline(
    sizes: Sizes, everybody: int, figures: Figures, experiments: Sequence[Told] = ()
) -> str:
    """One sentence: what a campaign caused, else money that is about to leave, else who pays.

    `sizes` are rows of the table of that name; `everybody` is how many people there are.
    """
    if known := [each for each in experiments if each.worst in ("harm", "worked")]:
        return known[0].opening
    if not everybody:
        return "Nobody is known yet: no data source has told of anybody."
    return (
        _leaving(sizes, figures)
        or _paying(sizes)
        or _largest([row for row in sizes if row["people"]], everybody)
    )


def _leaving(sizes: Sizes, figures: Figures) -> str | None:
    places = {row["segment"].partition(".")[2]: row for row in sizes}
    for place, (one, many) in LEAVING.items():
        row = places.get(place)
        if row and row["people"] and (row["revenue_365d"] or 0) > 0:
            return (
                f"{figures.money(row['revenue_365d'])} of {_of(row)}, "
                f"{percent(row['revenue_share'])} of it, sits with "
                f"{people(row['people'])} who {one if row['people'] == 1 else many}."
            )
    return None


def _of(row: Mapping[str, Any]) -> str:
    recurring = row.get("revenue_kind") == "recurring"
    return "a year’s recurring revenue" if recurring else "the last 365 days’ revenue"


def _paying(sizes: Sizes) -> str | None:
    """Those who bring the most for how few they are."""
    paying = [row for row in sizes if row["people"] and (row["revenue_share"] or 0) > 0]
    if not paying:
        return None
    best = max(paying, key=lambda row: row["revenue_share"] - row["share"])
    brings = "brings" if best["people"] == 1 else "bring"
    return (
        f"{people(best['people'])} in “{name(best)}”, {percent(best['share'])} of all, "
        f"{brings} {percent(best['revenue_share'])} of {_of(best)}."
    )


def _largest(peopled: Sizes, everybody: int) -> str:
    """The largest segment that is not simply everybody."""
    apart = [row for row in peopled if row["people"] < everybody]
    if not apart:
        verb = "is" if everybody == 1 else "are"
        return f"{people(everybody)} {verb} known; no segment tells some of them from the rest yet."
    largest = max(apart, key=lambda row: row["people"])
    return (
        f"“{name(largest)}” is the largest segment: {largest['people']:,} of "
        f"{people(everybody)}, {percent(largest['share'])}."
    )


def name(row: Mapping[str, Any]) -> str:
    """What a segment is called on screen."""
    label = str(row["label"] or "")
    return label or (str(row["segment"]).rpartition(".")[2].replace("_", " ").capitalize())


def called(label: str) -> str:
    """What a set of segments is called on screen: `Lifecycle`, `RFM`."""
    words = label.replace("_", " ")
    return "RFM" if words.lower() == "rfm" else words[:1].upper() + words[1:]
