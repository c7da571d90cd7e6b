"""Rows about what people hold and belong to, prepared for the catalogue's formulas."""

from carpel.engine.query import Tree, column, query
from carpel.evaluation.contracts import judged
from carpel.stages.profiles.purchases import orders, revenue
from carpel.stages.profiles.relations import Relations, stacked


def contracts(relations: Relations) -> Tree | None:
    """Contracts begun by `as_of`: whether each runs, is on trial, paused or unpaid, and what it
    is worth a month. Columns that no source fills are left out."""
    rows = relations.table("contracts")
    if rows is None:
        return None
    earning = query(
        """SELECT j.*, active AND NOT paused AND NOT in_trial AS earning
                      FROM :judged AS j""",
        judged=judged(rows, relations.line.moment),
    )
    return _without_empty(relations, earning)


def _without_empty(relations: Relations, rows: Tree) -> Tree:
    columns = list(relations.engine.columns("contracts"))
    ((_, *filled),) = relations.engine.rows(
        query(
            "SELECT count(*), :counts FROM contracts",
            counts=[query("count(:it)", it=column(each)) for each in columns],
        )
    )
    empty = [each for each, known in zip(columns, filled, strict=True) if not known]
    kept = [
        column(each) for each in relations.engine.columns(rows) if each not in ("customer", *empty)
    ]
    return query("SELECT customer, :kept FROM :rows AS c", kept=kept, rows=rows)


def customers(relations: Relations) -> Tree | None:
    """Everybody, when of anybody it is known since when."""
    rows = relations.table("customers")
    known = relations.engine.value(query("SELECT count(known_since) FROM customers"))
    return rows if known else None


def since(relations: Relations) -> Tree | None:
    """When each began to be a customer: orders and contracts, a row each."""
    bought, held = orders(relations), relations.table("contracts")
    began = []
    if bought is not None:
        began.append(query("SELECT customer, at FROM :rows AS e", rows=bought))
    if held is not None:
        began.append(
            relations.read(
                """SELECT customer, started_at AS at FROM :rows AS c
                                       WHERE started_at <= :as_of""",
                rows=held,
            )
        )
    return stacked(began)


def accounts(relations: Relations) -> Tree | None:
    """By customer, the companies or households they belong to: people and spend in each."""
    rows = relations.table("belongings")
    if rows is None:
        return None
    members = query("SELECT DISTINCT customer, account FROM :rows AS b", rows=rows)
    if relations.line.table_files("accounts"):
        members = query(
            """SELECT b.customer, a.* EXCLUDE (account_key, name) FROM :members AS b
               LEFT JOIN accounts AS a ON a.account = b.account""",
            members=members,
        )
    came = revenue(relations)
    if came is None:
        return query(
            """SELECT m.*, count(*) OVER (PARTITION BY account) AS people
                        FROM :members AS m""",
            members=members,
        )
    spent = relations.read(
        """SELECT customer, sum(amount) AS spend FROM :came AS c
                              WHERE at > :since_365d GROUP BY customer""",
        came=came,
    )
    return query(
        """SELECT m.*, count(*) OVER (PARTITION BY account) AS people,
                           coalesce(round(sum(spend) OVER (PARTITION BY account), 4), 0)
                             AS spend_365d
                    FROM :members AS m LEFT JOIN :spent AS s ON s.customer = m.customer""",
        members=members,
        spent=spent,
    )
