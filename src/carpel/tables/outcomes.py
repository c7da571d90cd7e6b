"""What people did who were in an experiment: sums, of which every figure is worked out."""

from collections.abc import Mapping

from carpel.tables.table import Table, columns

TABLES: Mapping[str, Table] = {
    "experiments": Table(
        "outcomes",
        "A row an experiment, which is a campaign that has begun, a test made elsewhere or one of "
        "places: what the verdict is about, from when to when what people did counts, when the "
        "last of them "
        "is through (`over_at`), how many were left out since they were in several arms, what was "
        "aimed at, the least change that matters, and what a message and the whole cost.",
        columns(
            "experiment VARCHAR, kind VARCHAR, label VARCHAR, goal VARCHAR, guardrails VARCHAR[], "
            "comparison VARCHAR, within_days BIGINT, began_at TIMESTAMP, over_at TIMESTAMP, "
            "in_several BIGINT, target DOUBLE, smallest DOUBLE, cost DOUBLE, fixed_cost DOUBLE"
        ),
    ),
    "experiment_arms": Table(
        "outcomes",
        "A row an arm: its people, the share that was meant to be in it, and to how many a message "
        "was handed over, where one was. The comparison comes first.",
        columns(
            "experiment VARCHAR, arm VARCHAR, place BIGINT, people BIGINT, share DOUBLE, "
            "sent BIGINT"
        ),
    ),
    "outcomes": Table(
        "outcomes",
        "A row an experiment, segment (`*` is everybody), metric and arm: people, and sums over "
        "them of the outcome `y`, what was known before `x`, the denominator `d` of a ratio, and "
        "their products; the largest single outcome, and how many were drawn in to `giant`.",
        columns(
            "experiment VARCHAR, segment VARCHAR, metric VARCHAR, arm VARCHAR, n BIGINT, y DOUBLE, "
            "yy DOUBLE, x DOUBLE, xx DOUBLE, xy DOUBLE, d DOUBLE, dd DOUBLE, yd DOUBLE, "
            "xd DOUBLE, largest DOUBLE, giant DOUBLE, drawn_in BIGINT"
        ),
    ),
    "place_outcomes": Table(
        "outcomes",
        "A row an experiment of places, metric, place and stretch of as many days as it ran: 0 is "
        "the time itself, -1 the one before, and so on as far as the data goes. `n` is the people "
        "of the place, `y` the sum of what they did then, `d` that of a ratio's denominator; "
        "`treated` whether the place got it, `pair` the number of its pair.",
        columns(
            "experiment VARCHAR, metric VARCHAR, place VARCHAR, treated BOOLEAN, pair BIGINT, "
            "period BIGINT, n BIGINT, y DOUBLE, d DOUBLE"
        ),
    ),
    "metrics": Table(
        "outcomes",
        "A row an experiment and metric it is measured by: what that is called, whether it is "
        "shown as `money`, a `share` or a `number`, and whether more of it is better.",
        columns("experiment VARCHAR, metric VARCHAR, label VARCHAR, shown VARCHAR, better VARCHAR"),
    ),
    "estimates": Table(
        "estimates",
        "A row an experiment, segment, metric and arm: what the arm has beyond the one it is held "
        "`against`, with its 95 % interval, the chance of so much by luck, and as a share of what "
        "the other has; `always_*` holds for those who look every day, `drawn_*` is drawn towards "
        "other segments of its set, `likely_false` the share of false findings among those as sure "
        "(both only for segments and the metric the verdict is about). `figure` and `base` are "
        "plain; where what was known before narrows the interval, by a share of `narrowed`, their "
        "difference is not `value`. `uneven` is the chance of so uneven a draw of the segment.",
        columns(
            "experiment VARCHAR, segment VARCHAR, metric VARCHAR, arm VARCHAR, against VARCHAR, "
            "n BIGINT, m BIGINT, figure DOUBLE, base DOUBLE, value DOUBLE, low DOUBLE, "
            "high DOUBLE, chance DOUBLE, lift DOUBLE, lift_low DOUBLE, lift_high DOUBLE, "
            "narrowed DOUBLE, always_low DOUBLE, always_high DOUBLE, drawn DOUBLE, "
            "drawn_low DOUBLE, drawn_high DOUBLE, likely_false DOUBLE, uneven DOUBLE, word VARCHAR"
        ),
    ),
    "place_changes": Table(
        "estimates",
        "A row an experiment of places and metric: how many places got it and how many others "
        "there are, whether they are in pairs, how many ways the lots could have fallen (NULL "
        "where there are many), and how far both drifted apart before it, with its interval and "
        "the chance of so much by luck.",
        columns(
            "experiment VARCHAR, metric VARCHAR, treated BIGINT, others BIGINT, pairs BOOLEAN, "
            "ways BIGINT, drift DOUBLE, drift_low DOUBLE, drift_high DOUBLE, drift_chance DOUBLE"
        ),
    ),
    "price_estimates": Table(
        "estimates",
        "A row an experiment of prices and arm: the price, how many people saw it and how many "
        "of them ordered, as a share too; what is left a person after what orders cost, what that "
        "is beyond the comparison's, and the chance that it is the most of all. Each with its 95 % "
        "interval; NULL where too few ordered.",
        columns(
            "experiment VARCHAR, arm VARCHAR, price DOUBLE, people BIGINT, buyers BIGINT, "
            "bought DOUBLE, bought_low DOUBLE, bought_high DOUBLE, margin DOUBLE, "
            "margin_low DOUBLE, margin_high DOUBLE, more DOUBLE, more_low DOUBLE, "
            "more_high DOUBLE, best DOUBLE"
        ),
    ),
    "verdicts": Table(
        "estimates",
        "A row an experiment and arm: the verdict in a word (worked, nothing_seen, harm, "
        "cannot_tell, uneven), the interval it rests on, guardrails that broke, how many more "
        "people an arm would settle it, the smallest change that matters, how sure it is that the "
        "groups came out uneven, whether it is over, and whether effects differ by segment.",
        columns(
            "experiment VARCHAR, arm VARCHAR, word VARCHAR, low DOUBLE, high DOUBLE, "
            "broken VARCHAR[], more BIGINT, smallest DOUBLE, uneven DOUBLE, over BOOLEAN, "
            "days_left BIGINT"
        ),
    ),
}
