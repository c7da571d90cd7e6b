"""What people did who were in an experiment: sums, of which every figure is worked out."""

from collections.abc import Mapping

from carpel.tables.table import Table, columns

TABLES: Mapping[str, Table] = {
    "experiments": Table(
        "outcomes",
        "A row an experiment, which is a campaign that has begun or a test made elsewhere: what "
        "the verdict is about, from when to when what people did counts, when the last of them "
        "is through (`over_at`), and how many were left out since they were in several arms.",
        columns(
            "experiment VARCHAR, kind VARCHAR, label VARCHAR, goal VARCHAR, guardrails VARCHAR[], "
            "comparison VARCHAR, within_days BIGINT, began_at TIMESTAMP, over_at TIMESTAMP, "
            "in_several BIGINT, smallest DOUBLE, cost DOUBLE"
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
            "largest DOUBLE, giant DOUBLE, drawn_in BIGINT"
        ),
    ),
    "metrics": Table(
        "outcomes",
        "A row an experiment and metric it is measured by: what that is called, whether it is "
        "shown as `money`, a `share` or a `number`, and whether more of it is better.",
        columns("experiment VARCHAR, metric VARCHAR, label VARCHAR, shown VARCHAR, better VARCHAR"),
    ),
}
