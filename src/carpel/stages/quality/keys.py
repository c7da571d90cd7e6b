"""Rows that repeat, keys that lead nowhere, identifiers that too many share."""

from collections.abc import Iterator

from carpel.engine.query import Tree, column, query, table
from carpel.specs.words import counted
from carpel.stages.base import Line
from carpel.stages.quality.finding import Finding, said
from carpel.stages.quality.subject import Subject, absent

CURRENCY = "currency"
"""Described by its rate, which the project's own does not need."""
NAMES = ("t_first_name", "t_last_name", "t_name", "t_full_name", "t_birth_date")


def repeated(line: Line, subject: Subject) -> Iterator[Finding]:
    """Rows that say the same of the same person at the same instant."""
    if not subject.event:
        return
    content = [column(name) for name in ("ref", *subject.kinds)]
    distinct = line.engine.value(
        query(
            "SELECT count(DISTINCT hash(:content)) FROM :rows AS r",
            content=content,
            rows=subject.rows,
        )
    )
    if extra := subject.of - distinct:
        yield Finding(
            subject.source,
            "duplicated",
            subject.event,
            "note",
            extra,
            subject.of,
            False,
            f"{said(extra, subject.of, 'say')} exactly what another row says; all are kept, as two "
            "equal purchases are.",
            "Give a key if the second is the first one loaded again.",
        )


def shared(line: Line, subject: Subject) -> Iterator[Finding]:
    """Addresses and numbers that stand at more people than one of them can belong to."""
    most = line.definitions.project.identity.most_people_per_identifier
    for name in (each for each in subject.kinds if each.startswith("id_")):
        person = _person(subject, name)
        if subject.table != "records" or person is None:
            continue
        found, values = line.engine.rows(
            query(
                """SELECT coalesce(sum(n), 0), count(*) FROM :groups AS g""",
                groups=query(
                    """SELECT count(*) AS n FROM :rows AS r WHERE NOT (:absent)
                       GROUP BY :c HAVING count(DISTINCT :person) > :most""",
                    rows=subject.rows,
                    c=column(name),
                    person=person,
                    most=most,
                    absent=absent(name, subject.kinds[name]),
                ),
            )
        )[0]
        if found:
            yield Finding(
                subject.source,
                "shared",
                subject.said(name),
                "warning",
                int(found),
                subject.of,
                False,
                f"{said(int(found), subject.of, 'have')} a {subject.said(name)} that stands "
                f"at more than {most} people ({counted(values, 'such value')}): nobody is joined "
                "by it.",
                "Often a shop's own address or a stand-in: leave it empty.",
            )


def _person(subject: Subject, name: str) -> Tree | None:
    """What tells people apart in these rows, beside the identifier in question."""
    others = [each for each in NAMES if subject.has(each)] or [
        each for each in subject.kinds if each.startswith("id_") and each != name
    ]
    return query("hash(:others)", others=[column(each) for each in others]) if others else None


def orphaned(line: Line, subject: Subject) -> Iterator[Finding]:
    """Keys that nothing describes, and described things without a category."""
    for name in subject.kinds if subject.event else ():
        described = f"described_{name}"
        if described in line.tables():
            yield from _orphans(line, subject, name, table(described))


def _orphans(line: Line, subject: Subject, name: str, described: Tree) -> Iterator[Finding]:
    lost, of = line.engine.rows(
        query(
            """SELECT count(*) FILTER (WHERE d.known IS NULL), count(*) FROM :rows AS r
               LEFT JOIN :known AS d ON d.known = CAST(:key AS VARCHAR)
               WHERE :key IS NOT NULL AND CAST(:key AS VARCHAR) <> :own""",
            rows=subject.rows,
            key=column(name, "r"),
            own=line.definitions.project.currency if name == CURRENCY else "",
            known=query(
                "SELECT DISTINCT CAST(:c AS VARCHAR) AS known FROM :t AS t",
                c=column(name),
                t=described,
            ),
        )
    )[0]
    if lost:
        yield Finding(
            subject.source,
            "orphaned",
            subject.said(name),
            "warning",
            lost,
            of,
            False,
            f"{said(lost, of, 'have')} a {subject.said(name)} that nothing describes.",
            "Bring the missing ones, or see whether the keys are written alike.",
        )
