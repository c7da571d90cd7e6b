"""How demand goes with price, within each product, from what was sold week by week."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from carpel.stats.likelihood import Refused

Floats = NDArray[np.float64]
ROUNDS = 60
SETTLED = 1e-9
NONSENSE = 50.0
"""An elasticity, or an error of one, that no price has: figures say nothing of their own."""
FEWEST = 5
"""Products whose prices varied, at least: what is common to a week is told from the others."""


@dataclass(frozen=True)
class Response:
    """By how many per cent demand rises when a price rises by one, for each figure of price.

    `low` and `high` are the 95 % intervals; `products` and `weeks` those behind it.
    """

    value: Floats
    error: Floats
    low: Floats
    high: Floats
    products: int
    weeks: int
    usual: Floats
    """Products x weeks: what would have been sold at each product's usual price; NaN unknown."""


def response(sold: Floats, figures: Floats) -> Response:
    """Elasticities of demand (products x weeks) to figures (figures x products x weeks, logs).

    A Poisson model of what is sold with a level for each product and one for each week, so that
    neither what is sold at all nor seasons count as a response (Santos Silva and Tenreyro 2006);
    NaN is a week in which a product has no price. Errors hold for any dependence within a product
    and are not too small with few products: each is left out once (the jackknife of clusters,
    Bell and McCaffrey 2002), and the interval is Student's. Raises Refused below five products with
    sales, or where figures say nothing of their own.
    """
    known = ~np.isnan(sold) & ~np.isnan(figures).any(axis=0)
    kept = (np.where(known, sold, 0).sum(axis=1) > 0) & (known.sum(axis=1) > 1)
    if (count := int(kept.sum())) < FEWEST:
        raise Refused(f"{count} products bought at prices that varied, {FEWEST} are needed")
    weeks = known[kept].any(axis=0)
    model = _Model(sold, figures, known, kept, weeks)
    found = model.fitted()
    error = model.errors(found)
    reach = _quantile(count - 1) * error
    value = found[: len(figures)]
    return Response(
        value, error, value - reach, value + reach, count, int(weeks.sum()), model.usual(found)
    )


class _Model:
    """Sales of products conditional on the total of each, so that their levels fall away."""

    def __init__(
        self,
        sold: Floats,
        figures: Floats,
        known: NDArray[np.bool_],
        kept: NDArray[np.bool_],
        weeks: NDArray[np.bool_],
    ) -> None:
        self.place = (len(sold), kept, weeks, known.shape[1])
        self.known = known[kept][:, weeks]
        self.sold = np.where(self.known, sold[kept][:, weeks], 0.0)
        raw = np.where(self.known, figures[:, kept][:, :, weeks], 0.0)
        middle = raw.sum(axis=2) / self.known.sum(axis=1)
        self.figures = np.where(self.known, raw - middle[:, :, None], 0.0)
        self.total = self.sold.sum(axis=1)

    def fitted(self) -> Floats:
        """The elasticities, then a level for each week but the first."""
        k, w = len(self.figures), self.known.shape[1]
        at, size = np.zeros(k + w - 1), self._likelihood(np.zeros(k + w - 1))
        for _ in range(ROUNDS):
            scores, information = self._slopes(at)
            try:
                step = np.linalg.solve(information, scores.sum(axis=0))
            except np.linalg.LinAlgError:
                raise Refused(
                    "prices moved only as weeks did: nothing tells the two apart"
                ) from None
            while (tried := self._likelihood(at + step)) < size - 1e-9 * abs(size):
                step = step / 2
            at, size = at + step, tried
            if np.abs(step).max() < SETTLED:
                break
        return np.asarray(at)

    def errors(self, at: Floats) -> Floats:
        """Standard errors of the elasticities: how far each moves without one of the products."""
        scores, information = self._slopes(at)
        rest = information - self._own(at)
        try:
            moved = np.linalg.solve(rest, scores[:, :, None])[:, : len(self.figures), 0]
        except np.linalg.LinAlgError:
            raise Refused("all that prices tell comes from one product") from None
        products = len(scores)
        found = np.sqrt((moved**2).sum(axis=0) * (products - 1) / products)
        told = np.concatenate([found, np.abs(at[: len(found)])])
        if not (np.isfinite(told) & (told < NONSENSE)).all():
            raise Refused("prices varied too little to tell a response")
        return np.asarray(found)

    def _own(self, at: Floats) -> Floats:
        """The information that each product brings, products x parameters x parameters."""
        share = self._share(at)
        seasons = np.broadcast_to(
            np.eye(share.shape[1])[1:], (len(share), share.shape[1] - 1, share.shape[1])
        )
        columns = np.concatenate([self.figures.transpose(1, 0, 2), seasons], axis=1)
        means = (columns * share[:, None, :]).sum(axis=2)
        whole = np.einsum("jaw,jw,jbw->jab", columns, share, columns, optimize=True)
        whole -= means[:, :, None] * means[:, None, :]
        return np.asarray(whole * self.total[:, None, None], np.float64)

    def usual(self, at: Floats) -> Floats:
        """What would have been sold had the figures stayed at each product's own mean."""
        k = len(self.figures)
        rate = np.where(self.known, np.exp(self._linear(at)), 0.0)
        level = self.total / rate.sum(axis=1)
        season = np.exp(np.concatenate([[0.0], at[k:]]))
        here = np.where(self.known, level[:, None] * season, np.nan)
        products, kept, weeks, width = self.place
        found = np.full((products, width), np.nan)
        found[np.ix_(kept, weeks)] = here
        return found

    def _linear(self, at: Floats) -> Floats:
        k = len(self.figures)
        season = np.concatenate([[0.0], at[k:]])
        return np.asarray(np.tensordot(at[:k], self.figures, axes=1) + season)

    def _likelihood(self, at: Floats) -> float:
        linear = np.where(self.known, self._linear(at), -np.inf)
        top = linear.max(axis=1)
        whole = top + np.log(np.exp(linear - top[:, None]).sum(axis=1))
        told = float((self.sold * self._linear(at)).sum())
        return told - float(self.total @ whole)

    def _share(self, at: Floats) -> Floats:
        """Of each product's sales, the part that falls in each week."""
        linear = np.where(self.known, self._linear(at), -np.inf)
        weight = np.exp(linear - linear.max(axis=1)[:, None])
        return np.asarray(weight / weight.sum(axis=1)[:, None])

    def _slopes(self, at: Floats) -> tuple[Floats, Floats]:
        """By product what moves each parameter, and the information of all products."""
        k, share = len(self.figures), self._share(at)
        expected = self.total[:, None] * share
        left = self.sold - expected
        scores = np.column_stack(
            [(left * each).sum(axis=1) for each in self.figures] + [left[:, 1:]]
        )
        means = np.column_stack(
            [(share * each).sum(axis=1) for each in self.figures] + [share[:, 1:]]
        )
        size = k + share.shape[1] - 1
        whole = np.zeros((size, size))
        for one in range(k):
            for two in range(k):
                whole[one, two] = (expected * self.figures[one] * self.figures[two]).sum()
            across = (expected * self.figures[one]).sum(axis=0)[1:]
            whole[one, k:] = whole[k:, one] = across
        whole[range(k, size), range(k, size)] = expected.sum(axis=0)[1:]
        return scores, whole - means.T @ (means * self.total[:, None])


def _quantile(freedom: int) -> float:
    from scipy.stats import t

    return float(t.ppf(0.975, freedom))
