"""Does it last: who stays in, and whether the people would be the same with a little luck."""

from collections.abc import Iterator

from carpel.engine.query import query
from carpel.specs.words import counted
from carpel.stages.fitness.finding import Detail, Finding, Told, Verdict, per_cent
from carpel.stages.fitness.ground import Ground
from carpel.stages.fitness.wobble import Wobble
from carpel.stats.proportions import wilson

STAYS, STAYS_SOME = 0.7, 0.4
"""Shares of the people of 30 days ago still in, for yes and for partly."""
SAME, SAME_MOSTLY = 0.85, 0.6
"""People in common under other luck, of those in either (Hennig 2007: below 0.6 do not trust)."""
DAYS = (30, 90)


def stable(ground: Ground) -> Iterator[Told]:
    """Tell of every segment with people."""
    wobble, found = Wobble(ground), _found(ground)
    for name in ground.sets:
        stays = list(_stays(ground, name))
        redrawn = found.get(name) or list(_redrawn(wobble, name))
        yield from (*stays, *redrawn)
        yield _finding(ground, name, stays, redrawn)


def _found(ground: Ground) -> dict[str, list[Detail]]:
    """Groups that the data proposed: how alike they came out when people were drawn anew."""
    rows = dict(
        ground.engine.rows(query("SELECT segmentation, stability FROM clusterings WHERE taken"))
    )
    return {
        name: [Detail(name, "stable", "redrawn", value=rows[home], n=len(members))]
        for name, members in ground.sets.items()
        if rows.get(home := name.partition(".")[0]) is not None and "." in name
    }


def _stays(ground: Ground, name: str) -> Iterator[Detail]:
    for days in DAYS:
        then = ground.then(name, days)
        if then:
            still = then.intersection_cardinality(ground.sets[name])
            low, high = wilson(still, len(then))
            yield Detail(
                name,
                "stable",
                f"stayed_{days}d",
                value=still / len(then),
                low=low,
                high=high,
                n=still,
                of=len(then),
            )


def _redrawn(wobble: Wobble, name: str) -> Iterator[Detail]:
    likenesses = wobble.likenesses(name)
    if likenesses:
        ordered = sorted(likenesses)
        edge = len(ordered) // 20
        yield Detail(
            name,
            "stable",
            "redrawn",
            value=sum(ordered) / len(ordered),
            low=ordered[edge],
            high=ordered[-1 - edge],
            n=len(wobble.ground.sets[name]),
            of=len(ordered),
        )


def _finding(ground: Ground, name: str, stays: list[Detail], redrawn: list[Detail]) -> Finding:
    size = len(ground.sets[name])
    settle = "30 days of updates, or the past worked out anew (carpel replay)."
    said, verdicts = [], list[Verdict]()
    if stays:
        row = stays[0]
        days = int(row.what.removeprefix("stayed_").removesuffix("d"))
        share = row.value or 0.0
        said.append(
            f"Of the {counted(row.of or 0, 'person', 'people')} of {days} days ago "
            f"{per_cent(share)} are still in"
        )
        verdicts.append(_answer(share, STAYS, STAYS_SOME))
    if redrawn:
        share = redrawn[0].value or 0.0
        said.append(
            "who is in follows from how people compare with each other: had chance brought "
            f"slightly other people, {per_cent(share)} of its {counted(size, 'person', 'people')} "
            "would be the same"
        )
        verdicts.append(_answer(share, SAME, SAME_MOSTLY))
    if not said:
        text = f"How long its {counted(size, 'person', 'people')} stay is not known yet."
        return Finding(name, "stable", "unknown", text, settle, None, size)
    text = "; ".join(said)
    verdict = max(verdicts, key=("yes", "partly", "no").index)
    unknown = not stays and verdict == "yes"
    value = (stays or redrawn)[0].value
    return Finding(
        name,
        "stable",
        "unknown" if unknown else verdict,
        f"{text[0].upper()}{text[1:]}.",
        settle if not stays else "",
        value,
        size,
    )


def _answer(share: float, yes: float, partly: float) -> Verdict:
    return "yes" if share >= yes else "partly" if share >= partly else "no"
