"""What a persona tells differently than in the update before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Changed:
    """A sentence that is new, gone, or says another thing; `was` is how it read before."""

    what: Literal["New:", "Gone:", "Changed:"]
    text: str
    people: int
    was: str = ""


def changes(now: Sequence[Row], former: Sequence[Row]) -> list[Changed]:
    """Sentences new and gone, and those whose value lies outside its former interval.

    A sentence is the same whatever section it stands in and however clear it is; `changed` is
    also one that was clear and is not, or the other way round.
    """
    ours, theirs = _told(now), _told(former)
    found = list(_new(ours, theirs))
    found += [
        Changed("Gone:", row["text"], row["n"]) for key, row in theirs.items() if key not in ours
    ]
    return found


def _new(
    ours: Mapping[tuple[str, ...], Row], theirs: Mapping[tuple[str, ...], Row]
) -> Iterator[Changed]:
    for key, row in ours.items():
        was = theirs.get(key)
        if was is None:
            yield Changed("New:", row["text"], row["n"])
        elif _moved(row, was):
            yield Changed("Changed:", row["text"], row["n"], was["text"])


def _told(rows: Sequence[Row]) -> dict[tuple[str, ...], Row]:
    """By what it measures; what is told in several sections, once."""
    found: dict[tuple[str, ...], Row] = {}
    for row in sorted(rows, key=lambda each: (each["section"] == "gist", each["position"])):
        found.setdefault((row["statistic"], row["of"], row["part"] or ""), row)
    return found


def _moved(row: Row, was: Row) -> bool:
    clear = {"more", "less"}
    turned = row["direction"] != was["direction"] and bool(
        {row["direction"], was["direction"]} & clear
    )
    slack = 1e-9 * max(1.0, abs(row["value"]))
    return turned or not was["low"] - slack <= row["value"] <= was["high"] + slack
