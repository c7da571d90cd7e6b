"""Why records are one customer: what `explain customer` says about joining."""

from dataclasses import dataclass

from carpel.engine.base import Engine
from carpel.engine.query import query


@dataclass(frozen=True)
class Reason:
    """Why two records, each by name and place (`source`, `file`, row), are one person."""

    left_ref: str
    """The record's name, as `unmerge` takes it: its `ref` as 16 hexadecimal digits."""
    left: str
    right_ref: str
    right: str
    how: str
    """`identifier`, `likeness`, `decision`; or `former`: they were one before, and no more is
    known of why."""
    kind: str
    """The kind of identifier, for `identifier`."""
    value: str
    """Its value, which identifies a person; empty when no record states it any more."""
    probability: float | None
    """For `likeness`, 0 to 1."""
    evidence: str
    """For `likeness`, what each role weighs, as powers of 2 of the odds; no values."""


def reasons(engine: Engine, customer: int) -> list[Reason]:
    """All evidence that joins the records of a customer (or of the one an alias lives on under).

    Needs the tables `links`, `identities`, `aliases` and `records` bound. Strongest first:
    decisions, identifiers, likeness, and what was so before.
    """
    rows = engine.rows(
        query(
            """
        WITH who AS (SELECT coalesce(max(survivor), :customer) AS customer FROM aliases
                     WHERE customer = :customer),
             places AS (SELECT ref, any_value(concat_ws(', ', source, file, concat('row ', row)))
                               AS place FROM records GROUP BY ref)
        SELECT l.left_ref, coalesce(a.place, 'no longer read'), l.right_ref,
               coalesce(b.place, 'no longer read'), l.how, l.kind, l.value, l.probability,
               l.evidence
        FROM links AS l JOIN identities AS i ON i.ref = l.left_ref
        JOIN who ON who.customer = i.customer
        LEFT JOIN places AS a ON a.ref = l.left_ref LEFT JOIN places AS b ON b.ref = l.right_ref
        ORDER BY list_position(['decision', 'identifier', 'likeness', 'former'], l.how),
                 l.probability DESC, l.left_ref, l.right_ref, l.kind""",
            customer=customer,
        )
    )
    return [Reason(named(left), where, named(right), *rest) for left, where, right, *rest in rows]


def named(ref: int) -> str:
    """What people call a record by: its `ref` as 16 hexadecimal digits."""
    return f"{ref:016x}"
