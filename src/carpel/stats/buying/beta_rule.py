"""Means over a beta distribution: Gauss-Jacobi nodes by the eigenvalues of a small matrix."""

import numpy as np

from carpel.stats.buying.histories import Floats

NODES = 20
"""With this many the means wanted here agree with the hypergeometric function to 10 digits."""


def beta_rule(first: float, second: Floats) -> tuple[Floats, Floats]:
    """Nodes in (0, 1) and weights that sum to 1 for Beta(first, second), a row an element.

    Golub and Welsch (1969): the nodes are the eigenvalues of the symmetric matrix of the
    recurrence of the Jacobi polynomials, the weights the squared first entries of its vectors.
    Nothing here overflows, however large `second`.
    """
    alpha, beta = second[:, None] - 1, first - 1  # exponents of (1 - u) and (1 + u)
    n = np.arange(NODES)
    total = 2 * n + alpha + beta
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = (beta**2 - alpha**2) / (total * (total + 2))
    middle[:, 0] = ((beta - alpha) / (alpha + beta + 2))[:, 0]
    k = n[1:]
    total = 2 * k + alpha + beta
    with np.errstate(divide="ignore", invalid="ignore"):
        side = (
            4
            * k
            * (k + alpha)
            * (k + beta)
            * (k + alpha + beta)
            / (total**2 * (total + 1) * (total - 1))
        )
    ab = (alpha + beta)[:, 0]
    side[:, 0] = 4 * (1 + alpha[:, 0]) * (1 + beta) / ((2 + ab) ** 2 * (3 + ab))
    matrix = np.zeros((len(second), NODES, NODES))
    matrix[:, n, n] = middle
    matrix[:, k, k - 1] = np.sqrt(side)
    values, vectors = np.linalg.eigh(matrix)
    return (1 + values) / 2, vectors[:, 0, :] ** 2
