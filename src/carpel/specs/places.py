"""The places of a segmentation: everybody is in exactly one of them."""

from dataclasses import replace

from carpel.specs.rfm_groups import covers, groups
from carpel.specs.segmentation import (
    Clusters,
    Lifecycle,
    Rfm,
    RfmGroup,
    Segmentation,
    Tier,
    Tiers,
)
from carpel.specs.standings import (
    LIFECYCLE,
    NO_TIER,
    NONE_LATELY,
    NONE_YET,
    OTHER,
    UNPLACED,
    Standing,
)


def places(spec: Segmentation) -> tuple[Standing, ...]:
    """All places of a segmentation in their natural order, labelled; nobody is outside them."""
    found = _found(spec)
    return tuple(replace(place, label=spec.labels.get(place.name, place.label)) for place in found)


def _found(spec: Segmentation) -> tuple[Standing, ...]:
    if isinstance(spec, Rfm):
        return _rfm(spec)
    if isinstance(spec, Clusters):
        return _clusters(spec)
    return _tiers(spec) if isinstance(spec, Tiers) else _lifecycle(spec)


def group_name(number: int) -> str:
    """The name of the place of a group that was found, counted from 0."""
    return f"group_{number + 1}"


def _clusters(spec: Clusters) -> tuple[Standing, ...]:
    """As many as there can be: which of them people are in, a build finds out."""
    numbered = (Standing(group_name(at), f"Group {at + 1}") for at in range(spec.most))
    return (*numbered, UNPLACED)


def _lifecycle(spec: Lifecycle) -> tuple[Standing, ...]:
    times = {"slipping": spec.slipping_after, "lost": spec.lost_after}
    return tuple(replace(each, meaning=each.meaning.format(**times)) for each in LIFECYCLE)


def _rfm(spec: Rfm) -> tuple[Standing, ...]:
    named = [
        Standing(
            each.name, each.label or _said(each.name), each.objective, each.action, _scores(each)
        )
        for each in groups(spec)
    ]
    window = [NONE_LATELY] if spec.within_days else []
    return (*named, *([] if covers(groups(spec)) else [OTHER]), *window, NONE_YET)


def _scores(group: RfmGroup) -> str:
    ranges = {"recency": group.recency, "frequency": group.frequency, "monetary": group.monetary}
    said = [f"{figure} {_range(*scores)}" for figure, scores in ranges.items() if scores != (1, 5)]
    listed = " and ".join(filter(None, [", ".join(said[:-1]), *said[-1:]]))
    return f"People whose scores, 1 to 5, are: {listed}." if said else "Everybody who is scored."


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _tiers(spec: Tiers) -> tuple[Standing, ...]:
    levels = sorted(spec.levels, key=lambda level: -level.at_least)
    return (
        *(
            Standing(each.name, each.label or _said(each.name), meaning=_earned(spec, each))
            for each in levels
        ),
        NO_TIER,
    )


def _earned(spec: Tiers, level: Tier) -> str:
    brings = f" It brings: {', '.join(level.benefits)}." if level.benefits else ""
    highest = level.at_least == max(each.at_least for each in spec.levels)
    lately = f"in the last {spec.within_days} days"
    if not level.at_least:
        least = "Everybody"
    elif spec.property is None:
        times = "time" if level.at_least == 1 else "times"
        least = f"People who did it at least {level.at_least:,g} {times} {lately}"
    else:
        least = (
            f"People whose {_said(spec.property).lower()} {lately} is {level.at_least:,g} or more"
        )
    below = "" if highest else " below the next level" if not level.at_least else ", below the next"
    return f"{least}{below}.{brings}"


def _said(name: str) -> str:
    return name.replace("_", " ").capitalize()
