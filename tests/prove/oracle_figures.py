"""Run by another Python, where `lifetimes` and `pymc-marketing` are: their figures, as JSON.

Reads parameters of models and histories in weeks from its input, so that nothing is fitted twice
by chance alone: lifetimes fits for itself, pymc-marketing (whose priors move its estimates) is
asked at the parameters it is given.
"""

import json
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")
GIVEN = json.load(sys.stdin)
HISTORIES = [np.array(GIVEN[name]) for name in ("repeats", "last", "age")]
ONE = [np.array([each]) for each in GIVEN["one"]]
AHEAD = GIVEN["ahead"]


def of_lifetimes(kind, names):
    model = kind()
    model.fit(*HISTORIES, tol=1e-12)
    foresee = model.conditional_expected_number_of_purchases_up_to_time
    alive = model.conditional_probability_alive(*ONE)
    return {
        "values": [float(model.params_[name]) for name in names],
        "total": float(np.sum(foresee(AHEAD, *HISTORIES))),
        "one": float(np.ravel(foresee(AHEAD, *ONE))[0]),
        "alive": float(np.ravel(alive)[0]),
    }


def of_pymc(kind, names, values):
    import arviz
    import pandas

    columns = ("frequency", "recency", "T")
    people, one = (
        pandas.DataFrame(
            {"customer_id": np.arange(len(rows[0])), **dict(zip(columns, rows, strict=True))}
        )
        for rows in (HISTORIES, ONE)
    )
    posterior = {name: np.full((1, 1), value) for name, value in zip(names, values, strict=True)}
    model = kind() if GIVEN["later"] else kind(people)
    model.build_model(people) if GIVEN["later"] else model.build_model()
    groups = {"posterior": posterior}
    model.idata = arviz.from_dict(groups) if GIVEN["later"] else arviz.from_dict(**groups)
    return {
        "total": float(model.expected_purchases(people, future_t=AHEAD).sum()),
        "one": float(model.expected_purchases(one, future_t=AHEAD).mean()),
        "alive": float(model.expected_probability_alive(one).mean()),
    }


def main():
    if GIVEN["oracle"] == "lifetimes":
        from lifetimes import BetaGeoFitter, ParetoNBDFitter

        kinds = {"BG/NBD": BetaGeoFitter, "Pareto/NBD": ParetoNBDFitter}
        found = {name: of_lifetimes(kinds[name], names) for name, (names, _) in MODELS.items()}
    else:
        import pymc_marketing
        from pymc_marketing.clv import BetaGeoModel, ParetoNBDModel

        GIVEN["later"] = int(pymc_marketing.__version__.split(".")[0]) >= 1
        kinds = {"BG/NBD": BetaGeoModel, "Pareto/NBD": ParetoNBDModel}
        found = {name: of_pymc(kinds[name], *each) for name, each in MODELS.items()}
    print(json.dumps(found))


MODELS = GIVEN["models"]
main()
