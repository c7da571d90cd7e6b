"""What is wrong with the rules of a project beyond names, with file and line."""

from collections.abc import Mapping
from dataclasses import replace

from carpel.errors import Problem
from carpel.language import find_cycle
from carpel.language.checks import Finding, Vocabulary, mistakes
from carpel.manifest.rules import Ruled, rules_of, salvaged
from carpel.manifest.yaml import Broken, Places, Written, place_of
from carpel.specs import Definitions
from carpel.specs.places import places


def rule_problems(
    definitions: Definitions, written: Places, vocabulary: Vocabulary, broken: Broken = frozenset()
) -> list[Problem]:
    """Misfits of kinds, contradictions and clauses that add nothing, in all rules.

    `vocabulary` says what is known of kinds; segments and places are the project's own. Of files
    that are `broken` in form, in what can be read of their rules.
    """
    known = with_rules(vocabulary, definitions)
    return [
        problem
        for each in (*rules_of(definitions), *salvaged(written, broken))
        for problem in findings(each, known, place_of(written, each.folder, each.name))
    ]


def with_rules(vocabulary: Vocabulary, definitions: Definitions) -> Vocabulary:
    """The vocabulary with the project's own segments and places."""
    rules = {name: each.rule for name, each in definitions.segments.items()}
    return replace(
        vocabulary,
        segments={} if find_cycle(rules) else rules,
        places=_places(definitions),
    )


def findings(rule: Ruled, vocabulary: Vocabulary, written: Written) -> list[Problem]:
    """The same of one rule; the vocabulary knows the project's own segments and places."""
    found = mistakes(rule.node, vocabulary, rule.path, account=rule.account)
    return [_problem(each, written) for each in found]


def _places(definitions: Definitions) -> Mapping[str, tuple[str, ...]]:
    return {
        name: tuple(place.name for place in places(each))
        for name, each in definitions.segmentations.items()
    }


def _problem(finding: Finding, written: Written) -> Problem:
    return Problem(
        finding.message, written.file, written.line(finding.path), finding.action, finding.severity
    )
