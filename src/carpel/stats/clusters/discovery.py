"""From traits to groups, or to the finding that there are none."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from carpel.stats.clusters.choice import reason
from carpel.stats.clusters.criteria import Candidate
from carpel.stats.clusters.means import k_means
from carpel.stats.clusters.methods import NOWHERE, Groups
from carpel.stats.clusters.null import Verdict, tested
from carpel.stats.clusters.preparation import Preparation, prepare
from carpel.stats.clusters.search import Plan, Search
from carpel.stats.clusters.traits import Floats, Ints, Trait

SAMPLE = 5_000
"""People that groups are learned from."""
STRATA = 16
FEWEST = 50
"""People below whom no groups are sought."""
TRIED = range(2, 11)


@dataclass(frozen=True)
class Discovery:
    """What was found: `labels` of everybody, -1 for no group (all of them when there are none).

    `refused` says why there are no groups; else it is empty. `reasons` go with `candidates`.
    """

    labels: Ints
    refused: str
    chosen: Candidate | None
    candidates: tuple[Candidate, ...]
    reasons: tuple[str, ...]
    verdict: Verdict | None
    preparation: Preparation
    groups: Groups | None


def discover(traits: Sequence[Trait], plan: Plan | None = None) -> Discovery:
    """Look for groups of people in their traits.

    Groups are learned from a sample of up to 5,000, stratified by a quick first split, and
    everybody is placed. With `plan.groups` given that number is taken, tested and judged all the
    same, and refused only for a giant.
    """
    import sklearn.cluster  # noqa: F401  before the limit, so that its threads are limited too
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # many small fits: several threads wait for each other
        return _discovered(traits, plan or Plan())


def _discovered(traits: Sequence[Trait], plan: Plan) -> Discovery:
    preparation = prepare(traits, plan.weights, plan.seed, plan.scale)
    known = preparation.known(traits) if preparation.parts else np.zeros(0, dtype=bool)
    if known.sum() < FEWEST:
        return _none(traits, preparation, _too_few(preparation, int(known.sum())))
    scaled = preparation.scaled(traits)
    columns = preparation.columns(scaled)
    rows = stratified(columns, np.flatnonzero(known), SAMPLE, plan.seed)
    counts = [k for k in TRIED if k <= max(plan.serve + 1, plan.groups or 0)]
    counts = sorted({*counts, *([plan.groups] if plan.groups else [])})
    verdict = tested(preparation, scaled[rows], counts, plan.level, plan.seed)
    found = Search(plan, columns[rows], int(known.sum()), verdict)
    if verdict.p > plan.level and plan.groups is None:
        found.look(counts)
        return _none(traits, preparation, _nothing(verdict), found)
    chosen = found.chosen(counts)
    if chosen is None:
        return _none(traits, preparation, _unusable(found), found)
    groups = found.fitted[chosen.method, chosen.groups]
    labels = np.where(known, groups.assign(columns), NOWHERE)
    told = found.candidates
    reasons = tuple(reason(each, chosen, told) for each in told)
    return Discovery(labels, "", chosen, tuple(told), reasons, verdict, preparation, groups)


def _none(
    traits: Sequence[Trait], preparation: Preparation, why: str, found: Search | None = None
) -> Discovery:
    labels = np.full(len(traits[0].values) if traits else 0, NOWHERE)
    told = found.candidates if found else []
    reasons = tuple(reason(each, None, told) for each in told)
    verdict = found.verdict if found else None
    return Discovery(labels, why, None, tuple(told), reasons, verdict, preparation, None)


def _too_few(preparation: Preparation, people: int) -> str:
    if not preparation.parts:
        return "No trait can take part: " + "; ".join(
            f"{note.trait}: {note.said}" for note in preparation.notes if note.trait
        )
    return f"Only {people:,} people have any of the traits; groups are sought among {FEWEST:,}."


def _nothing(verdict: Verdict) -> str:
    return (
        "There are no segments here: a single population with the same traits and correlations "
        f"looks as much like segments as these people do (p = {verdict.p:.2f})."
    )


def _unusable(found: Search) -> str:
    whys = {
        f"{each.groups} by {each.method.replace('_', '-')}": each.refused
        for each in found.candidates
    }
    said = "; ".join(f"{name}: {why[0]}" for name, why in whys.items() if why)
    return f"No number of groups will do. {said}."


def stratified(columns: Floats, rows: Ints, size: int, seed: int) -> Ints:
    """Of those rows so many, each of some quick groups of all in proportion, in random order."""
    rng = np.random.default_rng(seed)
    if len(rows) <= size:
        return rng.permutation(rows)
    quick = k_means(columns[rng.choice(rows, size, replace=False)], STRATA, seed, starts=1)
    labels = quick.assign(columns[rows])
    order = rng.permutation(len(rows))
    order = order[np.argsort(labels[order], kind="stable")]
    chosen = order[np.linspace(0, len(order) - 1, size).round().astype(np.int64)]
    return rng.permutation(rows[chosen])
