"""Contracts and accounts, under the keys of the people they belong to."""

from carpel.engine.query import aliased, column, query
from carpel.stages.base import Line, Output


def contracts(line: Line, out: Output) -> None:
    """Write `contracts`: the newest reading of each, sorted by customer."""
    if line.table_files("staged_contracts"):
        out.write(
            "contracts",
            query("""
            SELECT i.customer, s.* EXCLUDE (ref, source)
            FROM staged_contracts AS s JOIN identities AS i ON i.ref = s.ref
            ORDER BY i.customer, s.started_at"""),
        )


def accounts(line: Line, out: Output) -> None:
    """Write `accounts`, one row a company or household, and who belongs to it.

    An account's number is its place among the names' keys in order: it carries no meaning beyond
    one build. The value that most rows give survives.
    """
    if not line.table_files("staged_places"):
        return
    columns = line.engine.columns("staged_places")
    traits = [each for each in columns if each not in ("ref", "source", "account_key", "name")]
    line.engine.create(
        "placed",
        query("""
        SELECT dense_rank() OVER (ORDER BY account_key) AS account, i.customer, s.*
        FROM staged_places AS s JOIN identities AS i ON i.ref = s.ref
        WHERE account_key IS NOT NULL"""),
    )
    out.write(
        "accounts",
        query(
            """
        SELECT account, any_value(account_key) AS account_key, mode(name) AS name, :traits
        FROM placed GROUP BY account ORDER BY account""",
            traits=[aliased(query("mode(:it)", it=column(each)), each) for each in traits],
        ),
    )
    out.write(
        "belongings",
        query("SELECT DISTINCT customer, account FROM placed ORDER BY customer, account"),
    )
    line.engine.drop("placed")
