"""Finding a person by what is known of them, and taking records apart."""

from re import fullmatch

from carpel.engine.query import column, query
from carpel.errors import CarpelError, NotFound
from carpel.stages.identity.reasons import named
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session

ASKED = {
    "e-mail address": r"\S+@\S+",
    "key or number": r"[0-9]+",
    "number": r"[+(0-9][-+()/. 0-9]+",
    "identifier": r"\S*[0-9]\S*",
}
"""What somebody may have asked for, by how it is written."""
KEY = r"(?:key:)?([1-9][0-9]{0,17})"
"""How a key is written: `7`, or `key:7` where 7 is another's number; never with leading zeros."""


def find(session: Session, who: str, *, sure: bool = False) -> int:
    """Key of the one person with this key, address or number.

    A number that is one person's key and another's own number is taken as the key; where it has
    to be `sure`, nobody is guessed. Raises NotFound, which says what kind of thing was asked for,
    and CarpelError when several people share it; neither repeats it.
    """
    with reading(session) as reader:
        found = _by_key(reader, who)
        if sure or not found:
            found = sorted({*found, *_by_contact(reader, who)})
        if not found:
            raise _nobody(reader, who)
    if len(found) > 1:
        raise CarpelError(
            "Several people share this address or number.",
            action="Name one by key: " + ", ".join(f"key:{each}" for each in found[:10]),
        )
    return found[0]


def find_account(session: Session, who: str) -> int:
    """Key of the one account with this key, name or number of its own; raises NotFound."""
    with reading(session) as reader:
        rows = reader.engine.rows(
            query(
                """SELECT account FROM belongings WHERE CAST(account AS VARCHAR) = :who
                   UNION SELECT account FROM accounts
                   WHERE :who IN (lower(trim(name)), lower(trim(account_key))) ORDER BY 1""",
                who=who.strip().lower(),
            )
        )
        called = reader.definitions.account_words
    if not rows:
        look = f"Ask by name or key: `carpel export segment` lists {called[1]}."
        raise NotFound(called[0], who, action=look)
    if len(rows) > 1:
        listed = ", ".join(str(key) for (key,) in rows[:10])
        raise CarpelError(f"Several {called[1]} share this name.", action=f"Name one: {listed}")
    return int(rows[0][0])


def _nobody(reader: Reader, who: str) -> NotFound:
    """Nothing that was asked is repeated, since it may be about somebody."""
    asked = next(
        (kind for kind, written in ASKED.items() if fullmatch(written, who.strip())), "name"
    )
    if asked == "name":
        look = "Ask by e-mail address, by number or by key."
    elif asked == "key or number":
        highest = reader.engine.value(query("SELECT max(customer) FROM customers"))
        look = f"Keys go up to {highest or 0:,}; a number has to be written as the data has it."
    else:
        look = "See whether it is written in full and in a source that was read."
    return NotFound(
        f"person with this {asked}", "", action=f"{look} `carpel ls customers` shows some keys."
    )


def _by_key(reader: Reader, who: str) -> list[int]:
    written = fullmatch(KEY, who.strip())
    if not written:
        return []
    rows = reader.engine.rows(
        query(
            """
        SELECT customer FROM customers WHERE customer = :key
        UNION ALL SELECT survivor FROM aliases WHERE customer = :key""",
            key=int(written[1]),
        )
    )
    return [row[0] for row in rows[:1]]


def _by_contact(reader: Reader, who: str) -> list[int]:
    """People one of whose identifiers, in any record, reads like this."""
    held = [name for name in reader.engine.columns("records") if name.startswith("id_")]
    if not held:
        return []
    matches = [
        query("lower(:it) = lower(:who)", it=column(name, "r"), who=who.strip()) for name in held
    ]
    rows = reader.engine.rows(
        query(
            """SELECT DISTINCT i.customer FROM records AS r JOIN identities AS i ON i.ref = r.ref
           WHERE list_bool_or([:matches]) ORDER BY 1""",
            matches=matches,
        )
    )
    return [row[0] for row in rows]


def unmerge(session: Session, customer: int, record: str) -> None:
    """Note that a record is not this person, with all that hangs on it.

    The record is named as `explain customer` names it; raises NotFound when no source that is
    read joins it to them.
    """
    from carpel.stages.identity.leaving import leaving
    from carpel.store.decisions import Decision, decide

    with reading(session) as reader:
        rows = reader.engine.rows(
            query(
                """SELECT ref, ref IN (SELECT ref FROM records) FROM identities
                   WHERE customer = :it ORDER BY ref""",
                it=customer,
            )
        )
        joined = {named(ref): ref for ref, is_read in rows if is_read}
        ref = joined.get(record.strip().lower().zfill(16))
        if ref is None or len(joined) < 2:
            raise NotFound(
                "record joined to this person",
                record,
                joined,
                action="`carpel explain customer WHO` names a person's records.",
            )
        gone = leaving(reader.engine, customer, ref)
    stay = tuple(ref for ref, _ in rows if ref not in gone)
    decide(
        session.store.ledger,
        Decision("apart", stay, tuple(sorted(gone))),
        at=session.clock(),
        actor=session.actor,
    )
