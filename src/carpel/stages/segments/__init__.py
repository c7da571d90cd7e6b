"""The stage `segments`: who belongs where, who came and left, and what the numbers say."""

from collections.abc import Iterable
from functools import partial

from carpel.stages.base import Line, Part
from carpel.stages.segments import companies, figures, history, sets, standings
from carpel.stages.segments.past import ACCOUNTS


class Segments:
    """Writes standings, clusterings, groups, memberships, account_segments, movements,
    account_movements, sizes, moments and differences; see `carpel.tables`.

    Notes `suspicious` and `account_suspicious`, segments that changed more than the project allows
    because of the data, and `failed`, the user's own checks on people that did not hold.
    """

    name = "segments"
    version = 7
    writes = (
        "standings",
        "rfm",
        "lifecycle",
        "tiers",
        "clusters",
        "clusterings",
        "groups",
        "memberships",
        "movements",
        "account_segments",
        "account_movements",
        "sizes",
        "moments",
        "differences",
    )

    def parts(self, line: Line) -> Iterable[Part]:
        yield Part(
            "segments/places", standings.depends(line), lambda out: standings.standings(line, out)
        )
        yield Part("segments/members", sets.depends(line), lambda out: sets.members(line, out))
        yield Part(
            "segments/accounts", companies.depends(line), lambda out: companies.companies(line, out)
        )
        yield Part(
            "segments/figures", figures.depends(line), lambda out: figures.figures(line, out)
        )
        yield Part(
            "segments/history", history.depends(line), lambda out: history.history(line, out)
        )
        yield Part(
            "segments/account_history",
            history.depends(line, ACCOUNTS),
            partial(history.history, line, unit=ACCOUNTS),
        )
