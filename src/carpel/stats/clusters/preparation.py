"""Traits made ready for distances, and what was done to each, said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from carpel.stats.clusters.scaling import Category, Number, category, number, octile_skew
from carpel.stats.clusters.traits import Floats, Trait, drawn, taken

ENOUGH = 20_000
"""People from whom the preparation is learned."""
ALIKE = 0.8
"""Rank correlation from which on traits are one idea."""
SAME = 0.9999
"""Rank correlation from which on two traits say the same."""
RARE_LEVEL = 0.02
"""Share of people below which a level is put together with others."""
MOSTLY = 0.8
"""Share of people in levels too rare, or missing, from which on a trait is left out."""


@dataclass(frozen=True)
class Note:
    """What was done to a trait (to all together where it is empty), and whether it was left out."""

    trait: str
    said: str
    left_out: bool = False
    warning: bool = False


@dataclass(frozen=True)
class Preparation:
    """How each trait that takes part is prepared, with notes; `groups` are traits of one idea."""

    parts: tuple[Number | Category, ...]
    notes: tuple[Note, ...]
    groups: tuple[tuple[str, ...], ...]

    def scaled(self, traits: Sequence[Trait]) -> Floats:
        """One column a trait: scaled numbers (NaN where missing), or the place of a level."""
        given = {each.name: each.values for each in traits}
        columns = [part.scaled(given[part.name]) for part in self.parts]
        return np.column_stack(columns) if columns else np.empty((len(traits[0].values), 0))

    def columns(self, scaled: Floats) -> Floats:
        """The weighted columns between whose rows distances are taken."""
        blocks = [part.columns(scaled[:, at]) for at, part in enumerate(self.parts)]
        return np.hstack(blocks) if blocks else np.empty((len(scaled), 0))

    def matrix(self, traits: Sequence[Trait]) -> Floats:
        """The weighted columns of everybody."""
        return self.columns(self.scaled(traits))

    def known(self, traits: Sequence[Trait]) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Who has any trait at all that takes part."""
        given = {each.name: each.values for each in traits}
        found = np.zeros(len(traits[0].values), dtype=bool)
        for part in self.parts:
            found |= ~np.isnan(given[part.name])
        return found


def prepare(
    traits: Sequence[Trait],
    weights: Mapping[str, float] | None = None,
    seed: int = 0,
    scale: bool = True,
) -> Preparation:
    """Learn from up to 20,000 people how to prepare each trait.

    `weights` are by criterion: how much a block's squared distances count, 1 when not named.
    Constant, all-missing, duplicated traits and categories of nothing but rare levels are left
    out, with a note. Without `scale`, numbers are taken as they are.
    """
    some = taken(traits, drawn(len(traits[0].values), ENOUGH, seed)) if traits else []
    notes: list[Note] = []
    parts: list[Number | Category] = []
    for each in some:
        why = _unfit(each)
        notes += [Note(each.name, why, left_out=True)] if why else []
        parts += [] if why else [_part(each, scale)]
    values = _ranked(parts, some)
    parts, values = _distinct(parts, values, notes)
    groups = _groups(parts, values)
    parts = [_weighted(part, groups, weights or {}) for part in parts]
    notes += [note for part in parts for note in _said(part, some, scale)]
    notes += [_one_idea(group) for group in groups if len(group) > 1]
    return Preparation(tuple(parts), (*notes, *_one_sided(parts)), tuple(groups))


def _part(trait: Trait, scale: bool) -> Number | Category:
    if trait.levels:
        return category(trait.name, trait.criterion, trait.values, trait.levels, RARE_LEVEL)
    if scale:
        return number(trait.name, trait.criterion, trait.values)
    gone = float(np.isnan(trait.values).mean())
    middle = float(np.nanmean(trait.values))
    return Number(trait.name, trait.criterion, False, 1.0, 1.0, -np.inf, np.inf, middle, 1.0, gone)


def _unfit(trait: Trait) -> str:
    """Why a trait can't take part; empty when it can."""
    known = trait.values[np.isfinite(trait.values)]
    if not len(known):
        return "nobody has it"
    if len(known) < (1 - MOSTLY) * len(trait.values):
        return f"only {len(known) / len(trait.values):.0%} have it"
    if known.min() == known.max():
        return "the same for everybody who has it"
    if trait.levels:
        counts = np.bincount(known.astype(np.int64))
        rare = counts[counts < RARE_LEVEL * len(trait.values)].sum()
        if rare > MOSTLY * len(known):
            told = f"{int((counts > 0).sum()):,} levels"
            return f"{told}, of which {rare / len(known):.0%} of the people are in rare ones"
    return ""


