"""A text that may be shown: whatever few people write, and all that names somebody, is cut out."""

import re
from collections.abc import Collection

from carpel.stats.themes.words import WORD

CUT = "[…]"
NAMING = re.compile(
    r"""\S+@\S+ | https?://\S+ | www\.\S+ | @\w+ | \#\w+ | [^\s]*\d[^\s]*""", re.VERBOSE
)
"""Addresses, links, handles, and whatever has a digit in it."""
KEPT = 0.7
"""Share of a text's words that stay at least; else it is not shown."""
SHORTEST, LONGEST = 20, 240
"""Letters of a text that is shown."""


def quoted(text: str, common: Collection[str], names: Collection[str]) -> str | None:
    """The text without what could say whose it is; None where too little would be left.

    `common` are words that enough people write, `names` those that are of somebody; both folded.
    """
    whole = " ".join(text.split())
    if not SHORTEST <= len(whole) <= LONGEST:
        return None
    plain = NAMING.sub(CUT, whole)
    said = WORD.findall(plain)

    def shown(word: re.Match[str]) -> str:
        it = word.group().casefold()
        return word.group() if it in common and it not in names else CUT

    kept = sum(each.casefold() in common and each.casefold() not in names for each in said)
    lost = len(said) - kept + plain.count(CUT)
    if kept < KEPT * (kept + lost):
        return None
    return re.sub(rf"{re.escape(CUT)}(\W*{re.escape(CUT)})+", CUT, WORD.sub(shown, plain))
