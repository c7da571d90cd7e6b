"""Texts that a spreadsheet would run as a formula when somebody opens them there."""

from collections.abc import Iterator

from carpel.engine.query import Tree, column, literal, query
from carpel.stages.quality.counting import Condition
from carpel.stages.quality.subject import Subject
from carpel.values.formulas import DANGEROUS

NUMBER = r"[+-][\d\s().,/'%-]*([eE][+-]?\d+)?(;ext=\d+)?"
"""A signed figure, a phone number or a line of dashes: nothing runs."""


def formulas(subject: Subject) -> Iterator[Condition]:
    """Cells of text that begin as a formula does and are no number."""
    for name, kind in subject.kinds.items():
        if kind == "VARCHAR":
            shown = subject.said(name)
            yield Condition(
                "formula",
                shown,
                _runs(name),
                f"{{rows}} have a {shown} that a spreadsheet would run as a formula.",
                "See who wrote it. What Carpel exports cannot run: an apostrophe stands before it.",
            )


def _runs(name: str) -> Tree:
    return query(
        "coalesce(left(:c, 1) IN (:signs) AND NOT regexp_full_match(:c, :number), false)",
        c=column(name),
        signs=[literal(sign) for sign in DANGEROUS],
        number=NUMBER,
    )
