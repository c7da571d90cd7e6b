"""Identifier kinds: which ones are a system's own key of a person, and which people share."""

import re

SHARED = frozenset(
    {
        "email",
        "mail",
        "phone",
        "mobile",
        "telephone",
        "tel",
        "fax",
        "cell",
        "whatsapp",
        "address",
        "device",
        "cookie",
        "browser",
        "anonymous",
        "session",
        "ip",
        "national",
        "ssn",
        "social",
        "soc",
        "tax",
        "passport",
        "insurance",
        "licence",
        "license",
    }
)
"""Words in a kind's name that say: families share it, or people type it. It joins records only
where names and birth dates do not contradict."""

PASSING = frozenset({"device", "cookie", "browser", "anonymous", "session", "ip"})
"""Words of kinds of which one person has many: they do not count people."""


def shared(kind: str) -> bool:
    """Whether one value of this kind may rightly stand at several people."""
    return bool(SHARED & _words(kind))


def passing(kind: str) -> bool:
    """Whether one person may rightly have any number of values of this kind."""
    return bool(PASSING & _words(kind))


def _words(kind: str) -> set[str]:
    return set(re.split(r"[^a-z0-9]+", kind.lower()))
