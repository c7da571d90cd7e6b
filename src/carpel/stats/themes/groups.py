"""Groups of words that stand together in texts, and come back in other texts."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST = 10
"""Groups that are looked for at most."""
NEAR = 0.05
"""Stability, on average, that a number of groups may lack of the best."""
HALVES = 4
"""Times that texts are parted into two halves."""
ALIKE, OFTEN = 0.6, 0.75
"""How alike (cosine) a group of a half has to be to count as the same, and in how many halves."""
CLEAR = 2.0
"""Standard deviations by which a group's words stand together more often than by chance."""
LEADING = 0.4
"""Weight, of the heaviest, from which a word leads its group."""
LIFT = 1.2
"""Times as often as by chance that a word stands with the others of its group, at least; and half
as far above chance as the middle one of them does."""
WORDS = 8
SAMPLE, VOCABULARY = 4_000, 600


@dataclass(frozen=True)
class Group:
    """Places of the words that lead it, the heaviest first; in what share of halves it is found.

    `together`: how much more often these words stand in one text than chance gives, in standard
    deviations, in texts that it was not found in.
    """

    words: tuple[int, ...]
    weights: Floats
    stability: float
    together: float


def groups(counts: Any) -> list[Group]:
    """Groups of words in a sparse table of texts x words (1 where a word stands in a text).

    Non-negative factors of the table weighted by how rare words are (Lee and Seung 1999), the
    largest number that comes back about as surely as any when texts are halved (after Greene,
    O'Callaghan and Cunningham 2014); of them those that do come back and whose words stand together
    more often than their frequencies give.
    """
    chance = np.random.default_rng(counts.shape[0])
    rows = chance.permutation(counts.shape[0])[:SAMPLE]
    drawn = counts[rows]
    table = _weighted(drawn)
    halves = [np.array_split(chance.permutation(len(rows)), 2) for _ in range(HALVES)]
    most = min(MOST, table.shape[1] // 3, len(rows) // 20)
    tried = [_tried(drawn, table, halves, count) for count in range(2, most + 1)]
    sure = [float(np.mean([each.stability for each in found])) for found in tried]
    near = [at for at, each in enumerate(sure) if each >= max(sure) - NEAR]
    found = tried[near[-1]] if near else []
    return [each for each in found if each.stability >= OFTEN and each.together >= CLEAR]


def _weighted(counts: Any) -> Any:
    """Rare words weigh more, and every text as much as another."""
    from scipy.sparse import diags

    texts = counts.shape[0]
    rarity = np.log((1 + texts) / (1 + np.asarray(counts.sum(axis=0)).ravel())) + 1
    table = counts @ diags(rarity)
    length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    return diags(1 / np.maximum(length, 1e-12)) @ table


def _tried(
    counts: Any, table: Any, halves: Sequence[Sequence[NDArray[np.int64]]], count: int
) -> list[Group]:
    """So many groups of all texts, each with how it does in halves of them.

    A group that a half finds is asked of the other half whether its words stand together there:
    in the texts that it was found in they do.
    """
    whole = _factors(table, count)
    seen, together = np.zeros(count), np.zeros(count)
    for pair in halves:
        for half, other in (pair, pair[::-1]):
            part = _factors(table[half], count)
            alike, matched = _matched(whole, part)
            seen += alike >= ALIKE
            there = counts[other]
            together += [_together(there, _leading(counts[half], part[at])) for at in matched]
    tries = 2 * len(halves)
    return [
        Group(_leading(counts, whole[at]), whole[at], seen[at] / tries, together[at] / tries)
        for at in range(count)
    ]


def _factors(table: Any, count: int) -> Floats:
    """Groups x words, each of length one."""
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    model = NMF(count, init="nndsvd", max_iter=100, tol=1e-3, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # near enough to name words by
        found = model.fit(table).components_
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1), 1e-12)[:, None])


def _matched(whole: Floats, part: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """How alike each group is to the one it is paired with, the pairs as alike as can be; which."""
    from scipy.optimize import linear_sum_assignment

    alike = whole @ part.T
    rows, columns = linear_sum_assignment(-alike)
    return alike[rows, columns], columns


def _leading(counts: Any, weights: Floats) -> tuple[int, ...]:
    """The heaviest words that stand with the others of them more often than chance gives.

    A word that stands in every second text is heavy in any group and belongs to none.
    """
    order = np.argsort(-weights, kind="stable")[:WORDS]
    words = [int(at) for at in order if weights[at] >= LEADING * weights[order[0]]]
    while len(words) > 1:
        both, expected = _pairs(counts, words)
        lift = both.sum(axis=1) / np.maximum(expected.sum(axis=1), 1e-12)
        least = int(np.argmin(lift))
        if lift[least] >= max(LIFT, (1 + float(np.median(lift))) / 2):
            break
        words.pop(least)
    return tuple(words)


def _together(counts: Any, words: Sequence[int]) -> float:
    """By how much pairs of the words stand in one text beyond chance, in standard deviations."""
    if len(words) < 2:
        return 0.0
    both, expected = _pairs(counts, words)
    return float((both.sum() - expected.sum()) / 2 / np.sqrt(max(expected.sum() / 2, 1e-12)))


def _pairs(counts: Any, words: Sequence[int]) -> tuple[Floats, Floats]:
    """Texts with both of each two words, and how many chance would give; nothing for one alone."""
    here = counts[:, list(words)]
    both = np.asarray((here.T @ here).todense(), np.float64)
    expected = np.outer(np.diag(both), np.diag(both)) / max(counts.shape[0], 1)
    for each in (both, expected):
        np.fill_diagonal(each, 0)
    return both, expected
