"""Who can and may be contacted: addresses, permissions and the do-not-contact list of a build."""

from collections.abc import Iterator, Mapping

from pyroaring import BitMap

from carpel.engine.base import Engine
from carpel.engine.query import column, conjunction, query
from carpel.evaluation.memberships import selected

ADDRESS: Mapping[str, tuple[str, ...]] = {
    "email": ("email",),
    "sms": ("phone",),
    "phone": ("phone",),
    "whatsapp": ("phone",),
    "post": ("t_street",),
    "push": ("push_token",),
    "ads": ("email",),
}
"""What has to be known to reach somebody by a channel."""
OURS = "do-not-contact list"
"""Stands as the source of what Carpel's own list says."""
_KINDS = tuple(sorted({needed[0] for needed in ADDRESS.values()}))
_STATED = (
    "SELECT DISTINCT i.customer, :v FROM records AS r "
    "JOIN identities AS i ON i.ref = r.ref WHERE :v IS NOT NULL"
)


def with_address(engine: Engine, channel: str) -> BitMap:
    """Those of whom everything is known that a channel needs."""
    needed, held = ADDRESS.get(channel, ()), engine.columns("contacts")
    if not set(held).issuperset(needed):
        return BitMap()
    known = conjunction(query(":it IS NOT NULL", it=column(each)) for each in needed)
    return selected(engine, query("SELECT customer FROM contacts WHERE :known", known=known))


def stated(engine: Engine) -> Iterator[tuple[int, str, str]]:
    """Everybody's key, and the kind and words of each address that any of their records states."""
    held = engine.columns("records")
    for kind in _KINDS:
        if f"id_{kind}" in held:
            found = engine.fetch(query(_STATED, v=column(f"id_{kind}", "r")))
            customers, said = (each.to_pylist() for each in found.columns)
            yield from ((who, kind, each) for who, each in zip(customers, said, strict=True))


def addresses(engine: Engine, customer: int) -> list[str]:
    """Every address or number that any record of a person states."""
    held = engine.columns("records")
    kinds = sorted({f"id_{kind}" for kind in _KINDS}.intersection(held))
    of_one = f"{_STATED} AND i.customer = :it"
    found = (engine.rows(query(of_one, v=column(kind, "r"), it=customer)) for kind in kinds)
    return sorted({each for rows in found for _, each in rows if each})


def permitted(engine: Engine, channel: str, purpose: str = "marketing") -> BitMap:
    """Those whose permission for a purpose by a channel is in force."""
    return selected(
        engine,
        query(
            "SELECT customer FROM consents WHERE channel = :it AND purpose = :purpose AND granted",
            it=channel,
            purpose=purpose,
        ),
    )


def do_not_contact(engine: Engine) -> BitMap:
    """Those who asked, by whatever channel, to be left alone."""
    return selected(engine, query("SELECT DISTINCT customer FROM consents WHERE suppressed"))