def _ranked(parts: Sequence[Number | Category], some: Sequence[Trait]) -> list[Floats]:
    from scipy.stats import rankdata

    given = {each.name: each.values for each in some}
    return [
        np.asarray(rankdata(np.nan_to_num(given[p.name], nan=np.nanmedian(given[p.name]))))
        for p in parts
    ]


def _distinct(
    parts: list[Number | Category], values: list[Floats], notes: list[Note]
) -> tuple[list[Number | Category], list[Floats]]:
    """Those that do not say the same as one before them."""
    kept: list[int] = []
    for at, part in enumerate(parts):
        same = next((other for other in kept if _same(parts, values, at, other)), None)
        if same is None:
            kept.append(at)
        else:
            notes.append(Note(part.name, f"says the same as {parts[same].name}", left_out=True))
    return [parts[at] for at in kept], [values[at] for at in kept]


def _same(parts: Sequence[Number | Category], values: Sequence[Floats], a: int, b: int) -> bool:
    if isinstance(parts[a], Category) != isinstance(parts[b], Category):
        return False
    if isinstance(parts[a], Category):
        pairs = len(set(zip(values[a], values[b], strict=True)))
        return pairs == len(set(values[a])) == len(set(values[b]))
    return abs(float(np.corrcoef(values[a], values[b])[0, 1])) >= SAME


def _groups(parts: Sequence[Number | Category], values: Sequence[Floats]) -> list[tuple[str, ...]]:
    """Numbers whose average rank correlation is at least `ALIKE`, together; categories alone."""
    numbers = [at for at, part in enumerate(parts) if isinstance(part, Number)]
    alone = [(part.name,) for part in parts if isinstance(part, Category)]
    if len(numbers) < 2:
        return [*((parts[at].name,) for at in numbers), *alone]
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    apart = 1 - np.abs(np.corrcoef([values[at] for at in numbers]))
    np.fill_diagonal(apart, 0.0)
    tree = linkage(squareform(np.clip(apart, 0, 1), checks=False), "average")
    found = fcluster(tree, 1 - ALIKE, "distance")
    together = [
        tuple(parts[at].name for at, mine in zip(numbers, found, strict=True) if mine == group)
        for group in dict.fromkeys(found)
    ]
    return [*together, *alone]


def _weighted(
    part: Number | Category, groups: Sequence[tuple[str, ...]], weights: Mapping[str, float]
) -> Number | Category:
    """Each idea counts once, shared by its traits, times what its criterion counts."""
    size = next(len(group) for group in groups if part.name in group)
    return replace(part, weight=(weights.get(part.criterion, 1.0) / size) ** 0.5)


def _said(part: Number | Category, some: Sequence[Trait], scale: bool) -> list[Note]:
    if isinstance(part, Category):
        pooled = f", {part.shares[-2]:.0%} in rare levels put together" if part.shares[-2] else ""
        gone = f", {part.shares[-1]:.0%} missing as a level" if part.shares[-1] else ""
        return [Note(part.name, f"{len(part.kept)} levels, one column each{pooled}{gone}")]
    values = next(each.values for each in some if each.name == part.name)
    done = [*_straightened(part, values), *_pulled_in(part, values)]
    done += ["scaled"] if scale else ["taken as it is"]
    if part.missing:
        told = ", and said" if part.tells_missing else ""
        done.append(f"{part.missing:.1%} missing put in the middle{told}")
    return [Note(part.name, ", ".join(done))]


def _straightened(part: Number, values: Floats) -> list[str]:
    if part.logged:
        how = "logarithm"
    elif part.power != 1.0:
        how = f"power {part.power:.1f} (Yeo-Johnson)"
    else:
        return []
    return [f"{how} against skew {octile_skew(values[np.isfinite(values)]):.2f}"]


def _pulled_in(part: Number, values: Floats) -> list[str]:
    if not np.isfinite(part.low):
        return []
    scaled = part.scaled(values)
    edges = [(edge - part.mean) / part.sd for edge in (part.low, part.high)]
    far = int((scaled <= edges[0]).sum() + (scaled >= edges[1]).sum())
    return [f"{far:,} of {len(values):,} outliers pulled in"] if far else []


def _one_idea(group: tuple[str, ...]) -> Note:
    return Note("", f"{', '.join(group)} go together and count as one idea")


def _one_sided(parts: Sequence[Number | Category]) -> list[Note]:
    if parts and all(part.criterion == "demographic" for part in parts):
        said = (
            "Only demographic traits take part: such groups say who people are, "
            "rarely what they will do."
        )
        return [Note("", said, warning=True)]
    return []
