"""Values that are not what their column says: judged once a distinct value."""

from collections.abc import Iterator, Mapping

from carpel.engine.query import Tree, column, query
from carpel.stages.base import Line
from carpel.stages.quality.finding import Finding, said
from carpel.stages.quality.subject import Subject, absent
from carpel.values import fold, is_placeholder, meant, normal

KINDS: Mapping[str, tuple[str, ...]] = {
    "email": ("email", "mail", "email_address"),
    "phone": ("phone", "mobile", "telephone", "cell", "phone_number", "mobile_number"),
    "postcode": ("postcode", "postal_code", "zip", "zip_code"),
    "country": ("country", "country_code"),
    "currency": ("currency",),
    "language": ("language",),
    "gender": ("gender", "sex"),
}
"""Which names say that a column holds a kind of value."""
REGULAR = {
    "email": r"[a-z0-9_+-]+(\.[a-z0-9_+-]+)*@([a-z0-9]+(-[a-z0-9]+)*\.)+[a-z]{2,}",
    "postcode": r"[A-Z]{0,2}\d[A-Z0-9 -]{2,6}",
    "phone": r"\+[1-9]\d{7,14}(;ext=\d+)?",
}
"""What was surely made regular before: looked at no more, as they are many."""
CATEGORIES = 200
"""Distinct texts up to which a column is one of categories."""
NAMED = ("category", "subcategory", "plan", "channel", "segment", "department", "brand", "type")


def kind_of(name: str) -> str | None:
    """The kind of value a column holds, by its name."""
    bare = name.removeprefix("id_").removeprefix("t_")
    return next((kind for kind, names in KINDS.items() if bare in names), None)


def malformed(line: Line, subject: Subject) -> Iterator[Finding]:
    """E-mails, phones, postcodes, countries and the like that are none."""
    for name, engine_kind in subject.kinds.items():
        kind = kind_of(name)
        if kind and engine_kind == "VARCHAR":
            yield from _judged(line, subject, name, kind)


def _judged(line: Line, subject: Subject, name: str, kind: str) -> Iterator[Finding]:
    """One finding a column, its reasons in order of their rows."""
    reasons: dict[str, int] = {}
    values = _irregular(line, subject, name, kind)
    home = line.definitions.project.country
    judged = normal(kind, [text for text, _ in values], home if kind != "postcode" else None)
    for (_, rows), found in zip(values, judged, strict=True):
        if found.value is None and found.reason not in ("empty", "placeholder"):
            reasons[found.reason] = reasons.get(found.reason, 0) + rows
    if reasons:
        rows, shown = sum(reasons.values()), subject.said(name)
        ordered = sorted(reasons.items(), key=lambda item: -item[1])
        why = ", ".join(f"{reason} ({count:,})" for reason, count in ordered)
        yield Finding(
            subject.source,
            "malformed",
            shown,
            "warning",
            rows,
            subject.of,
            False,
            f"{said(rows, subject.of, 'have')} a {shown} that is none: {why}.",
            "Correct them where they are kept; the rest of each row is used.",
        )


def _irregular(line: Line, subject: Subject, name: str, kind: str) -> list[tuple[str, int]]:
    there = query("NOT (:absent)", absent=absent(name, "VARCHAR"))
    if kind in REGULAR:
        there = query(
            "(:there) AND NOT regexp_full_match(:c, :pattern)",
            there=there,
            c=column(name),
            pattern=REGULAR[kind],
        )
    return _values(line, subject, name, there)


def _values(line: Line, subject: Subject, name: str, where: Tree) -> list[tuple[str, int]]:
    return line.engine.rows(
        query(
            "SELECT :c, count(*) FROM :rows AS r WHERE :there GROUP BY :c ORDER BY 2 DESC, 1",
            c=column(name),
            rows=subject.rows,
            there=where,
        )
    )


def mistyped(line: Line, subject: Subject) -> Iterator[Finding]:
    """Addresses at a domain that is a slip away from a great provider's."""
    for name in (each for each in subject.kinds if kind_of(each) == "email"):
        domains = line.engine.rows(
            query(
                """SELECT split_part(:c, '@', 2), count(*) FROM :rows AS r
                   WHERE contains(:c, '@') GROUP BY 1""",
                c=column(name),
                rows=subject.rows,
            )
        )
        slips = {domain: (rows, right) for domain, rows in domains if (right := meant(domain))}
        if slips:
            rows, shown = sum(count for count, _ in slips.values()), subject.said(name)
            listed = sorted(slips.items(), key=lambda item: -item[1][0])[:3]
            yield Finding(
                subject.source,
                "mistyped",
                shown,
                "note",
                rows,
                subject.of,
                False,
                f"{said(rows, subject.of, 'have')} a {shown} that looks mistyped.",
                "; ".join(f"{domain}: {right}?" for domain, (_, right) in listed),
            )


def unknown_category(line: Line, subject: Subject) -> Iterator[Finding]:
    """Words for nothing among categories, and categories that are spelled in several ways."""
    for name, kind in subject.kinds.items():
        if kind != "VARCHAR" or name.removeprefix("t_") not in NAMED:
            continue
        values = _values(line, subject, name, query("NOT (:absent)", absent=absent(name, kind)))
        nothing = sum(rows for text, rows in values if is_placeholder(text))
        if nothing:
            shown = subject.said(name)
            yield Finding(
                subject.source,
                "unknown_category",
                shown,
                "warning",
                nothing,
                subject.of,
                False,
                f"{said(nothing, subject.of, 'have')} nothing as {shown} but a sign for it, "
                "such as 0 or n/a.",
                "Leave it empty, or say what it stands for under `values`.",
            )
        if len(values) <= CATEGORIES:
            yield from _spellings(subject, name, values)


def _spellings(subject: Subject, name: str, values: list[tuple[str, int]]) -> Iterator[Finding]:
    """Rows whose category is another, more frequent one spelled differently."""
    first: dict[str, str] = {}
    other = [(text, rows) for text, rows in values if first.setdefault(fold(text), text) != text]
    if other:
        rows, shown = sum(count for _, count in other), subject.said(name)
        yield Finding(
            subject.source,
            "unknown_category",
            shown,
            "warning",
            rows,
            subject.of,
            False,
            f"{said(rows, subject.of, 'have')} a {shown} that is another one spelled "
            f"differently ({len(other):,} spellings).",
            "Join the spellings under `values`.",
        )
