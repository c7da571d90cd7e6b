"""Which query gives the value behind each clause that one grouped scan cannot give."""

from collections.abc import Collection, Mapping

from sqlglot import exp

from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.relation import Relation, contracts_held
from carpel.evaluation.sequences import sequence
from carpel.evaluation.since import since_event
from carpel.language import Holds, Sequence


def relation(
    each: Relation,
    catalogue: Catalogue,
    keys: Collection[int] | None = None,
    families: Mapping[str, str] | None = None,
) -> exp.Select:
    """One row a customer with its `value`; of everybody, or of one customer's keys."""
    node, clock = each.node, catalogue.clock_of(each.node.zone)
    match node:
        case Holds():
            return contracts_held(node, catalogue, clock)
        case Sequence():
            return sequence(node, catalogue, clock, keys, families)
    return since_event(node, catalogue, clock, keys, families)
