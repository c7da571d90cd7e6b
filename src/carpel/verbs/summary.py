"""The current build on one screen."""

from typing import Any

from carpel.engine.query import query, table
from carpel.evaluation.refunds import bought
from carpel.specs.goal import unmeasured
from carpel.store.accounting import accounts
from carpel.verbs.checked import JUDGING, missed
from carpel.verbs.predicted import refused
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session
from carpel.verbs.spent import all_spent
from carpel.verbs.traits import refused_scales


def summary(session: Session) -> dict[str, Any]:
    """People, rows and their fate by source, segments by what they are worth, and notes."""
    with reading(session) as reader:
        return {
            "people": reader.engine.value(query("SELECT count(*) FROM customers")),
            "buyers": _buyers(reader),
            "accounting": _accounting(reader),
            "segments": reader.dicts(
                query(
                    "SELECT * EXCLUDE (kind, objective, action, rule, plain) FROM sizes "
                    "ORDER BY contains(segment, '.'), revenue_365d DESC NULLS LAST, people DESC"
                )
            ),
            "why_as_of": _why_as_of(reader),
            "notes": _notes(reader),
        }


def _buyers(reader: Reader) -> int:
    revenue = f"event_{reader.definitions.project.revenue.event}"
    if revenue not in reader.build.tables():
        return 0
    return int(
        reader.engine.value(
            query(
                """SELECT count(DISTINCT coalesce(a.survivor, e.customer)) FROM :t AS e
                   LEFT JOIN aliases AS a ON a.customer = e.customer WHERE :bought""",
                t=table(revenue),
                bought=bought(reader.engine.columns(revenue), "e"),
            )
        )
    )


def _accounting(reader: Reader) -> list[dict[str, Any]]:
    return [
        {
            "source": each.source,
            "read": each.read,
            "loaded": each.rows["loaded"],
            "merged": each.rows["merged"],
            "set_aside": each.rows["set aside"],
            "reasons": [{"reason": why.reason, "rows": why.rows} for why in each.reasons],
        }
        for each in accounts(reader.engine)
    ]


def _why_as_of(reader: Reader) -> str:
    stale = reader.build.about.get("stale")
    return ": the last event, since the data ends there" if stale else ""


def _notes(reader: Reader) -> list[str]:
    told = reader.build.notes("identity").get("probabilistic")
    notes = [f"people were matched by exact identifiers only: {told}"] if told != "done" else []
    rows = reader.engine.rows(
        query(
            "SELECT message FROM findings WHERE severity = 'error' "
            "AND NOT starts_with(\"check\", 'check_') ORDER BY rows DESC LIMIT 3"
        )
    )
    return [
        *notes,
        *_checks(reader),
        *refused(reader),
        *refused_scales(reader),
        *_reached(reader),
        *_costly(reader),
        *(str(row[0]) for row in rows),
    ]


def _checks(reader: Reader) -> list[str]:
    """The project's own checks that did not hold, of an accepted build those that failed too."""
    judged = {stage: reader.build.notes(stage) for stage in JUDGING}
    ways = ("failed", "warned")
    return [told for how in ways for told in missed(judged, reader.definitions, how)]


def _costly(reader: Reader) -> list[str]:
    """Segments that took longer than the project's budget for one."""
    return [
        f"segment {each.segment} took {each.seconds:.3g} s, "
        f"more than {each.most:g}: carpel ls costs"
        for each in all_spent(reader)
        if each.too_much
    ]


def _reached(reader: Reader) -> list[str]:
    """Goals met before anything was done for them, to think over, and those not measured."""
    if "goals" not in reader.build.tables():
        return []
    rows = reader.engine.rows(
        query(
            "SELECT goal, metric, value, target FROM goals "
            "WHERE value >= target OR value IS NULL ORDER BY goal"
        )
    )
    return [
        f"{goal.replace('_', ' ')} {unmeasured(metric)}"
        if value is None
        else f"{goal.replace('_', ' ')} is already reached: "
        f"{_figure(metric, value)} against {_figure(metric, target)}"
        for goal, metric, value, target in rows
    ]


def _figure(metric: str, value: float) -> str:
    return f"{100 * value:.3g} %" if metric.endswith("_rate") else f"{value:,.0f}"
