"""What an e-mail address says beyond the name of its owner.

Half of all addresses are built from a name: anna.schmidt12 says no more about which Anna Schmidt
she is than her name does, but for the digits. Two such addresses are therefore compared by their
digits, and not as texts, which are alike whenever the names are.
"""

from carpel.engine.base import Engine
from carpel.engine.query import query

FIRSTS = ("first", "split_part(first, ' ', 1)", "left(first, 1)")
LASTS = ("last", "split_part(last, ' ', -1)", "left(last, 1)")
"""How a name goes into an address: all of it, its chief word, its initial."""


def understand(engine: Engine) -> None:
    """Add what `identity_features` say of a `mailbox`, an e-mail address up to the @.

    `mailbox_letters` and `mailbox_digits` are without separators; `mailbox_named` is whether the
    letters merely repeat the stated names, in whatever order, whole or as initials.
    """
    built = ", ".join(f"replace({each}, ' ', '')" for each in _built())
    engine.create(
        "identity_features",
        query(
            f"""
        SELECT * EXCLUDE (first, last),
               mailbox_letters <> '' AND mailbox_letters IN ({built}) AS mailbox_named
        FROM (SELECT *, regexp_replace(mailbox, '[^0-9]', '', 'g') AS mailbox_digits,
                     regexp_replace({_folded("strip_accents(mailbox)")}, '[^\\pL]', '', 'g'
                                    ) AS mailbox_letters,
                     coalesce({_folded("first_name")}, '') AS first,
                     coalesce({_folded("last_name")}, '') AS last
              FROM (SELECT *, split_part(email, '@', 1) AS mailbox FROM identity_features))"""
        ),
    )


def _built() -> list[str]:
    """What an address can be built of: either name, or both in any order."""
    orders = [
        (a, b) for first in FIRSTS for last in LASTS for a, b in ((first, last), (last, first))
    ]
    return [*FIRSTS[:2], *LASTS[:2], *(f"concat({a}, {b})" for a, b in orders)]


def _folded(text: str) -> str:
    """Each umlaut as one letter, however it is written, and a sharp s as two."""
    for written, letter in (("ß", "ss"), ("ae", "a"), ("oe", "o"), ("ue", "u")):
        text = f"replace({text}, '{written}', '{letter}')"
    return text
