"""E-mail addresses, as one writes them to find the same mailbox again."""

import re
from collections.abc import Callable
from functools import lru_cache

from carpel.values.base import EMPTY, Normal, kept, refused, tidy
from carpel.values.placeholders import is_placeholder

PLACEHOLDER = "placeholder"
_USUAL = re.compile(r"([a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*)@([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.I)
_PLAIN_DOMAIN = re.compile(
    r"(?=.{4,180}$)(?!.*--)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)
_PROVIDERS = (
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "hotmail.co.uk",
    "hotmail.fr",
    "yahoo.com",
    "yahoo.co.uk",
    "yahoo.fr",
    "outlook.com",
    "icloud.com",
    "protonmail.com",
    "t-online.de",
)
_ALIKE = frozenset(("mail.com", "ymail.com", "email.com", "gmail.co", "yahoo.co"))
"""Domains of their own that look like a slip."""
_NAMED = re.compile(r".*<([^<>]+@[^<>]+)>\s*")
_AROUND = "\"'`<>()[]{},;:. \t“”„‘’«»"
_NOBODY = frozenset(
    (
        "none",
        "noemail",
        "no-email",
        "no.email",
        "no_email",
        "nomail",
        "no-mail",
        "noone",
        "unknown",
        "nobody",
        "null",
        "na",
        "n.a",
        "anonymous",
        "invalid",
        "dummy",
        "fake",
        "noreply",
        "no-reply",
        "no_reply",
        "donotreply",
        "do-not-reply",
        "keine",
        "keinemail",
        "sinemail",
        "sincorreo",
        "semail",
        "sememail",
        "aucun",
        "pasdemail",
        "geen",
        "geenmail",
    )
)
_ANYBODY = frozenset(
    (
        "test",
        "tester",
        "testing",
        "user",
        "email",
        "mail",
        "e-mail",
        "name",
        "your",
        "you",
        "me",
        "example",
        "sample",
        "someone",
        "abc",
        "asdf",
        "qwerty",
        "a",
        "aa",
        "aaa",
        "x",
        "xx",
        "xxx",
        "123",
        "1234",
        "12345",
        "admin",
        "info",
        "no",
        "not",
        "yourname",
        "your.name",
    )
)
_NOWHERE = frozenset(
    (
        "test",
        "example",
        "domain",
        "yourdomain",
        "asdf",
        "none",
        "noemail",
        "nomail",
        "nowhere",
        "null",
        "unknown",
        "fake",
        "invalid",
        "qwerty",
        "localhost",
    )
)
"""First labels of domains that are nobody's: `test@example.com`."""
_DOUBLED = frozenset(
    (
        "sample",
        "email",
        "mail",
        "abc",
        "aaa",
        "xxx",
        "xx",
        "x",
        "a",
        "aa",
        "no",
        "na",
        "123",
    )
)
"""Labels that somebody's domain may well have: nobody's only where both sides are the same, as in
`x@x.com`; `a@x.nl` is an address."""


def normal(text: str) -> Normal:
    """The address in lower case with nothing around it; a sub-address (`+tag`) stays."""
    bare = tidy(text)
    match = _USUAL.fullmatch(bare)
    if match is None:
        bare = _unwrapped(bare)
        match = _USUAL.fullmatch(bare)
    if match is None:
        return _unusual(text, bare)
    local, domain = match[1].lower(), match[2].lower()
    if _stands_for_nobody(local, domain):
        return refused(PLACEHOLDER)
    regular, reason = _domain(domain)
    if regular is None or len(local) > 64 or len(local) + len(regular) > 253:
        return refused(reason or "too long")
    return kept(text, f"{local}@{regular}")


def _unwrapped(text: str) -> str:
    named = _NAMED.fullmatch(text)
    bare = (named[1] if named else text).strip(_AROUND)
    if bare[:7].lower() == "mailto:":
        bare = bare[7:].split("?")[0].strip(_AROUND)
    return re.sub(r"\s*([@.])\s*", r"\1", bare)


def _unusual(text: str, bare: str) -> Normal:
    if not bare:
        return EMPTY if not tidy(text) else refused(PLACEHOLDER)
    if is_placeholder(bare) or bare.lower() in _NOBODY:
        return refused(PLACEHOLDER)
    if "@" not in bare:
        return refused("no @")
    if bare.count("@") > 1 and re.search(r"@[^@]+[\s,;/|]+[^@]+@", bare):
        return refused("more than one address")
    local, domain = bare.lower().rsplit("@", 1)
    if _stands_for_nobody(local, domain):
        return refused(PLACEHOLDER)
    address, reason = _validator()(bare)
    return kept(text, address) if address else refused(reason)


def _stands_for_nobody(local: str, domain: str) -> bool:
    label = domain.partition(".")[0]
    nowhere = label in _NOWHERE or (label in _DOUBLED and local == label)
    return local in _NOBODY or (local in _ANYBODY and nowhere and domain not in _ALIKE)


@lru_cache(maxsize=200_000)
def _domain(domain: str) -> tuple[str | None, str]:
    """The regular form of a domain, judged once however many addresses use it."""
    if _PLAIN_DOMAIN.fullmatch(domain) and domain.rpartition(".")[2] not in _special():
        return domain, ""
    address, reason = _validator()(f"a@{domain}")
    return (address[2:], "") if address else (None, reason)


@lru_cache(maxsize=100_000)
def meant(domain: str) -> str | None:
    """The great provider that a domain is one slip of the keyboard away from: only a proposal."""
    from rapidfuzz.distance import OSA

    if domain in _PROVIDERS or domain in _ALIKE or len(domain) < 8:
        return None
    near = (each for each in _PROVIDERS if OSA.distance(domain, each, score_cutoff=1) == 1)
    return next(near, None)


@lru_cache(maxsize=1)
def _special() -> frozenset[str]:
    """Last labels under which some names take no mail: the library decides on those."""
    from email_validator import SPECIAL_USE_DOMAIN_NAMES

    return frozenset(name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES)


@lru_cache(maxsize=1)
def _validator() -> Callable[[str], tuple[str | None, str]]:
    from email_validator import EmailNotValidError, validate_email

    def validated(address: str) -> tuple[str | None, str]:
        try:
            found = validate_email(address, check_deliverability=False)
        except EmailNotValidError:
            return None, "not an address"
        return found.normalized.lower(), ""

    return validated
