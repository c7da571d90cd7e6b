"""Contracts and accounts, under the keys of the people they belong to."""

from carpel.engine.query import Tree, aliased, column, query, table
from carpel.stages.base import Line, Output

COMPANIES = ("described_account_id", "described_domain", "described_account_name")
"""Files of companies by what people's records may call theirs, the surest first."""


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
    one build. The value that most rows give survives; what a file of companies says of its key
    stands where no row says it.
    """
    if not line.table_files("staged_places"):
        return
    known = ("ref", "source", "account_key", "name")
    columns = line.engine.columns("staged_places")
    traits = {each: kind for each, kind in columns.items() if each not in known}
    line.engine.create(
        "placed",
        query("""
        SELECT dense_rank() OVER (ORDER BY account_key) AS account, i.customer, s.*
        FROM staged_places AS s JOIN identities AS i ON i.ref = s.ref
        WHERE account_key IS NOT NULL"""),
    )
    whole = query(
        "SELECT account, any_value(account_key) AS account_key, mode(name) AS name, :traits "
        "FROM placed GROUP BY account",
        traits=[aliased(query("mode(:it)", it=column(each)), each) for each in traits],
    )
    for companies in COMPANIES:
        if companies in line.tables():
            whole = _looked_up(line, whole, traits, companies)
    out.write("accounts", query("SELECT * FROM :whole AS a ORDER BY account", whole=whole))
    out.write(
        "belongings",
        query("SELECT DISTINCT customer, account FROM placed ORDER BY customer, account"),
    )
    line.engine.drop("placed")


def _looked_up(line: Line, accounts: Tree, traits: dict[str, str], companies: str) -> Tree:
    """The accounts with what a table of companies says of their keys; adds to `traits`."""
    key = companies.removeprefix("described_")
    said = {f"t_{each}": each for each in line.engine.columns(companies) if each != key}
    named = said.pop("t_account_name", key if key == "account_name" else None)
    kinds = line.engine.columns(companies)
    name = query("coalesce(a.name, :d)", d=column(named, "d")) if named else column("name", "a")
    own: dict[str, Tree] = {each: column(each, "a") for each in traits}
    for each, theirs in said.items():
        value: Tree = column(theirs, "d")
        if each in traits:
            value = query(f"coalesce(:a, TRY_CAST(:d AS {traits[each]}))", a=own[each], d=value)
        own[each] = value
        traits.setdefault(each, kinds[theirs])
    return query(
        """SELECT a.account, a.account_key, :name AS name, :own FROM :accounts AS a
           LEFT JOIN :companies AS d
           ON lower(CAST(:key AS VARCHAR)) = lower(CAST(a.account_key AS VARCHAR))""",
        name=name,
        own=[aliased(tree, each) for each, tree in own.items()],
        accounts=accounts,
        companies=table(companies),
        key=column(key, "d"),
    )
