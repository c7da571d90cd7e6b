"""Who is in each segment and place, and of whom it is not known; and checks on people."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyroaring import BitMap

from carpel.engine.query import query
from carpel.errors import NotFound, Problem, ProjectError
from carpel.evaluation import Evaluator, Sets
from carpel.evaluation.bitmaps import to_bytes
from carpel.evaluation.leaves import looks_back
from carpel.language import Node, RuleError, to_data
from carpel.specs import Check
from carpel.stages.base import Line, Output
from carpel.stages.rows import as_table
from carpel.stages.segments.afresh import Afresh
from carpel.stages.segments.costs import costs
from carpel.stages.segments.past import ACCOUNTS, past_files
from carpel.stages.segments.rules import fingerprints, origins, rules
from carpel.tables.segments import MEMBERS, UNKNOWN

READS = (
    "customers",
    "aliases",
    "profiles",
    "predictions",
    "traits",
    "contacts",
    "standings",
    "contracts",
    "consents",
    "belongings",
    "accounts",
)


def depends(line: Line) -> dict[str, Any]:
    """What members depend on: the rules, the moment, and all that a rule can ask about."""
    tables = [*READS, *line.tables("event"), *line.tables("activity"), *line.tables("described")]
    return {
        "rules": {name: to_data(node) for name, node in rules(line.definitions).items()},
        "definitions": fingerprints(line.definitions),
        "checks": {
            each.name: each.model_dump(mode="json", exclude={"people"})
            | {"people": to_data(each.people)}
            for each in checks(line)
            if each.people
        },
        "as_of": line.as_of,
        "timezone": line.definitions.project.timezone,
        "tables": {name: line.table_files(name) for name in tables},
        "past": [*past_files(line), *past_files(line, ACCOUNTS)] if _looks_back(line) else [],
    }


def _looks_back(line: Line) -> bool:
    asked = [*rules(line.definitions).values(), *(each.people for each in checks(line))]
    return any(looks_back(each) for each in asked if each is not None)


def checks(line: Line) -> list[Check]:
    """The user's own checks on people."""
    return [each for each in line.definitions.checks.values() if each.people is not None]


def members(line: Line, out: Output) -> None:
    """Write the parts `members` and `unknown` of memberships; check the checks."""
    asked = rules(line.definitions)
    afresh = Afresh(line, asked)
    evaluator = afresh.evaluator()
    rest = {name: rule for name, rule in asked.items() if name not in afresh.kept}
    found = afresh.kept | evaluated(evaluator, rest, "segments")
    write(line, out, [row for name, each in found.items() for row in _rows(name, each)])
    out.note("definitions", fingerprints(line.definitions))
    out.note("origins", origins(line.definitions))
    out.note("thresholds", frozen(evaluator))
    out.note("costs", costs(line, evaluator, rest, afresh.kept))
    _check(line, out, evaluator)


def frozen(evaluator: Evaluator) -> dict[str, Any]:
    """What comparisons with all others were frozen to, as a build notes it."""
    return {leaf: each.spans for leaf, each in evaluator.atoms.thresholds.items()}


def evaluated(evaluator: Evaluator, asked: Mapping[str, Node], kind: str) -> dict[str, Sets]:
    """The sets of all rules; ProjectError with each rule that does not fit the data."""
    try:
        return evaluator.all(asked)
    except (RuleError, NotFound) as error:
        problems = [
            problem
            for name, node in asked.items()
            for problem in _unfit(evaluator, node, f"{kind}/{name}.yml")
        ]
        raise ProjectError(problems) if problems else error from error


def _unfit(evaluator: Evaluator, node: Node, file: str) -> Iterator[Problem]:
    try:
        evaluator.sql(node)
    except (RuleError, NotFound) as error:
        yield Problem(error.message, file, None, error.action)


def _rows(name: str, sets: Sets) -> list[dict[str, Any]]:
    unknown = [row(name, UNKNOWN, sets.unknown)] if sets.unknown else []
    return [row(name, MEMBERS, sets.yes), *unknown]


def row(segment: str, part: str, people: BitMap) -> dict[str, Any]:
    """One row of memberships."""
    return {
        "segment": segment,
        "part": part,
        "people": len(people),
        "members": to_bytes(people),
    }


def write(line: Line, out: Output, rows: Iterable[dict[str, Any]]) -> None:
    """Add rows to memberships."""
    line.engine.register("fresh_memberships", as_table("memberships", rows))
    out.write("memberships", query("SELECT * FROM fresh_memberships"))
    line.engine.drop("fresh_memberships")


def _check(line: Line, out: Output, evaluator: Evaluator) -> None:
    """Note what each check on people found; who is unknown does not match."""
    asked = {each.name: each.people for each in checks(line) if each.people is not None}
    everybody = len(evaluator.universe)
    counted = evaluated(evaluator, asked, "checks")
    found = {name: len(sets.yes) for name, sets in counted.items()}
    missed = [
        each for each in checks(line) if everybody and found[each.name] / everybody < each.at_least
    ]
    out.note(
        "checks", {name: {"people": people, "of": everybody} for name, people in found.items()}
    )
    out.note("failed", [each.name for each in missed if each.severity == "fail"])
    out.note("warned", [each.name for each in missed if each.severity == "warn"])
