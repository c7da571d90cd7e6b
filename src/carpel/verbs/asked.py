"""A rule as somebody hands it over: text, YAML inline, a file, data or a tree."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from re import match
from typing import Any

from carpel.errors import Problem, ProjectError
from carpel.language import Node, RuleError, parse
from carpel.manifest.load import segment_of
from carpel.manifest.names import rule_problems
from carpel.manifest.yaml import Written, inline, read
from carpel.specs import Definitions, Segment
from carpel.stages.profiles.catalogue import CATALOGUE

Rule = Node | Mapping[str, Any] | str | Path
ASKED = "rule"
"""What a rule is called that stands in no file."""


def asked(rule: Rule, definitions: Definitions) -> Node:
    """The rule as a tree; raises ProjectError with every mistake of form, else of names.

    A string is YAML when it begins as a mapping does, and the text form otherwise; a file is that
    of a segment, or holds a rule alone.
    """
    node, name = _read(rule)
    built_in = {entry.name for entry in CATALOGUE}
    if problems := rule_problems(node, definitions, built_in, name):
        raise ProjectError(problems)
    return node


def _read(rule: Rule) -> tuple[Node, str]:
    if isinstance(rule, Node):
        return rule, ASKED
    if isinstance(rule, Path):
        written = read(rule, rule.name)
    elif isinstance(rule, str):
        if not match(r"\s*(\{|\w+\s*:(\s|$))", rule):
            return _from_text(rule), ASKED
        written = inline(rule, ASKED)
    else:
        written = Written(ASKED, dict(rule))
    return _from_data(written), written.file


def _from_text(text: str) -> Node:
    from carpel.language.text import parse_text

    try:
        return parse_text(text)
    except RuleError as error:
        raise ProjectError(_problems(error, Written(ASKED))) from None


def _from_data(written: Written) -> Node:
    """A segment's words around `where`, or a rule."""
    said = written.data
    if isinstance(said, dict) and "where" in said and said.keys() <= Segment.model_fields.keys():
        return segment_of(written).rule
    if written.problems:
        raise ProjectError(written.problems)
    try:
        return parse(said)
    except RuleError as error:
        raise ProjectError(_problems(error, written)) from None


def _problems(error: RuleError, written: Written) -> Iterator[Problem]:
    for each in error.mistakes:
        yield Problem(each.message, written.file, written.line(each.path), each.action)
