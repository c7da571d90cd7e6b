"""What sources say, what became of their rows and how good they are."""

from collections.abc import Mapping

from carpel.tables.table import DOING, TERMS, Table, columns

TABLES: Mapping[str, Table] = {
    "records": Table(
        "sources",
        "What a source says about somebody, one row a distinct saying; `seen_at` is when it was "
        "last true, `first_seen_at` the first that the source knows of who it is about.",
        columns(
            "ref UBIGINT, source VARCHAR, file VARCHAR, row BIGINT, seen_at TIMESTAMP, "
            "first_seen_at TIMESTAMP"
        ),
        open=True,
        identifying=True,
    ),
    "staged_event": Table(
        "sources",
        "Events as read, before anybody knows who `ref` is.",
        columns(f"ref UBIGINT, source VARCHAR, {DOING}"),
        open=True,
        family=True,
    ),
    "staged_contracts": Table(
        "sources", "Contracts as read.", columns(f"ref UBIGINT, source VARCHAR, {TERMS}")
    ),
    "staged_consents": Table(
        "sources",
        "Permissions as read.",
        columns(
            "ref UBIGINT, source VARCHAR, channel VARCHAR, purpose VARCHAR, granted BOOLEAN, "
            "suppress BOOLEAN, at TIMESTAMP, proof VARCHAR, undeliverable BOOLEAN, "
            "file VARCHAR, row BIGINT"
        ),
    ),
    "staged_places": Table(
        "sources",
        "Which account the people of a source belong to.",
        columns("ref UBIGINT, source VARCHAR, account_key VARCHAR, name VARCHAR"),
        open=True,
        identifying=True,
    ),
    "described": Table(
        "sources",
        "Things looked up by key, one row each: `described_product_id` by `product_id`.",
        {},
        open=True,
        family=True,
    ),
    "costs": Table(
        "sources",
        "What was spent.",
        columns(
            "source VARCHAR, at TIMESTAMP, amount DOUBLE, currency VARCHAR, channel VARCHAR, "
            "campaign VARCHAR"
        ),
    ),
    "set_aside": Table(
        "sources",
        "Rows that could not be used, whole, with the reason.",
        columns(
            "source VARCHAR, file VARCHAR, row BIGINT, reason VARCHAR, column VARCHAR, "
            "content VARCHAR"
        ),
        identifying=True,
    ),
    "accounting": Table(
        "sources",
        "Rows by source, file and fate: loaded, merged or set aside with its reason.",
        columns(
            "source VARCHAR, file VARCHAR, fate VARCHAR, reason VARCHAR, rows BIGINT, amount DOUBLE"
        ),
    ),
    "findings": Table(
        "quality",
        "What is wrong with the data, counted: `severity` is note, warning or error.",
        columns(
            "source VARCHAR, check VARCHAR, column VARCHAR, severity VARCHAR, rows BIGINT, "
            "of BIGINT, fixed BOOLEAN, message VARCHAR, proposal VARCHAR"
        ),
    ),
    "scores": Table(
        "quality",
        "One score a source, 0 to 1.",
        columns("source VARCHAR, score DOUBLE, rows BIGINT"),
    ),
}
