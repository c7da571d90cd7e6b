"""Sentences on made-up figures, one of each kind and more."""

from dataclasses import replace

from carpel.evidence import Evidence, Sentence

ORDERS = Evidence(
    "mean",
    "orders_365d",
    "Orders, 365 days",
    131.2,
    120.0,
    142.4,
    502,
    22.5,
    3104,
    97.0,
    120.0,
    "more",
    unit="orders",
    q=0.0001,
    effect=1.5,
)
AGE = replace(
    ORDERS, of="age", label="Age", unit="years", value=45.2, low=44.0, high=46.4, contrast=44.9,
    gap_low=-0.9, gap_high=1.5, direction="same",
)  # fmt: skip
SPEND = replace(
    ORDERS, of="average_order_value", label="Average order value", unit="USD", value=33.5,
    low=31.0, high=36.0, contrast=1240.4, gap_low=-1300.0, gap_high=-1100.0, direction="less",
)  # fmt: skip
INCOME = replace(
    ORDERS, statistic="share", of="income_band", label="Income band", part="50-74K", unit="share",
    value=0.26, low=0.22, high=0.31, contrast=0.18, gap_low=0.02, gap_high=0.14,
)  # fmt: skip
COFFEE = replace(INCOME, of="bought_category", label="category", part="COFFEE")
NEVER = replace(
    COFFEE, part="CAT FOOD", value=0.0, low=0.0, high=0.01, contrast=0.21, gap_low=-0.24,
    gap_high=-0.17, direction="less",
)  # fmt: skip
CITY = replace(
    INCOME, of="city", label="City", part="Neuburg", value=0.021, low=0.01, high=0.04,
    contrast=0.0004, gap_low=-0.01, gap_high=0.04, direction="open",
)  # fmt: skip
HALF = replace(
    ORDERS, statistic="median", of="orders_12m", label="In a year", unit="", value=84.0, low=80.0,
    high=89.0, contrast=7.0, gap_low=72.0, gap_high=83.0, direction="open",
)  # fmt: skip
MONEY = replace(HALF, of="spend_12m", unit="EUR", value=3210.55, low=3000.0, high=3500.0,
                contrast=410.2, gap_low=2600.0, gap_high=3100.0)  # fmt: skip
SPREAD = replace(
    INCOME, of="orders_12m", label="In a year", part="below", value=0.12, low=0.09, high=0.15,
    contrast=0.49, gap_low=-0.42, gap_high=-0.32, direction="less",
)  # fmt: skip
REVENUE = replace(
    ORDERS, statistic="share_of_total", of="spend_365d", label="revenue of the last 365 days",
    unit="share", value=0.453, low=0.42, high=0.49, contrast=0.139, gap_low=0.28, gap_high=0.35,
    contrast_n=3606,
)  # fmt: skip
MONTH = replace(COFFEE, of="ordered_in", label="Month", part="May", value=0.98, low=0.95,
                high=0.99, contrast=0.7, gap_low=0.2, gap_high=0.33)  # fmt: skip
OWN = replace(ORDERS, of="cups_2_go", label="Cups 2 go, 90 days", unit="")
SENTENCES = (
    Sentence("told", ORDERS),
    Sentence("told", AGE),
    Sentence("assume", AGE),
    Sentence("told", SPEND),
    Sentence("told", INCOME),
    Sentence("told", COFFEE),
    Sentence("seldom", NEVER),
    Sentence("told", CITY),
    Sentence("assume", CITY),
    Sentence("half", HALF),
    Sentence("half", MONEY),
    Sentence("revenue", REVENUE),
    Sentence("spread", SPREAD),
    Sentence("told", MONTH),
    Sentence("told", OWN),
)
