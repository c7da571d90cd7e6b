"""What contradicts between tables: orders and their lines, births and first orders."""

from collections.abc import Iterable, Iterator

from carpel.engine.query import Tree, column, conjunction, query, table
from carpel.stages.base import Line
from carpel.stages.quality.conditions import BIRTHS, apart
from carpel.stages.quality.finding import Finding, said
from carpel.stages.quality.subject import STAGED, Subject, is_time

LINES = f"{STAGED}product_purchased"
ORDERS = f"{STAGED}order_completed"


def order_totals(line: Line, subject: Subject) -> Iterator[Finding]:
    """Orders whose amount is not the sum of their lines."""
    if subject.table != ORDERS or not subject.has("amount", "order_id"):
        return
    known = set(line.engine.columns(LINES)) if LINES in line.tables() else set()
    if not {"amount", "order_id"} <= known:
        return
    less = "coalesce(max(abs(shared_discount)), 0)" if "shared_discount" in known else "0"
    differs, of = line.engine.rows(
        query(
            """SELECT count(*) FILTER (WHERE :differs), count(*)
               FROM :rows AS o JOIN :lines AS l ON l.order_id = CAST(o.order_id AS VARCHAR)
               WHERE o.amount IS NOT NULL""",
            rows=subject.rows,
            differs=_differs(subject),
            lines=query(
                f"""SELECT CAST(order_id AS VARCHAR) AS order_id, sum(amount) AS total,
                           {less} AS less
                    FROM :t AS t WHERE amount IS NOT NULL GROUP BY ALL""",
                t=table(LINES),
            ),
        )
    )[0]
    if differs:
        yield Finding(
            subject.source,
            "order_totals",
            subject.said("amount"),
            "warning",
            differs,
            of,
            False,
            f"{said(differs, of, 'have')} an order amount that is not the sum of its lines.",
            "See whether lines are missing, or what is in the total.",
        )


def _differs(subject: Subject) -> Tree:
    """Apart from the sum of the lines under every usual reading of the total: less the discount of
    the order, with shipping and tax or without."""
    own = column("discount", "o") if subject.has("discount") else query("0")
    lines = [query("l.total"), query("l.total - l.less"), query("l.total - abs(:d)", d=own)]
    extra = [each for each in ("shipping", "tax") if subject.has(each)]
    beside = [[], *([each] for each in extra), extra]
    totals = [_with(total, some) for total in lines for some in beside]
    return conjunction([apart(query("o.amount"), each) for each in totals])


def _with(total: Tree, some: Iterable[str]) -> Tree:
    for each in some:
        total = query("(:total) + coalesce(:c, 0)", total=total, c=column(each, "o"))
    return total


def births(line: Line, subject: Subject) -> Iterator[Finding]:
    """People who did something before they were born."""
    born = next((each for each in BIRTHS if subject.has(each)), None)
    events = line.tables("staged_event")
    if subject.table != "records" or born is None or not events:
        return
    if not is_time(subject.kinds[born]):
        return
    wrong, of = line.engine.rows(
        query(
            """SELECT count(*) FILTER (WHERE r.born > f.first), count(*)
               FROM :people AS r JOIN :firsts AS f ON f.ref = r.ref""",
            people=query(
                "SELECT ref, :born AS born FROM :rows AS r WHERE (:born) IS NOT NULL",
                born=column(born),
                rows=subject.rows,
            ),
            firsts=_firsts(events),
        )
    )[0]
    if wrong:
        yield Finding(
            subject.source,
            "contradictory",
            subject.said(born),
            "warning",
            wrong,
            of,
            False,
            f"{said(wrong, of, 'have')} a {subject.said(born)} after the first thing the "
            "person did.",
            "Leave the date empty where it is not known.",
        )


def _firsts(events: list[str]) -> Tree:
    each = [query("SELECT ref, at FROM :t", t=table(name)) for name in events]
    together = each[0]
    for further in each[1:]:
        together = query(
            "SELECT * FROM :a AS a UNION ALL SELECT * FROM :b AS b", a=together, b=further
        )
    return query("SELECT ref, min(at) AS first FROM :events AS e GROUP BY ref", events=together)
