"""Segments of 1,000,000 people by 12 traits: number chosen, tested, stable; beside scikit-learn.

Three planted groups, one of them 2 %. Carpel prepares the traits, tests whether there are segments
at all, compares methods and numbers of groups, tries their stability and places everybody.
scikit-learn alone scales and fits k-means for each number, and takes the best silhouette of a
sample: what a user would write in its place.
"""

import numpy as np

from benchmarks.timing import once, peak_gigabytes, show
from carpel.stats.clusters import Trait, discover

PEOPLE, WIDTH = 1_000_000, 12
SHARES = (0.60, 0.38, 0.02)


def planted(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The traits, and the group of everybody; the middles are six standard deviations apart."""
    rng = np.random.default_rng(seed)
    groups = rng.permutation(np.repeat([0, 1, 2], [round(s * PEOPLE) for s in SHARES]))
    directions = np.linalg.qr(rng.normal(size=(WIDTH, WIDTH)))[0][:3]
    return (directions * 6 / 2**0.5)[groups] + rng.normal(size=(PEOPLE, WIDTH)), groups


def by_hand(values: np.ndarray) -> np.ndarray:
    """Scale, k-means for 2 to 9 groups, the best silhouette of 5,000."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score
    from sklearn.preprocessing import StandardScaler

    scaled = StandardScaler().fit_transform(values)
    fits = [KMeans(k, n_init=1, random_state=0).fit(scaled).labels_ for k in range(2, 10)]
    return max(fits, key=lambda f: silhouette_score(scaled, f, sample_size=5_000, random_state=0))


def main() -> None:
    """Print seconds, groups found, agreement with the planted ones, and memory."""
    from sklearn.metrics import adjusted_rand_score

    seed = int(np.random.default_rng().integers(2**32))
    values, groups = planted(seed)
    traits = [Trait(f"t{at}", column) for at, column in enumerate(values.T)]
    ours, found = once(lambda: discover(traits))
    peak = peak_gigabytes()
    theirs, labels = once(lambda: by_hand(values))
    rows = [
        ("carpel", ours, _told(found.labels, adjusted_rand_score(groups, found.labels))),
        ("scikit-learn, by hand", theirs, _told(labels, adjusted_rand_score(groups, labels))),
    ]
    show(
        f"{PEOPLE:,} people, {WIDTH} traits (seed {seed}); carpel's peak {peak:.1f} GB", rows, ours
    )


def _told(labels: np.ndarray, agreement: float) -> str:
    return f"{int(labels.max()) + 1} groups, adjusted Rand index {agreement:.3f}"
