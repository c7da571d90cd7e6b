"""Steps one after the other, as one query: each step adds a window over the rows it needs.

Of the ways to reach a step, the latest is the best: its gap to the next step is the shortest and
leaves the least room for what must not happen between. So a row needs to know only the latest
earlier row that completed the step before.
"""

from collections.abc import Collection, Mapping

from sqlglot import exp

from carpel.engine import functions
from carpel.engine.query import Tree, aliased, column, conjunction, literal, name, query
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock, since, upto
from carpel.evaluation.relation import CUSTOMER, occurrences
from carpel.evaluation.windows import TICK, Span, shift, span
from carpel.language import Doing, Period, Sequence, Step

_MICROSECONDS = 1_000_000


def sequence(
    node: Sequence,
    catalogue: Catalogue,
    clock: Clock,
    keys: Collection[int] | None = None,
    families: Mapping[str, str] | None = None,
    instead: Mapping[str, Tree] | None = None,
) -> exp.Select:
    """Everybody who went through all the steps; `value` is true."""
    around, ends = (span(each, clock.moment, clock.zone) for each in (node.window, node.ends))
    done = list(dict.fromkeys(doings(node)))
    rows = _rows(done, catalogue, clock, around.start, (keys, families or {}, instead))
    numbers = {doing: f"d{index}" for index, doing in enumerate(done)}
    staged = rows
    for index, step in enumerate(node.steps):
        staged = _step(staged, index, step, numbers, around, clock)
    last = f"s{len(node.steps) - 1}"
    at = column("at")
    limits = [column(last), *([since(at, ends.start)] if ends.start else []), upto(at, ends.end)]
    return (
        exp.select(column(CUSTOMER), aliased(exp.true(), "value"))
        .from_(staged.subquery("steps"))
        .where(conjunction(limits))
        .group_by(column(CUSTOMER))
    )


def doings(node: Sequence) -> list[Doing]:
    """What is done in the steps and must not be done between them, maybe repeatedly."""
    return [each for step in node.steps for each in (step.doing, *step.without)]


def _rows(
    doings: list[Doing],
    catalogue: Catalogue,
    clock: Clock,
    start: object,
    of: tuple[Collection[int] | None, Mapping[str, str], Mapping[str, Tree] | None],
) -> exp.Select:
    """Every row that a step or an exclusion means, with a flag for each of them."""
    keys, families, instead = of
    parts = []
    for doing in doings:
        family = families.get(doing.event, "event")
        rows, key, home = occurrences(doing, catalogue, clock, family, keys, instead)
        at = column("at", home)
        limits = [upto(at, clock.moment + TICK), *([since(at, start)] if start else [])]
        flags = [
            aliased(exp.true() if each == doing else exp.false(), f"d{index}")
            for index, each in enumerate(doings)
        ]
        moment = aliased(functions.microseconds(at), "us")
        parts.append(
            rows.where(*limits).select(aliased(key, CUSTOMER), aliased(at, "at"), moment, *flags)
        )
    happened = parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)
    return exp.select("*").from_(happened.subquery("happened"))


def _step(
    rows: exp.Select,
    index: int,
    step: Step,
    numbers: Mapping[Doing, str],
    around: Span,
    clock: Clock,
) -> exp.Select:
    """The rows with a flag that says whether the steps so far end there."""
    done = column(numbers[step.doing])
    if index == 0:
        return _flagged(rows, index, conjunction([done, upto(column("at"), around.end)]), {})
    before = column(f"s{index - 1}")
    if step.absent:
        assert step.within is not None
        until = f"BETWEEN 1 FOLLOWING AND {gap(step.within)} FOLLOWING"
        following = _window("MIN", done, until)
        over = upto(column("at"), shift(clock.moment, step.within, clock.zone) + TICK)
        lacks = query(":it IS NULL", it=column(f"n{index}"))
        return _flagged(rows, index, conjunction([before, lacks, over]), {f"n{index}": following})
    least = gap(step.after) if step.after else 1
    former = _window("MAX", before, f"BETWEEN UNBOUNDED PRECEDING AND {least} PRECEDING")
    added = {f"p{index}": former}
    holds = [done, upto(column("at"), around.end), query(":p IS NOT NULL", p=column(f"p{index}"))]
    if step.within:
        holds.append(query("us - :p <= :gap", p=column(f"p{index}"), gap=literal(gap(step.within))))
    if step.without:
        shut_out = exp.or_(*(column(numbers[each]) for each in step.without))
        between = _window("MAX", shut_out, "BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING")
        added[f"x{index}"] = between
        clear = query("COALESCE(:x <= :p, TRUE)", x=column(f"x{index}"), p=column(f"p{index}"))
        holds.append(clear)
    return _flagged(rows, index, conjunction(holds), added)


def _window(function: str, flag: Tree, frame: str) -> Tree:
    return query(
        f"{function}(CASE WHEN :flag THEN us END) OVER "
        f"(PARTITION BY customer ORDER BY us RANGE {frame})",
        flag=flag,
    )


def _flagged(rows: exp.Select, index: int, holds: Tree, added: Mapping[str, Tree]) -> exp.Select:
    """The rows with the columns a step needs, then with the step's own flag."""
    if added:
        wider = [exp.Star(), *(aliased(tree, each) for each, tree in added.items())]
        rows = exp.select(*wider).from_(rows.subquery(f"before{index}"))
    return exp.select(exp.Star(), exp.alias_(holds, name(f"s{index}"))).from_(
        rows.subquery(f"step{index}")
    )


def gap(period: Period) -> int:
    """Microseconds of a gap, which is said in hours, days or weeks."""
    hours = {"hours": 1, "days": 24, "weeks": 168}[period.unit] * period.count
    return hours * 3600 * _MICROSECONDS
