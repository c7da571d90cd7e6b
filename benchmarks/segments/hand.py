"""What one writes by hand without Carpel: a DuckDB query a segment, over events and profiles.

Each condition is a subquery of its own that names the people who meet it, as one writes it; the
conditions are joined by IN and NOT IN. Written for this grammar alone, from the plain rule.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from benchmarks.segments.grammar import Rule

SIGNS = {"at_least": ">=", "at_most": "<="}
FIGURES = {
    "count": "count(*)",
    "sum": "coalesce(round(sum(amount), 6), 0)",
    "distinct": "count(DISTINCT product)",
}


def sql(rule: Rule, as_of: datetime, events: Mapping[str, str]) -> str:
    """The members of a rule; `events` says where the rows of an event are read."""
    return f"SELECT customer FROM profiles WHERE {_holds(rule, as_of, events)}"


def _holds(rule: Rule, as_of: datetime, events: Mapping[str, str]) -> str:
    for word, join in (("all", " AND "), ("any", " OR ")):
        if word in rule:
            return f"({join.join(_holds(each, as_of, events) for each in rule[word])})"
    if "not" in rule:
        return f"NOT ({_holds(rule['not'], as_of, events)})"
    if "did" in rule:
        return _did(rule, as_of, events[rule["did"]])
    if "sequence" in rule:
        return _sequence(rule, as_of, events)
    return _person(rule, as_of)


def _did(rule: Rule, as_of: datetime, rows: str) -> str:
    word = next((each for each in ("sum", "distinct", "first", "last") if each in rule), "count")
    order = next((each for each in SIGNS if each in rule), "")
    where = " AND ".join([_since(rule, as_of), *_filters(rule.get("where", {}))])
    if word in ("first", "last"):
        figure = f'{"arg_min" if word == "first" else "arg_max"}({rule[word]}, ("at", event_key))'
        held = f"{figure} {SIGNS[order]} {rule[order]}" if order else f"{figure} IN {_list(rule)}"
        known = f"SELECT customer FROM {rows} WHERE {where} GROUP BY 1 HAVING {figure} IS NOT NULL"
        met = f"SELECT customer FROM {rows} WHERE {where} GROUP BY 1 HAVING {held}"
        return f"CASE WHEN customer IN ({met}) THEN TRUE WHEN customer IN ({known}) THEN FALSE END"
    if order == "at_most":  # who did nothing has at most so many
        more = f"SELECT customer FROM {rows} WHERE {where} GROUP BY 1 HAVING {FIGURES[word]} > "
        return f"customer NOT IN ({more}{rule[order]})"
    found = f"SELECT customer FROM {rows} WHERE {where} GROUP BY 1 HAVING {FIGURES[word]} >= "
    return f"customer IN ({found}{rule[order]})"


def _since(rule: Rule, as_of: datetime) -> str:
    start = as_of - timedelta(days=int(rule["within"].split()[0]))
    return f"\"at\" > TIMESTAMP '{start}' AND \"at\" <= TIMESTAMP '{as_of}'"


def _filters(where: Mapping[str, Any]) -> list[str]:
    return [
        f"{name} = '{said}'" if isinstance(said, str) else f"{name} >= {said['at_least']}"
        for name, said in where.items()
    ]


def _list(rule: Rule) -> str:
    return "(" + ", ".join(f"'{each}'" for each in rule["in"]) + ")"


def _sequence(rule: Rule, as_of: datetime, events: Mapping[str, str]) -> str:
    first, then = rule["sequence"]
    limit = _since(rule, as_of)
    steps = [
        f'(SELECT customer, "at" FROM {events[event]} WHERE {limit} AND '
        f"{' AND '.join(_filters(each['where']))})"
        for event, each in ((first["did"], first), (then["then"], then))
    ]
    gap = f'b."at" > a."at" AND b."at" <= a."at" + INTERVAL {then["within"]}'
    between = ""
    if "without" in then:
        between = (
            f" AND NOT EXISTS (SELECT 1 FROM {events[then['without']]} AS c WHERE "
            'c.customer = a.customer AND c."at" > a."at" AND c."at" < b."at")'
        )
    return (
        f"customer IN (SELECT a.customer FROM {steps[0]} AS a JOIN {steps[1]} AS b "
        f"ON a.customer = b.customer AND {gap}{between})"
    )


def _person(rule: Rule, as_of: datetime) -> str:
    if "consent" in rule:
        return (
            "customer IN (SELECT customer FROM consents WHERE granted AND NOT suppressed "
            f"AND channel = '{rule['consent']}')"
        )
    if "segmentation" in rule:
        places = f"(SELECT customer FROM standings WHERE tier = '{rule['in'][0]}')"
        placed = "(SELECT customer FROM standings WHERE tier IS NOT NULL)"
        return f"CASE WHEN customer IN {placed} THEN customer IN {places} END"
    name = rule["trait"]
    match rule:
        case {"between": [low, high]}:
            return f"{name} BETWEEN {low} AND {high}"
        case {"in": _}:
            return f"{name} IN {_list(rule)}"
        case {"any_of": listed}:
            return f"list_has_any({name}, {listed})"
        case {"in_last": period}:
            start = as_of.date() - timedelta(days=int(period.split()[0]))
            return f"{name} > DATE '{start}' AND {name} <= DATE '{as_of.date()}'"
    order = next(each for each in SIGNS if each in rule)
    return f"{name} {SIGNS[order]} {rule[order]}"
