"""How values of each kind are stored."""

from collections.abc import Mapping

STORED: Mapping[str, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "instant": "TIMESTAMP",
    "list": "VARCHAR[]",
}
"""DuckDB's type of each kind; instants are UTC."""
