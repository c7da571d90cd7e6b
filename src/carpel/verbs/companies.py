"""Segments whose unit is an account: a page, reasons and a list of the companies in them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pyarrow as pa

from carpel.engine.query import Tree, aliased, column, query
from carpel.evaluation.bitmaps import to_keys
from carpel.language import RuleError
from carpel.verbs.apart import accounts_apart
from carpel.verbs.preview import in_accounts, reach_of
from carpel.verbs.reader import Reader
from carpel.verbs.spent import Spent, spent

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class AccountSegmentPage:
    """A segment of accounts in plain English and in numbers; `reach` counts their people.

    `called` is the word of the screen for many accounts: companies or households.
    """

    segment: str
    called: str
    numbers: Mapping[str, Any]
    plain: str
    sql: str
    reach: Rows
    cost: Spent | None = None
    apart: Rows = field(default_factory=list)
    """What sets them apart from all other accounts; see `carpel.verbs.apart`."""
    unit: Literal["account"] = "account"


@dataclass(frozen=True)
class AccountSegmentReasons:
    """A segment of accounts clause by clause: how many match, and of how many nobody knows."""

    segment: str
    called: str
    plain: str
    accounts: int
    clauses: Rows
    unit: Literal["account"] = "account"


def is_of_accounts(reader: Reader, name: str) -> bool:
    """Whether the build has a segment of this name whose unit is an account."""
    return name in reader.account_segments


def page(reader: Reader, name: str) -> AccountSegmentPage:
    """Everything about one of them."""
    row = reader.account_segments[name]
    numbers = {key: each for key, each in row.items() if key != "members"}
    reach = reach_of(reader, reader.account_evaluator.people_in(row["members"]))
    rule = reader.definitions.segments[name].rule if name in reader.definitions.segments else None
    sql = or_why_not(lambda: reader.account_evaluator.sql(rule)) if rule else ""
    took, apart = spent(reader, name), accounts_apart(reader, name)
    return AccountSegmentPage(name, called(reader), numbers, row["plain"], sql, reach, took, apart)


def or_why_not(sql: Callable[[], str]) -> str:
    """The SQL, or a comment that says why there is none."""
    try:
        return sql()
    except RuleError as error:
        return f"-- {error.message}"


def reasons(reader: Reader, name: str) -> AccountSegmentReasons:
    """How many accounts each clause lets in."""
    row = reader.account_segments[name]
    counted = reader.account_evaluator.preview(reader.definitions.segments[name].rule)
    told = in_accounts(counted, row["plain"], reader.labels)
    return AccountSegmentReasons(name, called(reader), row["plain"], row["accounts"], told)


def called(reader: Reader) -> str:
    """What accounts are called on screen here."""
    return reader.definitions.account_words[1]


def listed(reader: Reader) -> Rows:
    """A row each, as lists of segments have them."""
    return [
        {
            "segment": name,
            "label": row["label"],
            "accounts": row["accounts"],
            "people": row["people"],
            "share": row["accounts"] / row["of"] if row["of"] else 0.0,
            "objective": row["objective"],
        }
        for name, row in reader.account_segments.items()
    ]


def members(reader: Reader, name: str) -> pa.Table:
    """The accounts by key with how many people they have; no names."""
    choose(reader, name)
    return reader.engine.fetch(
        query(
            """SELECT account, COUNT(DISTINCT customer) AS people
               FROM belongings SEMI JOIN chosen USING (account) GROUP BY account ORDER BY account"""
        )
    )


def rows_to_export(reader: Reader, name: str) -> Tree:
    """A row an account: key, name, all that sources state of it, and how many people it has."""
    choose(reader, name)
    stated = [
        aliased(column(each, "a"), each.removeprefix("t_"))
        for each in reader.engine.columns("accounts")
        if each != "account"
    ]
    return query(
        """SELECT chosen.account, :stated,
                  (SELECT COUNT(DISTINCT customer) FROM belongings AS b
                   WHERE b.account = chosen.account) AS people
           FROM chosen LEFT JOIN accounts AS a ON a.account = chosen.account
           ORDER BY chosen.account""",
        stated=stated,
    )


def choose(reader: Reader, name: str) -> None:
    """Make the keys readable as the table `chosen`."""
    keys = to_keys(reader.account_segments[name]["members"])
    reader.engine.register("chosen", pa.table({"account": keys}))
