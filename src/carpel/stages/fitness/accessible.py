"""Reachable: who may and can be contacted, by channel."""

from collections.abc import Iterator

from carpel.engine.query import query
from carpel.evaluation.movements import EVERYBODY
from carpel.specs.words import counted
from carpel.stages.fitness.finding import Detail, Finding, Told, Verdict, per_cent
from carpel.stages.fitness.ground import Ground
from carpel.stats.proportions import wilson

MOST, SOME = 0.4, 0.1
"""Shares reachable by the best channel from which the answer is yes, and partly."""
FEWEST = 30
"""Fewer people than this are not worth a message to many."""
CHANNELS = {
    "email": "e-mail",
    "sms": "text message",
    "phone": "phone",
    "post": "post",
    "push": "app message",
}


def accessible(ground: Ground) -> Iterator[Told]:
    """Tell of every segment with people."""
    reach = query(
        "SELECT * FROM reach WHERE segment <> :all ORDER BY segment, channel", all=EVERYBODY
    )
    rows = ground.engine.fetch(reach).to_pylist()
    permitted = any(row["permitted"] for row in rows)
    for name in ground.sets:
        mine = [row for row in rows if row["segment"] == name]
        for row in mine:
            yield _detail(name, row)
        yield _finding(name, len(ground.sets[name]), mine if permitted else [])


def _detail(name: str, row: dict[str, int]) -> Detail:
    reachable, people = row["reachable"], row["people"]
    low, high = wilson(reachable, people)
    return Detail(
        name,
        "accessible",
        "reachable",
        part=str(row["channel"]),
        value=reachable / people if people else 0.0,
        low=low,
        high=high,
        n=reachable,
        of=people,
    )


def _finding(name: str, size: int, rows: list[dict[str, int]]) -> Finding:
    if not rows:
        return Finding(
            name,
            "accessible",
            "unknown",
            f"No permission is known of any of the {counted(size, 'person', 'people')}.",
            "A data source with permissions.",
            None,
            size,
        )
    best = max(rows, key=lambda row: row["reachable"])
    share = best["reachable"] / size
    others = [
        f"{CHANNELS.get(str(row['channel']), row['channel'])} {row['reachable']:,}"
        for row in rows
        if row is not best
    ]
    said = (
        f"{best['reachable']:,} of {counted(size, 'person', 'people')} ({per_cent(share)}) may and "
        f"can be reached by {CHANNELS.get(str(best['channel']), best['channel'])}"
    )
    said += f"; by {', '.join(others)}." if others else "."
    verdict = _verdict(share, best["reachable"])
    settle = "" if verdict == "yes" else "Ask them for permission, and for an address."
    return Finding(name, "accessible", verdict, said, settle, share, size)


def _verdict(share: float, reachable: int) -> Verdict:
    if share >= MOST and reachable >= FEWEST:
        return "yes"
    return "partly" if share >= SOME and reachable >= 1 else "no"
