"""The stage `consents`: which permission is in force.

The strongest wins: a suppression always; else the newest word; of two at the same moment, the no.
A word without a date counts as older than any with one. An address that takes no mail any more is
no way to anybody, whatever they permit, until they have another. Carpel's own do-not-contact list
and what people withdrew themselves win over every source: for a channel and purpose permission is
withdrawn, of those on the list for all channels the person is suppressed.
"""

from collections.abc import Iterable, Iterator
from typing import get_args

import pyarrow as pa

from carpel.engine.query import Tree, query
from carpel.evaluation.contacts import ADDRESS, OURS, stated
from carpel.specs.senders import Medium
from carpel.stages.base import Line, Output, Part
from carpel.store.suppressions import EVERY, LeftAlone


class Consents:
    """Writes consents: one row a customer, channel and purpose."""

    name = "consents"
    version = 4
    writes = ("consents",)

    def parts(self, line: Line) -> Iterable[Part]:
        dead = _told_dead(line)
        read = ["staged_consents", "identities", *(["records"] if line.left_alone or dead else [])]
        read += ["contacts"] if dead else []
        depends = {each: line.table_files(each) for each in read}
        own = line.left_alone.fingerprint if line.left_alone else ""
        if depends["staged_consents"] or own:
            depending = {**depends, "as_of": line.moment, "left_alone": own}
            yield Part("consents", depending, lambda out: _write(line, out))


def _write(line: Line, out: Output) -> None:
    text = pa.string()
    kinds = {"customer": pa.int64(), "channel": text, "purpose": text, "suppressed": pa.bool_()}
    rows = sorted(set(_own(line, line.left_alone))) if line.left_alone else []
    columns = list(zip(*rows, strict=True)) or [()] * len(kinds)
    told = {name: pa.array(each, kinds[name]) for name, each in zip(kinds, columns, strict=True)}
    line.engine.register("on_our_list", pa.table(told))
    out.write("consents", query(_FOLDED, as_of=line.moment, ours=OURS, dead=_dead(line)))


def _dead(line: Line) -> Tree:
    """Who cannot be reached by a channel, since their address takes nothing any more."""
    if not _told_dead(line):
        return query(_NOBODY)
    said, held = line.engine.columns("records"), line.engine.columns("contacts")
    still = "s.channel <> 'email' OR coalesce(r.id_email = c.email, TRUE)"
    known = "id_email" in said and "email" in held
    return query(_DEAD, still=query(still if known else "TRUE"), as_of=line.moment)


def _told_dead(line: Line) -> bool:
    sources = line.definitions.sources.values()
    return any(permit.undeliverable for source in sources for permit in source.permit)


def _own(line: Line, listed: LeftAlone) -> Iterator[tuple[int, str, str, bool]]:
    """Customer, channel, purpose and whether all channels are meant, of whom our list names."""
    scopes = _scopes(line, listed)
    for customer, kind, address in stated(line.engine):
        media = listed.of(address)
        for channel, purpose in scopes:
            on_list = ADDRESS[channel][0] == kind and bool(media & {EVERY, channel})
            if on_list or listed.withdrew(address, channel, purpose):
                yield customer, channel, purpose, on_list and EVERY in media


def _scopes(line: Line, listed: LeftAlone) -> list[tuple[str, str]]:
    """Every channel with every purpose that anybody ever named."""
    told = line.engine.rows(query("SELECT DISTINCT purpose FROM staged_consents"))
    said = {word.purpose for each in listed.said.values() for word in each}
    purposes = sorted({"marketing", *(each for (each,) in told if each), *said} - {EVERY})
    return [(medium, purpose) for medium in get_args(Medium) for purpose in purposes]


_FOLDED = """
    WITH told AS (
        SELECT i.customer, s.channel, s.purpose,
               arg_max(s.granted, (coalesce(s.at, TIMESTAMP '0001-01-01'), NOT s.granted))
                   AND NOT bool_or(s.suppress) AS granted,
               bool_or(s.suppress) AS suppressed, max(s.at) AS at,
               arg_max(s.source, (coalesce(s.at, TIMESTAMP '0001-01-01'), NOT s.granted)) AS source
        FROM staged_consents AS s JOIN identities AS i ON i.ref = s.ref
        WHERE (s.at IS NULL OR s.at <= :as_of) AND NOT coalesce(s.undeliverable, FALSE)
        GROUP BY i.customer, s.channel, s.purpose),
    dead AS (:dead),
    named AS (
        SELECT customer, channel, purpose, bool_or(suppressed) AS suppressed
        FROM on_our_list GROUP BY customer, channel, purpose)
    SELECT t.customer, t.channel, t.purpose,
           t.granted AND n.customer IS NULL AND d.customer IS NULL AS granted,
           t.suppressed OR coalesce(n.suppressed, FALSE) AS suppressed,
           coalesce(d.at, t.at) AS at,
           CASE WHEN n.customer IS NULL THEN coalesce(d.source, t.source) ELSE :ours END AS source
    FROM told AS t LEFT JOIN named AS n USING (customer, channel, purpose)
    LEFT JOIN dead AS d USING (customer, channel)
    UNION ALL
    SELECT d.customer, d.channel, 'marketing', FALSE, FALSE, d.at, d.source
    FROM dead AS d ANTI JOIN told AS t USING (customer, channel)
    ANTI JOIN named AS n ON n.customer = d.customer AND n.channel = d.channel
    UNION ALL
    SELECT n.customer, n.channel, n.purpose, FALSE, n.suppressed, NULL, :ours
    FROM named AS n ANTI JOIN told AS t USING (customer, channel, purpose)
    ORDER BY 1, 2, 3"""
_DEAD = """
    SELECT i.customer, s.channel, max(s.at) AS at,
           arg_max(s.source, coalesce(s.at, TIMESTAMP '0001-01-01')) AS source
    FROM staged_consents AS s JOIN identities AS i ON i.ref = s.ref
    LEFT JOIN records AS r ON r.ref = s.ref AND r.source = s.source
    LEFT JOIN contacts AS c ON c.customer = i.customer
    WHERE (s.at IS NULL OR s.at <= :as_of) AND s.undeliverable AND (:still)
    GROUP BY i.customer, s.channel"""
"""An address that is still the person's; where a record names none, or they have none, it is."""
_NOBODY = """
    SELECT CAST(NULL AS BIGINT) AS customer, CAST(NULL AS VARCHAR) AS channel,
           CAST(NULL AS TIMESTAMP) AS at, CAST(NULL AS VARCHAR) AS source WHERE FALSE"""
