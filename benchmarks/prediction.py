"""A million people on exact days: BG/NBD fitted, everybody scored with an interval, and the total.

Beside it `lifetimes`, which gives no intervals, where its environment is there (`make oracles`).
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.timing import once, peak_gigabytes, show
from carpel.stats.buying.bg_nbd import BgNbd
from carpel.stats.buying.histories import Floats, Histories, grouped, histories
from carpel.stats.buying.intervals import Expected, expected
from carpel.stats.likelihood import Estimate

PEOPLE = int(os.environ.get("CARPEL_PEOPLE", "1000000"))
ROOT = Path(__file__).parents[1]
ORACLES = ROOT / ".oracles" / "bin" / "python"
TRUE = (0.45, 30.0, 0.8, 2.5)
DAYS, AHEAD = 730, 90.0
MOST_SECONDS = 30.0


def drawn(seed: int) -> tuple[Histories, Floats]:
    """People whose first order was on any day of two years, and their orders in 90 days after."""
    chance = np.random.default_rng(seed)
    r, alpha, a, b = TRUE
    age = chance.integers(1, DAYS + 1, PEOPLE).astype(float)
    rate, leave = chance.gamma(r, 1 / alpha, PEOPLE), chance.beta(a, b, PEOPLE)
    x, last, later, day = (np.zeros(PEOPLE) for _ in range(4))
    now = chance.random(PEOPLE)  # the hour of the first order
    left = np.arange(PEOPLE)
    while len(left):
        now[left] += chance.exponential(1 / np.maximum(rate[left], 1e-300))
        left = left[now[left] < age[left] + AHEAD + 1]
        fresh = left[np.floor(now[left]) > day[left]]  # two orders of one day are one
        day[fresh] = np.floor(now[fresh])
        seen = day[fresh] <= age[fresh]
        x[fresh[seen]] += 1
        last[fresh[seen]] = day[fresh[seen]]
        later[fresh[~seen]] += 1
        left = left[chance.random(len(left)) >= leave[left]]
    return histories(x, last, age + 0.5), later  # looked at when the day is over


def carpel(people: Histories) -> tuple[Estimate, Expected, Floats]:
    """Parameters, everybody's orders and the total with intervals, everybody's chance."""
    some, group = grouped(people)
    model, found = BgNbd.fitted(some)
    return found, expected(model, found, people, AHEAD), model.alive(some)[group]


BESIDE = """
import json, sys, time, warnings
warnings.filterwarnings("ignore")
import numpy as np
from lifetimes import BetaGeoFitter
x, last, age = np.load(sys.argv[1])
began = time.perf_counter()
model = BetaGeoFitter()
model.fit(x, last, age)
model.conditional_expected_number_of_purchases_up_to_time(float(sys.argv[2]), x, last, age)
model.conditional_probability_alive(x, last, age)
print(json.dumps([time.perf_counter() - began, *model.params_[["r", "alpha", "a", "b"]]]))
"""


def lifetimes(people: Histories) -> list[float]:
    """Seconds and parameters of lifetimes on the same people, in an environment of its own."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "people.npy"
        np.save(file, np.array([people.repeats, people.last, people.age]))
        command = [str(ORACLES), "-c", BESIDE, str(file), str(AHEAD)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: list[float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Print the figures; ends with an error beyond the bound."""
    seed = int(np.random.default_rng().integers(2**32))
    print(f"seed {seed}, {PEOPLE:,} people")
    people, later = drawn(seed)
    taken, (found, scored, _) = once(lambda: carpel(people))
    rows = [("Carpel: fit, score, intervals", taken, f"{peak_gigabytes():.2f} GB")]
    if ORACLES.exists():
        theirs, *values = lifetimes(people)
        rows.append(("lifetimes: fit, score", theirs, f"{np.round(values, 3)}"))
    show(f"{PEOPLE:,} people on exact days", rows, taken)
    inside = float(((scored.low <= later) & (later <= scored.high)).mean())
    print(f"  parameters {np.round(found.values, 3)}, drawn from {TRUE}")
    print(f"  {inside:.3%} of people within their interval, nominal 95 %")
    together = scored.together
    print(f"  total {together.low:,.0f} to {together.high:,.0f}, happened {later.sum():,.0f}")
    if taken > MOST_SECONDS and PEOPLE >= 1_000_000:
        raise SystemExit(f"more than {MOST_SECONDS:.0f} s")
