"""Words of statistics, which stand under Details alone."""

STATISTICAL = (
    "p[- ]values?",
    "significan(t|ce)",
    "standard deviations?",
    "standardised",
    "variances?",
    "confidence",
    "Cohen",
    "Jaccard",
    "bootstrap\\w*",
    "quantiles?",
    "percentiles?",
    "Benjamini",
    "hypothes[ie]s",
    "correlat\\w+",
    "regression",
    "resampl\\w+",
    "dip test",
    "chi-squared?",
    "t-tests?",
    "base rate",
    "likelihood",
    "outliers?",
    "q",
)
"""Terms that only a statistician should have to read."""
