"""Orders are derived from their lines, so that nobody has to keep two files in step."""

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, column, query
from carpel.stages.events.money import WORTH

LINES = "product_purchased"
ORDERS = "order_completed"
SUMMED = ("amount", "discount", "quantity", "shipping", "tax")
OF_A_LINE = {
    "product_id",
    "product_name",
    "sku",
    "category",
    "subcategory",
    "brand",
    "unit_price",
    "unit_cost",
    "order_id",
}
WHOLE = "order_amount"
"""What the order of a line cost, on its first line or on each of them."""
AS_WRITTEN = {"currency", "original_amount"}
"""What belongs to the amount beside it."""
OWN = {"ref", "source", "event_key", "at", "local_date", "local_hour", "loaded_at"}


def orders_from_lines(columns: dict[str, str], lines: Tree) -> Tree:
    """One order a person and `order_id`; a line without one is an order by itself.

    A person is who rows live on under, `survivor`; an order stands under the oldest of their keys.

    Amounts, discounts and quantities are summed; where lines say only what their order cost, as
    `order_amount` on any of them, that counts once. A text that all lines of the order share is the
    order's too; an order came when the first of its lines did.
    """
    identified = "order_id" in columns
    order = (
        query("coalesce(order_id, 'line ' || event_key)")
        if identified
        else query("'line ' || event_key")
    )
    return query(
        """
        SELECT min(customer) AS customer, survivor, min(source) AS source,
               md5_number_lower(min(customer) || ' ' || order_of) AS event_key,
               min(at) AS at, min(local_date) AS local_date,
               arg_min(local_hour, at) AS local_hour, min(loaded_at) AS loaded_at,
               order_of AS order_id, count(*) AS lines, :products AS products, :sums, :shared
        FROM (SELECT *, :order AS order_of FROM :lines AS lines) AS lines
        GROUP BY survivor, order_of""",
        order=order,
        lines=lines,
        products=_products(columns),
        sums=_sums(columns),
        shared=_shared(columns),
    )


def orders_beside(direct: Tree, derived: Tree, engine: Engine) -> Tree:
    """Orders that a source brings, and those derived from lines that it does not bring itself.

    What a source does not say of an order it brings, such as how many lines it has, its lines
    say. Where what a source brings has no `order_id`, none of its orders is a derived one.
    """
    if "order_id" in engine.columns(direct):
        brought, direct = direct, _completed(direct, derived, engine)
        derived = query(
            """SELECT derived.* FROM :derived AS derived ANTI JOIN :direct AS direct
               ON direct.survivor = derived.survivor AND direct.order_id = derived.order_id""",
            direct=brought,
            derived=derived,
        )
    return query(
        "SELECT * FROM :direct AS direct UNION ALL BY NAME SELECT * FROM :derived AS derived",
        direct=direct,
        derived=derived,
    )


def _completed(direct: Tree, derived: Tree, engine: Engine) -> Tree:
    """Orders that a source brings, with the columns beside that only their lines have."""
    own = {*engine.columns(direct), *AS_WRITTEN}
    further = [column(each, "derived") for each in engine.columns(derived) if each not in own]
    if not further:
        return direct
    return query(
        """SELECT direct.*, :further FROM :direct AS direct LEFT JOIN :derived AS derived
           ON direct.survivor = derived.survivor AND direct.order_id = derived.order_id""",
        further=further,
        direct=direct,
        derived=derived,
    )


def _products(columns: dict[str, str]) -> Tree:
    return query("count(DISTINCT product_id)") if "product_id" in columns else query("count(*)")


def _sums(columns: dict[str, str]) -> list[Tree]:
    """Sums over the lines; unknown where a line's worth is not known in the project's currency."""
    worth = [each for each in WORTH if each in columns]
    total = "sum(:it)"
    if "original_amount" in columns and worth:
        known = " OR ".join(f"{each} IS NOT NULL" for each in worth)
        total = (
            f"CASE WHEN count(original_amount) <= count(*) FILTER (WHERE {known}) THEN {total} END"
        )
    sums = {each: query(total, it=column(each)) for each in SUMMED if each in columns}
    if WHOLE in columns:
        once = query("max(:it)", it=column(WHOLE))
        sums["amount"] = (
            query("coalesce(:a, :b)", a=sums["amount"], b=once) if "amount" in sums else once
        )
    return [aliased(each, name) for name, each in sums.items()]


def _shared(columns: dict[str, str]) -> list[Tree]:
    shared = [
        each for each, kind in columns.items() if kind == "VARCHAR" and each not in OF_A_LINE | OWN
    ]
    return [
        aliased(query("CASE WHEN min(:it) = max(:it) THEN min(:it) END", it=column(each)), each)
        for each in shared
    ]
