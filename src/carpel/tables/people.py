"""Who customers are, what they did and hold, and what is known and foreseen of them."""

from collections.abc import Mapping

from carpel.tables.table import DOING, TERMS, Table, columns

TABLES: Mapping[str, Table] = {
    "identities": Table(
        "identity",
        "Who a record belongs to, those no longer read included; `origin` is its first key.",
        columns(
            "ref UBIGINT, source VARCHAR, customer BIGINT, origin BIGINT, known_since TIMESTAMP"
        ),
    ),
    "customers": Table(
        "identity",
        "Everybody who exists: a dense key that never changes nor gets reused; `known_since` is "
        "the first that any source knows of them.",
        columns("customer BIGINT, known_since TIMESTAMP, records BIGINT"),
    ),
    "aliases": Table(
        "identity",
        "Keys that live on under another after a merge.",
        columns("customer BIGINT, survivor BIGINT"),
    ),
    "links": Table(
        "identity",
        "Why two records are one person. `value` is identifying.",
        columns(
            "left_ref UBIGINT, right_ref UBIGINT, how VARCHAR, kind VARCHAR, value VARCHAR, "
            "probability DOUBLE, evidence VARCHAR"
        ),
        identifying=True,
    ),
    "contacts": Table(
        "identity",
        "The facts sources state about each person, the surviving value a field.",
        columns("customer BIGINT"),
        open=True,
        identifying=True,
    ),
    "provenance": Table(
        "identity",
        "Which source a surviving field came from.",
        columns("customer BIGINT, field VARCHAR, source VARCHAR, seen_at TIMESTAMP, others BIGINT"),
    ),
    "event": Table(
        "events",
        "What customers did, sorted by the event's cluster_by and time.",
        columns(f"customer BIGINT, {DOING}, source VARCHAR"),
        open=True,
        family=True,
    ),
    "activity": Table(
        "events",
        "The same events sorted by customer.",
        columns(f"customer BIGINT, {DOING}, source VARCHAR"),
        open=True,
        family=True,
    ),
    "contracts": Table(
        "events", "What customers hold and held.", columns(f"customer BIGINT, {TERMS}")
    ),
    "accounts": Table(
        "events",
        "Companies and households.",
        columns("account BIGINT, account_key VARCHAR, name VARCHAR"),
        open=True,
        identifying=True,
    ),
    "belongings": Table(
        "events",
        "Which account a customer belongs to.",
        columns("customer BIGINT, account BIGINT"),
    ),
    "consents": Table(
        "consents",
        "The permission that is in force, a customer, channel and purpose.",
        columns(
            "customer BIGINT, channel VARCHAR, purpose VARCHAR, granted BOOLEAN, "
            "suppressed BOOLEAN, at TIMESTAMP, source VARCHAR"
        ),
    ),
    "profiles": Table(
        "profiles",
        "One row a customer: anchors and figures, no identifying value.",
        columns("customer BIGINT"),
        open=True,
    ),
    "traits": Table(
        "profiles",
        "The traits of this build: where each is, what it means, who has it.",
        columns(
            "trait VARCHAR, label VARCHAR, meaning VARCHAR, criterion VARCHAR, type VARCHAR, "
            "unit VARCHAR, sensitivity VARCHAR, table VARCHAR, expression VARCHAR, known BIGINT, "
            "of BIGINT"
        ),
        joined_by=("predictions",),
    ),
    "scales": Table(
        "profiles",
        "A row a survey trait's file: whether it is `used` and how its items hang together, or why "
        "not; of a scale Cronbach's `alpha` with its 95 % interval, of factors their number, and "
        "beside it what parallel analysis says.",
        columns(
            "scale VARCHAR, kind VARCHAR, used BOOLEAN, reason VARCHAR, people BIGINT, "
            "items BIGINT, alpha DOUBLE, low DOUBLE, high DOUBLE, factors BIGINT, parallel BIGINT"
        ),
    ),
    "scale_items": Table(
        "profiles",
        "Its items: the `trait` that each tells of, whether `reversed`; in a scale its correlation "
        "with the `rest` and alpha `without` it, of factors its `loading`. One left out tells of "
        "none, for a `reason`.",
        columns(
            "scale VARCHAR, trait VARCHAR, item VARCHAR, reversed BOOLEAN, loading DOUBLE, "
            "rest DOUBLE, without DOUBLE, reason VARCHAR"
        ),
    ),
    "predictions": Table(
        "predictions",
        "One row a customer, three columns a figure: `p_alive`, `p_alive_low`, `p_alive_high`.",
        columns("customer BIGINT"),
        open=True,
    ),
    "model_cards": Table(
        "predictions",
        "A row a model: its data, how it did on held-out time, whether it is used; `card` is JSON.",
        columns(
            "prediction VARCHAR, kind VARCHAR, model VARCHAR, used BOOLEAN, reason VARCHAR, "
            "at TIMESTAMP, data_from DATE, people BIGINT, held_out_days BIGINT, happened DOUBLE, "
            "foreseen DOUBLE, error DOUBLE, naive VARCHAR, naive_error DOUBLE, card VARCHAR"
        ),
    ),
}
