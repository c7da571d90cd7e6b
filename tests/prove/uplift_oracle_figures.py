"""Run by another Python, where scikit-uplift is: its figures of experiments from its input."""

import json
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")


def main():
    from sklift.metrics import qini_auc_score, uplift_at_k, uplift_auc_score

    found = []
    for given in json.load(sys.stdin):
        outcome, score, treated = (np.array(given[it]) for it in ("outcome", "score", "treated"))
        people = outcome.astype(int), score, treated.astype(int)
        found.append(
            [
                float(qini_auc_score(*people)),
                float(uplift_auc_score(*people)),
                float(uplift_at_k(*people, "overall", 0.3)),
                float(uplift_at_k(*people, "by_group", 0.3)),
            ]
        )
    print(json.dumps(found))


main()
