"""Whether it paid to write to each segment in its own words, beside one message for all."""

from collections.abc import Collection, Mapping
from typing import Any

from carpel.evaluation.movements import EVERYBODY
from carpel.reports.caused.words import Wording
from carpel.reports.figures import THIN, number
from carpel.reports.tables import Rows
from carpel.specs.segmenting import ONE, OWN

Row = Mapping[str, Any]


def segmented(
    about: Row,
    words: Collection[str],
    estimates: Rows,
    wording: Wording,
    *,
    falls: bool,
    over: bool,
) -> str:
    """What own messages brought beyond one for all; empty for a campaign that does not ask it."""
    row = next((each for each in estimates if _asks(about, each)), None)
    if row is None:
        return ""
    if "uneven" in words:
        return "Whether segmenting paid cannot be judged: the groups came out uneven."
    if row["value"] is None or row["low"] is None or row["high"] is None:
        return "Whether segmenting paid cannot be told yet: too few people are in it."
    told = (
        f"{wording.label} {wording.figure(row['figure'])} with a message of their own "
        f"({number(row['n'])}{THIN}people), {wording.figure(row['base'])} with one for all "
        f"({number(row['m'])}{THIN}people): {wording.change(row['value'])} "
        f"(likely {wording.between(row['low'], row['high'])})."
    )
    return f"{_word(about, row, falls=falls, over=over)}: {told}"


def _asks(about: Row, row: Row) -> bool:
    pair = (about["kind"], row["arm"], row["against"])
    return pair == ("campaign", OWN, ONE) and (row["segment"], row["metric"]) == (
        EVERYBODY,
        about["goal"],
    )


def _word(about: Row, row: Row, *, falls: bool, over: bool) -> str:
    low, high = (-row["high"], -row["low"]) if falls else (row["low"], row["high"])
    least = about["smallest"]
    if not over:
        return "Whether segmenting pays cannot be told yet, it is still running"
    if low > 0:
        return "Segmenting paid"
    if high < 0:
        return "Segmenting did harm"
    if least is not None and -least < low and high < least:
        return "Segmenting did nothing we could see"
    return "Whether segmenting paid cannot be told yet"
