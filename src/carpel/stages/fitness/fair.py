"""Fair to everybody: whether a rule singles out, or leaves out, people by who they are."""

import re
from collections.abc import Iterator

import numpy as np

from carpel.specs.words import counted
from carpel.stages.fitness.comparing import Comparing
from carpel.stages.fitness.finding import Detail, Finding, Told, listed, per_cent
from carpel.stats.multiplicity import expected_false
from carpel.stats.proportions import differ, ratio

PROTECTED = re.compile(
    r"(^|_)(gender|sex|age|age_band|age_group|generation|marital|marital_status|family|"
    r"family_status|children|household_type|life_stage|nationality|language|religion|ethnicity)"
    r"(_stated)?$"
)
"""Traits that say who somebody is; those of special categories count in any case."""
LEFT_OUT, SINGLED_OUT = 0.8, 1.25
"""Ratios of shares beyond which a group counts as left out (the four-fifths rule of the American
Uniform Guidelines of 1978, section 4D) or, its inverse, as singled out."""
FALSE = 0.05
FEWEST = 20
"""People of whom the trait is known, inside and outside."""


def fair(comparing: Comparing) -> Iterator[Told]:
    """Tell of every segment with people."""
    ground = comparing.ground
    protected = [
        at for at, (trait, _) in enumerate(comparing.keys) if _is_protected(ground.traits, trait)
    ]
    protected = [at for at in protected if comparing.keys[at][1] is not None]
    details = [
        detail
        for at, name in enumerate(comparing.segments)
        for detail in _details(comparing, at, name, protected)
    ]
    chances = [
        differ(_having(d.inside, d.n), d.n or 0, _having(d.outside, d.of), d.of or 0)
        for d in details
    ]
    told: dict[str, list[Detail]] = {name: [] for name in comparing.segments}
    for detail, q in zip(details, expected_false(chances), strict=True):
        told[detail.segment].append(Detail(**{**vars(detail), "q": float(q)}))
    for name, rows in told.items():
        flagged = sorted(
            filter(_is_flagged, rows), key=lambda row: -abs(np.log(max(row.value or 0, 1e-3)))
        )
        yield from rows
        yield _finding(comparing, name, rows, flagged)


def _is_protected(traits: dict[str, dict[str, str]], trait: str) -> bool:
    special = traits.get(trait, {}).get("sensitivity") == "special"
    return special or bool(PROTECTED.search(trait))


def _details(comparing: Comparing, at: int, name: str, protected: list[int]) -> Iterator[Detail]:
    for column in protected:
        n, m = int(comparing.inside.n[at, column]), int(comparing.outside.n[at, column])
        if min(n, m) < FEWEST:
            continue
        inside, outside = comparing.inside.mean[at, column], comparing.outside.mean[at, column]
        value, low, high = ratio(round(inside * n), n, round(outside * m), m)
        trait, part = comparing.keys[column]
        yield Detail(
            name,
            "fair",
            "ratio",
            trait,
            part,
            "*",
            float(inside),
            float(outside),
            value if np.isfinite(value) else None,
            low,
            high if np.isfinite(high) else None,
            None,
            n,
            m,
        )


def _having(share: float | None, n: int | None) -> int:
    return round((share or 0.0) * (n or 0))


def _is_flagged(row: Detail) -> bool:
    beyond = row.value is None or not LEFT_OUT <= row.value <= SINGLED_OUT
    return beyond and row.q is not None and row.q < FALSE


def _finding(comparing: Comparing, name: str, rows: list[Detail], flagged: list[Detail]) -> Finding:
    ground, size = comparing.ground, len(comparing.ground.sets[name])
    if not rows:
        said = (
            f"Too little is known of who these {counted(size, 'person', 'people')} are, such as "
            "their age or gender, to see whether somebody is left out."
        )
        return Finding(name, "fair", "unknown", said, "Figures on who they are.", None, size)
    traits = {row.trait for row in rows}
    known = max(row.n or 0 for row in rows)
    if not flagged:
        names = [ground.trait_called(str(each)) for each in sorted(map(str, traits))]
        said = f"Nobody is singled out or left out by {listed(names)} ({known:,} known)."
        return Finding(name, "fair", "yes", said, "", None, known)
    row = flagged[0]
    label = ground.trait_called(str(row.trait))
    more = len(flagged) - 1
    how = "left out" if (row.value or 0) < 1 and row.value is not None else "singled out"
    said = (
        f"{label} “{row.part}” is {how}: {per_cent(row.inside or 0)} of the {row.n:,} known here, "
        f"{per_cent(row.outside or 0)} of everybody else"
    )
    said += f"; so are {more:,} more groups" if more > 1 else "; so is 1 more group" if more else ""
    spec = ground.line.definitions.segments.get(name)
    if spec is not None and spec.reason:
        return Finding(
            name, "fair", "partly", f"{said}. The reason given: {spec.reason}", "", row.value, row.n
        )
    settle = "Look whether the rule needs it; if it does, say why in its file (reason)."
    return Finding(name, "fair", "no", f"{said}.", settle, row.value, row.n)
