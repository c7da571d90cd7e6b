"""The stage `identity`: which records are one person, and what survives of what they say."""

from collections.abc import Iterable
from dataclasses import asdict

from carpel.engine.base import Engine
from carpel.engine.query import query
from carpel.stages.base import Line, Output, Part
from carpel.stages.identity import (
    decisions,
    exact,
    features,
    keys,
    likeness,
    links,
    matcher,
    nodes,
    survivors,
)


class Identity:
    """Resolves records to customers: identifiers first, then likeness, then keys and fields.

    The parent build is not among the things that the output depends on: with the same records
    and decisions everybody stays who they were, so the former output is taken again.
    """

    name = "identity"
    version = 1
    writes = ("identities", "customers", "aliases", "links", "contacts", "provenance")

    def parts(self, line: Line) -> Iterable[Part]:
        guards = line.definitions.project.identity
        depends = {
            "records": line.table_files("records"),
            "guards": guards.model_dump(),
            "decisions": [asdict(decision) for decision in line.decisions],
        }
        yield Part(self.name, depends, lambda output: _make(line, output))


def _make(line: Line, output: Output) -> None:
    engine, guards = line.engine, line.definitions.project.identity
    nodes.create(line)
    features.create(engine)
    decisions.create(line)
    output.note("distrusted", exact.resolve(engine, guards.most_people_per_identifier))
    former = line.parent.notes("identity") if line.parent else {}
    _compare(engine, output, guards.probabilistic, former.get("model"))
    output.note("next_key", keys.assign(engine, max(former.get("next_key", 1), line.next_key)))
    _write(engine, output)


def _compare(engine: Engine, output: Output, wanted: bool, model: matcher.Model | None) -> None:
    """Join people by likeness, or note why nobody was compared."""
    roles = likeness.possible(engine)
    reason = (
        ""
        if wanted and roles and matcher.installed()
        else "off"
        if not wanted
        else "nothing to compare"
        if not roles
        else "not installed"
    )
    output.note("probabilistic", reason or "done")
    if reason:
        likeness.nothing(engine)
        output.note("model", model)
    else:
        output.note("model", likeness.resolve(engine, model, roles))


def _write(engine: Engine, output: Output) -> None:
    output.write(
        "identities",
        query("""
        SELECT n.ref, n.source, k.customer, k.origin FROM identity_nodes AS n
        JOIN identity_keys AS k ON k.node = n.node
        UNION ALL
        SELECT f.ref, f.source, coalesce(a.survivor, f.customer), f.origin
        FROM former_identities AS f LEFT JOIN identity_aliases AS a ON a.customer = f.customer
        WHERE f.ref NOT IN (SELECT ref FROM identity_nodes) ORDER BY ref"""),
    )
    people = output.write(
        "customers",
        query("""
        SELECT k.customer, least(min(n.seen_at), any_value(f.known_since)) AS known_since,
               count(*) AS records
        FROM identity_nodes AS n JOIN identity_keys AS k ON k.node = n.node
        LEFT JOIN former_customers AS f ON f.customer = k.customer
        WHERE NOT n.gone GROUP BY k.customer ORDER BY k.customer"""),
    )
    output.note("people", people)
    output.write("aliases", query("SELECT * FROM identity_aliases ORDER BY customer"))
    output.write("links", links.links())
    contacts, provenance = survivors.settle(engine)
    output.write("contacts", contacts)
    output.write("provenance", provenance)
