"""The stage `consents`: which permission is in force.

The strongest wins: a suppression always; else the newest word; of two at the same moment, the no.
A word without a date counts as older than any with one.
"""

from collections.abc import Iterable

from carpel.engine.query import query
from carpel.stages.base import Line, Output, Part


class Consents:
    """Writes consents: one row a customer, channel and purpose."""

    name = "consents"
    version = 1
    writes = ("consents",)

    def parts(self, line: Line) -> Iterable[Part]:
        depends = {each: line.table_files(each) for each in ("staged_consents", "identities")}
        if depends["staged_consents"]:
            yield Part("consents", {**depends, "as_of": line.moment}, lambda out: _fold(line, out))


def _fold(line: Line, out: Output) -> None:
    out.write(
        "consents",
        query(
            """
        SELECT i.customer, s.channel, s.purpose,
               arg_max(s.granted, (coalesce(s.at, TIMESTAMP '0001-01-01'), NOT s.granted))
                   AND NOT bool_or(s.suppress) AS granted,
               bool_or(s.suppress) AS suppressed, max(s.at) AS at,
               arg_max(s.source, (coalesce(s.at, TIMESTAMP '0001-01-01'), NOT s.granted)) AS source
        FROM staged_consents AS s JOIN identities AS i ON i.ref = s.ref
        WHERE s.at IS NULL OR s.at <= :as_of
        GROUP BY i.customer, s.channel, s.purpose
        ORDER BY i.customer, s.channel, s.purpose""",
            as_of=line.moment,
        ),
    )
