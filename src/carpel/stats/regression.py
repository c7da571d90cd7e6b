"""Which columns explain an outcome: least squares for figures, logistic for yes and no."""

from dataclasses import dataclass

import numpy as np

from carpel.stats.tails import NORMAL_95, Floats, normal_two_sided, t_two_sided

ROUNDS = 60
SETTLED = 1e-10
LARGEST = 30.0
"""A logit beyond which an outcome is certain: the columns tell yes from no perfectly."""


class NotExplained(ValueError):  # noqa: N818 - says what is the case
    """The data cannot bear the question; the message is the reason."""


class Separated(NotExplained):
    """The columns tell yes from no perfectly: no odds are the largest."""


@dataclass(frozen=True)
class Explained:
    """Coefficients, the constant first, with standard errors and two-sided chances."""

    coefficients: Floats
    errors: Floats
    chances: Floats
    share: float
    """Of the outcome's spread that is explained: R squared, or McFadden's (1974)."""
    n: int

    def intervals(self, z: float = NORMAL_95) -> tuple[Floats, Floats]:
        """The ends of 95 % intervals."""
        return self.coefficients - z * self.errors, self.coefficients + z * self.errors


def least_squares(outcome: Floats, columns: Floats, *, robust: bool = True) -> Explained:
    """Explain a figure. `robust`: errors that hold for uneven spread (HC3, MacKinnon, White 1985).

    Otherwise the classical ones. Raises NotExplained.
    """
    x = _with_constant(outcome, columns)
    n, k = x.shape
    inverse = _inverse(x.T @ x)
    coefficients = inverse @ (x.T @ outcome)
    left = outcome - x @ coefficients
    if robust:
        weight = left / np.maximum(1 - np.einsum("ij,jk,ik->i", x, inverse, x), 1e-12)
        covariance = inverse @ ((x * weight[:, None] ** 2).T @ x) @ inverse
    else:
        covariance = inverse * float(left @ left) / (n - k)
    errors = np.sqrt(np.diag(covariance))
    centred = outcome - outcome.mean()
    explained = 1 - float(left @ left) / float(centred @ centred)
    chances = t_two_sided(coefficients / np.maximum(errors, 1e-300), float(n - k))
    return Explained(coefficients, errors, chances, explained, n)


def logistic(outcome: Floats, columns: Floats) -> Explained:
    """Explain a yes (1) or no (0): log odds, by iteratively reweighted least squares.

    McCullagh and Nelder 1989, section 2.5. Raises NotExplained, and of it Separated.
    """
    x = _with_constant(outcome, columns)
    beta = np.zeros(x.shape[1])
    for _ in range(ROUNDS):
        logit = x @ beta
        if np.abs(logit).max() > LARGEST:
            raise Separated("one of the attributes, or some together, tell yes from no perfectly")
        chance = 1 / (1 + np.exp(-logit))
        weight = chance * (1 - chance)
        inverse = _inverse((x * weight[:, None]).T @ x)
        step = inverse @ (x.T @ (outcome - chance))
        beta = beta + step
        if np.abs(step).max() < SETTLED:
            break
    errors = np.sqrt(np.diag(inverse))
    base = float(outcome.mean())
    none = len(outcome) * (base * np.log(base) + (1 - base) * np.log(1 - base))
    logit = x @ beta
    fitted = float(np.sum(outcome * logit - np.logaddexp(0.0, logit)))
    chances = normal_two_sided(beta / errors)
    return Explained(beta, errors, chances, 1 - fitted / none, len(outcome))


def _with_constant(outcome: Floats, columns: Floats) -> Floats:
    if columns.ndim != 2 or not columns.shape[1]:
        raise NotExplained("there is nothing to explain it by")
    if len(outcome) < columns.shape[1] + 10:
        raise NotExplained(f"only {len(outcome)} people have all of these attributes")
    if np.ptp(outcome) == 0:
        raise NotExplained("it is the same for everybody")
    return np.column_stack([np.ones(len(outcome)), columns])


def _inverse(square: Floats) -> Floats:
    scale = np.sqrt(np.diag(square))
    if np.any(scale == 0):
        raise NotExplained("one of the attributes is the same for everybody")
    even = square / np.outer(scale, scale)
    if np.linalg.cond(even) > 1e10:
        raise NotExplained("some of the attributes say the same in other words")
    found: Floats = np.linalg.inv(even) / np.outer(scale, scale)
    return found
