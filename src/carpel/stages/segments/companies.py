"""Segments whose unit is an account: which companies or households are in them."""

from collections.abc import Iterator
from typing import Any

from carpel.engine.query import query
from carpel.evaluation import Evaluator
from carpel.evaluation.bitmaps import to_bytes
from carpel.evaluation.memberships import stored_sets
from carpel.language import plain_clause, to_data
from carpel.specs import Segment
from carpel.stages.base import Line, Output
from carpel.stages.rows import as_table
from carpel.stages.segments.costs import costs
from carpel.stages.segments.past import ACCOUNTS, PEOPLE, past, past_files
from carpel.stages.segments.rules import account_fingerprints, account_rules, rules
from carpel.stages.segments.sets import READS, evaluated, frozen
from carpel.store.nested import dumps


def depends(line: Line) -> dict[str, Any]:
    """What they depend on: the rules and their words, the moment, all that a rule can ask about."""
    asked = account_rules(line.definitions)
    tables = [*READS, "memberships", *line.tables("event"), *line.tables("described")]
    return {
        "rules": {name: to_data(node) for name, node in asked.items()},
        "words": {name: _words(line.definitions.segments[name]) for name in asked},
        "called": list(line.definitions.account_words),
        "as_of": line.as_of,
        "timezone": line.definitions.project.timezone,
        "tables": {name: line.table_files(name) for name in tables} if asked else {},
        "past": [*past_files(line, PEOPLE), *past_files(line, ACCOUNTS)] if asked else [],
    }


def _words(spec: Segment) -> dict[str, str]:
    return {"label": spec.label, "objective": spec.objective, "action": spec.action}


def companies(line: Line, out: Output) -> None:
    """Write account_segments; raises ProjectError with each rule that does not fit the data."""
    rows = list(_rows(line, out)) if account_rules(line.definitions) else []
    out.note("account_definitions", account_fingerprints(line.definitions))
    line.engine.register("fresh_account_segments", as_table("account_segments", rows))
    out.write("account_segments", query("SELECT * FROM fresh_account_segments ORDER BY segment"))
    line.engine.drop("fresh_account_segments")


def _rows(line: Line, out: Output) -> Iterator[dict[str, Any]]:
    evaluator = Evaluator(
        line.engine,
        as_of=line.moment,
        zone=line.zone,
        segments=rules(line.definitions),
        stored=stored_sets(line.engine),
        history=past(line),
        accounts=account_rules(line.definitions),
    ).of_accounts()
    asked = account_rules(line.definitions)
    found = evaluated(evaluator, asked, "segments")
    out.note("account_thresholds", frozen(evaluator))
    out.note("account_costs", costs(line, evaluator, asked))
    for name, sets in found.items():
        spec = line.definitions.segments[name]
        yield {
            "segment": name,
            **_words(spec),
            "label": spec.label or name.replace("_", " ").capitalize(),
            "rule": dumps(to_data(spec.rule)),
            "plain": said(spec, line.definitions.account_words[1]),
            "accounts": len(sets.yes),
            "unknown": len(sets.unknown),
            "of": len(evaluator.universe),
            "people": len(evaluator.people_in(sets.yes)),
            "members": to_bytes(sets.yes),
        }


def said(spec: Segment, accounts: str) -> str:
    """The rule as a sentence about companies, or households."""
    return f"{accounts.capitalize()} {plain_clause(spec.rule)}."
