"""Run by another Python, where statsmodels, gbstats and tea-tasting are: their figures, as JSON.

Reads groups (sums, and rows) from its input; answers {library: {what: {figure: number}}}.
"""

import json
import sys
import warnings
from math import ceil

import numpy as np

warnings.filterwarnings("ignore")
GIVEN = json.load(sys.stdin)
KINDS = {"mean": (False, False), "cuped": (True, False), "ratio": (False, True)}


def of_gbstats():
    from gbstats.frequentist.tests import (
        FrequentistConfig,
        SequentialConfig,
        SequentialTwoSidedTTest,
        TwoSidedTTest,
    )

    found = {}
    for name, pair in GIVEN["pairs"].items():
        for kind, (cuped, ratio) in KINDS.items():
            arms = [gb_statistic(pair[arm]["sums"], cuped, ratio) for arm in ("control", "treated")]
            plain = FrequentistConfig(difference_type="absolute")
            tuned = SequentialConfig(
                difference_type="absolute", sequential_tuning_parameter=GIVEN["planned"]
            )
            fixed = TwoSidedTTest(*arms, plain).compute_result()
            daily = SequentialTwoSidedTTest(*arms, tuned).compute_result()
            found[f"{name} {kind}"] = {
                "value": fixed.expected, "low": fixed.ci[0], "high": fixed.ci[1],
                "chance": fixed.p_value, "error": fixed.uplift.stddev,
            }  # fmt: skip
            found[f"{name} {kind} always"] = {
                "low": daily.ci[0], "high": daily.ci[1], "chance": daily.p_value
            }  # fmt: skip
    return found


def gb_statistic(sums, cuped, ratio):
    from gbstats.models.statistics import (
        RatioStatistic,
        RegressionAdjustedStatistic,
        SampleMeanStatistic,
    )

    n = int(sums["n"])
    outcome, covariate, below = (
        SampleMeanStatistic(n=n, sum=sums[one], sum_squares=sums[one * 2]) for one in "yxd"
    )
    if ratio:
        return RatioStatistic(
            n=n, m_statistic=outcome, d_statistic=below, m_d_sum_of_products=sums["yd"]
        )
    if cuped:
        return RegressionAdjustedStatistic(
            n=n, post_statistic=outcome, pre_statistic=covariate,
            post_pre_sum_of_products=sums["xy"], theta=0,
        )  # fmt: skip
    return outcome


def of_tea_tasting():
    from tea_tasting.aggr import Aggregates
    from tea_tasting.metrics import RatioOfMeans

    kinds = {
        "mean": ("y",),
        "cuped": ("y", None, "x"),
        "ratio": ("y", "d"),
        "ratio cuped": ("y", "d", "x"),
    }
    found = {}
    for name, pair in GIVEN["pairs"].items():
        groups = {}
        for arm, group in pair.items():
            columns = {key: np.array(values, float) for key, values in group["rows"].items()}
            spread = np.cov(list(columns.values()))
            names = list(columns)
            groups[arm] = Aggregates(
                count_=len(columns["y"]),
                mean_={key: float(values.mean()) for key, values in columns.items()},
                var_={key: float(spread[at, at]) for at, key in enumerate(names)},
                cov_={
                    (one, two): float(spread[i, j])
                    for i, one in enumerate(names)
                    for j, two in enumerate(names)
                    if i < j
                },
            )
        for kind, columns in kinds.items():
            seen = RatioOfMeans(*columns).analyze_aggregates(groups["control"], groups["treated"])
            found[f"{name} {kind}"] = {
                "value": seen.effect_size, "low": seen.effect_size_ci_lower,
                "high": seen.effect_size_ci_upper, "chance": seen.pvalue,
                "arm": seen.treatment, "base": seen.control, "lift": seen.rel_effect_size,
            }  # fmt: skip
    return found


def of_statsmodels():
    from scipy.stats import chisquare
    from statsmodels.stats.multitest import multipletests
    from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

    (n, having), (m, other) = GIVEN["shares"].values()
    low, high = confint_proportions_2indep(having, n, other, m, method="newcomb", compare="diff")
    counts, designed = np.array(GIVEN["counts"]), np.array(GIVEN["designed"])
    check = chisquare(counts, designed * counts.sum())
    false = multipletests(GIVEN["chances"], method="fdr_bh")[1]
    return {
        "share": {
            "low": low, "high": high, "chance": proportions_ztest([having, other], [n, m])[1]
        },
        "ratio check": {"statistic": check.statistic, "chance": check.pvalue},
        "false": {str(at): q for at, q in enumerate(false)},
        "design": designs(),
        "accounts": accounts(),
    }  # fmt: skip


def designs():
    from statsmodels.stats.power import NormalIndPower
    from statsmodels.stats.proportion import (
        power_proportions_2indep,
        samplesize_proportions_2indep_onetail,
    )

    mean = NormalIndPower()
    share = samplesize_proportions_2indep_onetail(0.03, 0.1, 0.9, ratio=1, alpha=0.05)
    return {
        "power mean": mean.power(0.25, 300, 0.05, ratio=2 / 3),
        "people mean": ceil(mean.solve_power(0.25, power=0.9, alpha=0.05, ratio=2 / 3)),
        "power share": power_proportions_2indep(0.03, 0.1, 1500, ratio=2 / 3).power,
        "people share": ceil(share),
    }


def accounts():
    """Each account's people as rows, who share its outcome out evenly: the sandwich by account."""
    import statsmodels.api as sm

    outcome, treated, account = [], [], []
    for arm, group in GIVEN["pairs"]["even"].items():
        for y, d in zip(group["rows"]["y"], group["rows"]["d"], strict=True):
            number = account[-1] + 1 if account else 0
            outcome += [y / d] * d
            treated += [arm == "treated"] * d
            account += [number] * d
    model = sm.OLS(np.array(outcome), sm.add_constant(np.array(treated, float)))
    found = model.fit(
        cov_type="cluster", cov_kwds={"groups": np.array(account), "use_correction": False}
    )
    return {"value": found.params[1], "uncorrected": found.bse[1]}


def plain(found):
    return {
        what: {figure: float(value) for figure, value in figures.items()}
        for what, figures in found.items()
    }


answers = {
    "gbstats": of_gbstats(),
    "tea-tasting": of_tea_tasting(),
    "statsmodels": of_statsmodels(),
}
print(json.dumps({library: plain(found) for library, found in answers.items()}))
