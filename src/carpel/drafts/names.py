"""Names of things as they may stand in copy, and as a hashtag."""

import re
import unicodedata

from carpel.evidence.leads import shown
from carpel.evidence.tokens import tokens
from carpel.values.delicate import delicate

LONGEST = 60
"""Characters of a name that people would say."""
LONGEST_TAG = 30
PUNCTUATION = frozenset(" '’&.,+-")
CLIPPED = re.compile(r"(?i)(?<![^\W\d_])[b-df-hj-np-tv-xz]{4,}(?![^\W\d_])")
"""A Latin word without a vowel: `FRZN`. One of three letters may be such as DVD."""
PROMISES = re.compile(
    r"(?i)(?<![^\W\d_])(sales?|discount\w*|reduced|clearance|outlet|deals?|bargains?|cheap\w*|free|"
    r"gratis|offers?|specials?|promo\w*|bestsellers?|new|limited|exclusive\w*|premium|guarante\w*|"
    r"angebote?|rabatt\w*|schnäppchen|günstig\w*|kostenlos\w*|neu\w*|aanbieding\w*|korting\w*|"
    r"uitverkoop|goedko\w*|nieuw\w*|other|misc\w*|unknown|none|n/?a|sonstige\w*|overig\w*)"
    r"(?![^\W\d_])"
)
"""Words in names that would promise something, or name nothing."""


def unsayable(name: str, called: str = "") -> str:
    """Why a name of the data may not stand in copy; empty where it may.

    What the user calls it is their own word; but what is private stays so, whatever it is called.
    """
    if delicate(name) or delicate(called):
        return "it may touch on something private"
    if called:
        return ""
    kinds = {unicodedata.category(each)[0] for each in name if each not in PUNCTUATION}
    letters = name[:1].isalnum() and any(each.isalpha() for each in name)
    if (
        kinds - {"L", "M", "N"}
        or not letters
        or CLIPPED.search(name)
        or " - " in name
        or name != " ".join(name.split())
    ):
        return "it is a name for tills, not for people"
    if len(name) > LONGEST:
        return "it is too long to be said"
    if PROMISES.search(name) or any(each.kind == "claim" for each in tokens(name)):
        return "it promises something or names nothing"
    return ""


def spoken(of: str, name: str, language: str) -> str:
    """A category or brand as it stands in a sentence: small in English, unless it is a brand."""
    if of.endswith("brand"):
        return name
    plain = shown(of, name)
    titled = all(each[:1].isupper() and each[1:].islower() for each in re.findall(r"\w{2,}", plain))
    return plain.lower() if titled and language == "en" else plain


def begun(text: str) -> str:
    """The text with a capital at its beginning, where that is one letter too: ß has none."""
    first = text[:1].upper()
    return first + text[1:] if len(first) == 1 else text


def tag(name: str) -> str:
    """The name as a hashtag; empty where it makes none."""
    bare = "".join(
        each if unicodedata.category(each)[0] in "LMN" else " "
        for each in unicodedata.normalize("NFC", name)
    )
    joined = "".join(map(begun, bare.split()))
    usable = joined and not joined[0].isdigit() and len(joined) <= LONGEST_TAG
    return f"#{joined}" if usable else ""
