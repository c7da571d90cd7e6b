"""Who goes along with a record that is said to be somebody else."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from carpel.engine.base import Engine
from carpel.engine.query import query
from carpel.stages.identity.kinds import shared

Identifier = tuple[str, str]


class Tie(NamedTuple):
    """Records held together by evidence; `close`: by a system's own key, or a person's word."""

    refs: frozenset[int]
    close: bool


def leaving(engine: Engine, customer: int, record: int) -> frozenset[int]:
    """The records of a customer that go when one is somebody else, that one included.

    Needs `records`, `identities` and `links` bound. All goes that hangs on the record by a
    system's own key; then whatever only what goes holds. At least one record stays.
    """
    origins = dict(
        engine.rows(query("SELECT ref, origin FROM identities WHERE customer = :it", it=customer))
    )
    return split(
        record,
        frozenset(origins),
        list(_ties(engine, customer)),
        _held(engine, customer),
        {ref for ref, origin in origins.items() if origin == customer},
    )


def split(
    record: int,
    refs: frozenset[int],
    ties: Sequence[Tie],
    held: Mapping[int, set[Identifier]],
    oldest: Collection[int],
) -> frozenset[int]:
    """The records out of `refs` that go with one, by what ties them.

    Of what falls apart without those who go, that part stays which has identifiers of its own;
    which holds one of the `oldest`, the first to be known under the key; which is the largest.
    """
    gone = _group(record, refs, [tie.refs for tie in ties if tie.close])
    if gone == refs:
        gone = frozenset({record})
    every = [tie.refs for tie in ties]
    parts = list(_parts(refs - gone, every))
    known = {each for ref in gone for each in held.get(ref, ())}

    def stays(part: frozenset[int]) -> tuple[bool, bool, int, int]:
        own = any(held.get(ref, set()) - known for ref in part)
        return own, not part.isdisjoint(oldest), len(part), -min(part)

    hanging = [part for part in parts if any(part & tie and gone & tie for tie in every)]
    left_over = max(parts, key=stays, default=frozenset())
    return gone.union(*(part for part in hanging if part != left_over))


def _group(record: int, refs: frozenset[int], ties: Sequence[frozenset[int]]) -> frozenset[int]:
    """All of `refs` that a chain of ties leads to from a record."""
    group, before = frozenset({record}), frozenset[int]()
    while group != before:
        before = group
        group = group.union(*(tie & refs for tie in ties if tie & group))
    return group


def _parts(refs: frozenset[int], ties: Sequence[frozenset[int]]) -> Iterator[frozenset[int]]:
    """What `refs` fall into where only these ties hold them together."""
    while refs:
        part = _group(min(refs), refs, [tie & refs for tie in ties])
        yield part
        refs -= part


def _ties(engine: Engine, customer: int) -> Iterator[Tie]:
    """Evidence that joins the records of a customer, all records of one identifier as one."""
    rows = engine.rows(
        query(
            """SELECT how, kind, value, left_ref, right_ref FROM links
               WHERE how <> 'former' AND left_ref IN (
                 SELECT ref FROM identities WHERE customer = :it)""",
            it=customer,
        )
    )
    stars: defaultdict[Identifier, set[int]] = defaultdict(set)
    for how, kind, value, left, right in rows:
        if how == "identifier" and value:
            stars[kind, value] |= {left, right}
        else:
            close = how == "decision" or (how == "identifier" and not shared(kind))
            yield Tie(frozenset({left, right}), close)
    for (kind, _), refs in stars.items():
        yield Tie(frozenset(refs), not shared(kind))


def _held(engine: Engine, customer: int) -> dict[int, set[Identifier]]:
    """The identifiers that each record of a customer states."""
    rows = engine.fetch(
        query(
            """SELECT r.* FROM records AS r JOIN identities AS i ON i.ref = r.ref
               WHERE i.customer = :it""",
            it=customer,
        )
    ).to_pylist()
    held: defaultdict[int, set[Identifier]] = defaultdict(set)
    for row in rows:
        held[row["ref"]] |= {
            (name, str(value)) for name, value in row.items() if name.startswith("id_") and value
        }
    return dict(held)
