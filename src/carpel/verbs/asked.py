"""A rule as somebody hands it over: text, YAML inline, a file, data or a tree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from re import match
from typing import Any, Literal

from carpel.errors import Problem, ProjectError
from carpel.language import Node, RuleError, parse
from carpel.manifest.load import segment_of
from carpel.manifest.names import unknown_names
from carpel.manifest.rules import Ruled
from carpel.manifest.yaml import Written, inline, read
from carpel.specs import Definitions, Segment
from carpel.stages.profiles.catalogue import CATALOGUE

Unit = Literal["customer", "account"]
Rule = Node | Mapping[str, Any] | str | Path
ASKED = "rule"
"""What a rule is called that stands in no file."""


@dataclass(frozen=True)
class Asked:
    """A rule that was handed over: all of it, what was written of it, and where that stands."""

    rule: Node
    ruled: Ruled
    written: Written

    @property
    def of_accounts(self) -> bool:
        """Whether it is about accounts rather than people."""
        return self.ruled.account


def asked(rule: Rule, definitions: Definitions, unit: Unit = "customer") -> Asked:
    """The rule as a tree; raises ProjectError with every mistake of form, else of names.

    A string is YAML when it begins as a mapping does, and the text form otherwise; a file is that
    of a segment, or holds a rule alone. It is about people, or accounts, as the segment or else
    `unit` says.
    """
    found = _read(rule, unit == "account")
    built_in = {entry.name for entry in CATALOGUE}
    if problems := unknown_names(found.ruled, definitions, built_in, found.written):
        raise ProjectError(problems)
    return found


def _read(rule: Rule, account: bool) -> Asked:
    if isinstance(rule, Node):
        return Asked(rule, Ruled(rule, (), account), Written(ASKED))
    if isinstance(rule, Path):
        written = read(rule, rule.name)
    elif isinstance(rule, str):
        if not match(r"\s*(\{|\w+\s*:(\s|$))", rule):
            node = _from_text(rule)
            return Asked(node, Ruled(node, (), account), Written(ASKED))
        written = inline(rule, ASKED)
    else:
        written = Written(ASKED, dict(rule))
    return _from_data(written, account)


def _from_text(text: str) -> Node:
    from carpel.language.text import parse_text

    try:
        return parse_text(text)
    except RuleError as error:
        raise ProjectError(_problems(error, Written(ASKED))) from None


def _from_data(written: Written, account: bool) -> Asked:
    """A segment's words around `where`, or a rule."""
    said = written.data
    if isinstance(said, dict) and "where" in said and said.keys() <= Segment.model_fields.keys():
        segment = segment_of(written)
        about = segment.unit == "account" if "unit" in said else account
        return Asked(segment.rule, Ruled(segment.where, ("where",), about), written)
    if written.problems:
        raise ProjectError(written.problems)
    try:
        node = parse(said)
    except RuleError as error:
        raise ProjectError(_problems(error, written)) from None
    return Asked(node, Ruled(node, (), account), written)


def _problems(error: RuleError, written: Written) -> Iterator[Problem]:
    for each in error.mistakes:
        yield Problem(each.message, written.file, written.line(each.path), each.action)
