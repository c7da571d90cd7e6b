"""What people will be worth within a time: orders, times their value, times the margin."""

from dataclasses import dataclass

import numpy as np

from carpel.stats.buying.gamma_gamma import GammaGamma
from carpel.stats.buying.histories import Floats, Histories, grouped
from carpel.stats.buying.intervals import Expected
from carpel.stats.buying.model import Model

NODES = 4
"""Points in time at which orders are discounted; expected orders are smooth in time."""


@dataclass(frozen=True)
class Worth:
    """Value within a time, in money: mean and the ends of the interval of what will happen."""

    mean: Floats
    low: Floats
    high: Floats


def discounted(model: Model, each: Histories, ahead: float, rate: float) -> Floats:
    """Expected orders in the time `ahead`, each worth e^(-rate t) of one today.

    `rate` is continuous and per unit of time: ln(1 + yearly) / 365 for days. By parts: the
    integral over E'(t) is what is left at the end plus the rate's integral over E.
    """
    some, group = grouped(each)
    value = np.exp(-rate * ahead) * model.moments(some, ahead)[0]
    if rate > 0:
        nodes, weights = np.polynomial.legendre.leggauss(NODES)
        for node, weight in zip((1 + nodes) / 2 * ahead, weights / 2 * ahead, strict=True):
            value += rate * weight * np.exp(-rate * node) * model.moments(some, float(node))[0]
    counted: Floats = value[group]
    return counted


def worth(
    orders: Expected,
    discounted_orders: Floats,
    money: GammaGamma,
    seen: Floats,
    mean: Floats,
    margin: float = 1.0,
    level: float = 0.95,
) -> Worth:
    """Value of each person: `seen` orders of `mean` value so far, `orders` expected ahead.

    The sum of Y orders, each Gamma(p, nu), is a gamma variable of shape pY over nu. With the
    shape that has the right mean and variance over Y, it is beta prime distributed once nu is
    averaged out; no order at all is a mass at 0. The interval is equal-tailed.
    """
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    some = np.maximum(1 - orders.none, 1e-300)
    each = np.maximum(orders.mean / some, 1e-300)
    spread = np.maximum((orders.variance + orders.mean**2) / some - each**2, 0.0)
    shape = money.p * each**2 / (each + money.p * spread)
    around, scale = money.spread(seen, mean)
    present = np.where(orders.mean > 0, discounted_orders / np.maximum(orders.mean, 1e-300), 1.0)
    unit = margin * present * scale * (money.p * each / shape)
    ends = []
    for side in (tail, 1 - tail):
        inside = np.clip((side - orders.none) / some, 0.0, 1.0)
        share = betaincinv(shape, around, inside)
        ends.append(np.where(inside > 0, unit * share / np.maximum(1 - share, 1e-300), 0.0))
    value = margin * discounted_orders * money.order_value(seen, mean)
    return Worth(value, ends[0], ends[1])
