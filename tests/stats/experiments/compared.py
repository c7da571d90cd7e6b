"""Groups that other libraries are asked about too, and what Carpel says of them.

Golden figures are in `oracles.json`, as statsmodels 0.15.0, gbstats 0.8.0 and tea-tasting 1.14.0
gave them; the long evidence asks them again (tests/prove/test_experiment_oracles.py).
"""

from dataclasses import asdict

import numpy as np

from carpel.stats.experiments.always import always
from carpel.stats.experiments.design import (
    people_for_mean,
    people_for_share,
    power_for_mean,
    power_for_share,
)
from carpel.stats.experiments.effect import by_account, effect
from carpel.stats.experiments.ratio_check import ratio_check
from carpel.stats.experiments.sums import Sums
from carpel.stats.multiplicity import expected_false

PLANNED = 400
SHARES = {"treated": (70, 56), "control": (80, 48)}
"""People and those of them who bought: the example of Newcombe 1998."""
COUNTS, DESIGNED = {"one": 520, "two": 470, "none": 110}, {"one": 0.45, "two": 0.45, "none": 0.1}
CHANCES = [0.001, 0.02, 0.03, 0.04, 0.5]


def rows(n, seed):
    """Outcome, covariate and denominator of so many people, whole numbers without chance."""
    at = np.arange(n)
    y = (at * at * 7 + 3 * at + seed) % 23 + (at % 5 == 0) * 20
    return {"y": y + 1, "x": y + (at * 5) % 17, "d": 1 + (at * 3 + seed) % 4}


PAIRS = {
    "many": {"treated": rows(240, 9), "control": rows(160, 1)},
    "few": {"treated": rows(9, 4), "control": rows(7, 2)},
    "even": {"treated": rows(60, 5), "control": rows(60, 3)},
}


def sums(group, parts):
    """Sums around 0, of the columns named by letters."""
    columns = {name: group[name].astype(float) for name in parts}
    whole = {"y": 0.0, "x": 0.0, "d": 0.0} | {k: v.sum() for k, v in columns.items()}
    products = {
        one + two: float(columns[one] @ columns[two]) if {one, two} <= set(parts) else 0.0
        for one, two in ("yy", "xx", "xy", "dd", "yd", "xd")
    }
    return Sums(n=len(group["y"]), **whole, **products)


def given():
    """What the other libraries get."""
    pairs = {
        name: {
            arm: {
                "sums": asdict(sums(group, "yxd")),
                "rows": {k: v.tolist() for k, v in group.items()},
            }
            for arm, group in pair.items()
        }
        for name, pair in PAIRS.items()
    }
    return {
        "pairs": pairs,
        "planned": PLANNED,
        "shares": SHARES,
        "counts": list(COUNTS.values()),
        "designed": list(DESIGNED.values()),
        "chances": CHANCES,
    }


def ours():
    """Carpel's figures, under the names that the others answer by."""
    found = {}
    for name, pair in PAIRS.items():
        for kind, parts in (
            ("mean", "y"),
            ("cuped", "yx"),
            ("ratio", "yd"),
            ("ratio cuped", "yxd"),
        ):
            arms = [sums(pair[arm], parts) for arm in ("treated", "control")]
            seen = effect(*arms, cuped="x" in parts)
            found[f"{name} {kind}"] = {
                "value": seen.value, "low": seen.low, "high": seen.high, "chance": seen.chance,
                "arm": seen.arm, "base": seen.base, "lift": seen.lift, "error": seen.error,
            }  # fmt: skip
            daily = always(seen, PLANNED)
            found[f"{name} {kind} always"] = {
                "low": daily.low, "high": daily.high, "chance": daily.chance
            }  # fmt: skip
    return found | _shares() | _designs() | {"accounts": _accounts()}


def _shares():
    (n, having), (m, other) = SHARES.values()
    seen = effect(Sums(n, having, having), Sums(m, other, other), share=True)
    check = ratio_check(COUNTS, DESIGNED)
    return {
        "share": {"low": seen.low, "high": seen.high, "chance": seen.chance},
        "ratio check": {"statistic": check.statistic, "chance": check.chance},
        "false": {str(at): q for at, q in enumerate(expected_false(CHANCES))},
    }


def _designs():
    return {
        "design": {
            "power mean": power_for_mean(0.5, 2.0, 300, 200),
            "people mean": people_for_mean(0.5, 2.0, treated_share=0.6, power=0.9).treated,
            "power share": power_for_share(0.1, 0.03, 1500, 1000),
            "people share": people_for_share(0.1, 0.03, power=0.9).control,
        }
    }


def _accounts():
    """Equal numbers of accounts, so that the sandwich lacks the factor G / (G - 1) alone."""
    arms = [sums(group, "yd") for group in PAIRS["even"].values()]
    seen, accounts = by_account(*arms), arms[0].n
    return {"value": seen.value, "uncorrected": seen.error * ((accounts - 1) / accounts) ** 0.5}
