"""The stage `identity`: which records are one person, and what survives of what they say."""

from collections.abc import Iterable, Sequence
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
    version = 6
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
    roles = likeness.possible(engine)
    why_not = _why_not(guards.probabilistic, roles)
    output.note(
        "distrusted",
        exact.resolve(
            engine,
            guards.most_people_per_identifier,
            single=guards.one_per_person,
            doubtful=bool(why_not),
        ),
    )
    former = line.parent.notes("identity") if line.parent else {}
    model = former.get("model") if former.get("training", 1) == guards.training else None
    if why_not:
        likeness.nothing(engine)
    else:
        model = likeness.resolve(engine, model, roles)
    output.note("probabilistic", why_not or "done")
    output.note("model", model)
    output.note("training", guards.training)
    output.note("next_key", keys.assign(engine, max(former.get("next_key", 1), line.next_key)))
    _write(engine, output)


def _why_not(wanted: bool, roles: Sequence[str]) -> str:
    """Why people are not compared by likeness; empty when they are."""
    if not wanted:
        return "off"
    if not roles:
        return "nothing to compare"
    return "" if matcher.installed() else "not installed"


def _write(engine: Engine, output: Output) -> None:
    engine.create(
        "identity_homes",
        query("""
        SELECT n.ref, n.source, k.customer, k.origin,
               least(n.first_seen_at, f.known_since) AS known_since
        FROM identity_nodes AS n JOIN identity_keys AS k ON k.node = n.node
        LEFT JOIN former_identities AS f ON f.ref = n.ref
        UNION ALL
        SELECT f.ref, f.source, coalesce(a.survivor, f.customer), f.origin, f.known_since
        FROM former_identities AS f LEFT JOIN identity_aliases AS a ON a.customer = f.customer
        WHERE f.ref NOT IN (SELECT ref FROM identity_nodes)"""),
    )
    output.write("identities", query("SELECT * FROM identity_homes ORDER BY ref"))
    people = output.write(
        "customers",
        query("""
        SELECT k.customer, any_value(h.known_since) AS known_since, count(*) AS records
        FROM identity_nodes AS n JOIN identity_keys AS k ON k.node = n.node
        JOIN (SELECT customer, min(known_since) AS known_since FROM identity_homes
              GROUP BY customer) AS h ON h.customer = k.customer
        WHERE NOT n.gone GROUP BY k.customer ORDER BY k.customer"""),
    )
    output.note("people", people)
    output.write("aliases", query("SELECT * FROM identity_aliases ORDER BY customer"))
    output.write("links", links.links(engine))
    contacts, provenance = survivors.settle(engine)
    output.write("contacts", contacts)
    output.write("provenance", provenance)
