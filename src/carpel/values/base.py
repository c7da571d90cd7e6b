"""What a value becomes: regular, or a reason why it can't."""

import re
import unicodedata
from typing import NamedTuple

Fix = str
"""How a value was changed: `spaces`, `case`, `characters` (mojibake), `zeros` (given back), `form`,
`form without country`; empty for not."""

_SPACES = re.compile(r"\s+")
_CONTROL = (*range(0x09), *range(0x0E, 0x1C), 0x7F)
"""Those that are no white space; 0x80 to 0x9F stay, they tell of a wrong encoding."""
_INVISIBLE = dict.fromkeys(
    [*_CONTROL, 0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF]
)
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
_WRAPPING = "\"'`“”„‘’«»"


class Normal(NamedTuple):
    """One value made regular, and how; or no value, and why not.

    `reason` is a short phrase fit for counting; it never repeats the value.
    """

    value: str | None
    fix: Fix = ""
    reason: str = ""


EMPTY = Normal(None, "", "empty")


def refused(reason: str) -> Normal:
    """No usable value, with the reason."""
    return Normal(None, "", reason)


def kept(original: str, value: str, fix: Fix = "form") -> Normal:
    """A usable value; says `spaces` or `case` where nothing else was changed, else `fix`."""
    if value == original:
        return Normal(value)
    if _SPACES.sub("", value) == _SPACES.sub("", original):
        return Normal(value, "spaces")
    if squeezed(value.casefold()) == squeezed(original.casefold()):
        return Normal(value, "case")
    return Normal(value, fix)


def squeezed(text: str) -> str:
    """Runs of white space become one space, none at the ends."""
    return _SPACES.sub(" ", text).strip()


def tidy(text: str) -> str:
    """Composed characters, single spaces, nothing invisible, no quotes around the whole."""
    if not _PLAIN.fullmatch(text):
        text = squeezed(unicodedata.normalize("NFC", text.translate(_INVISIBLE)))
    if len(text) > 1 and text[0] in _WRAPPING and text[-1] in _WRAPPING:
        text = text.strip(_WRAPPING).strip()
    return text


def fold(text: str) -> str:
    """What two spellings of one thing share: no case, accents, punctuation or extra spaces."""
    lowered = text.casefold()
    if not lowered.isascii():
        lowered = "".join(
            sign
            for sign in unicodedata.normalize("NFKD", lowered)
            if not unicodedata.combining(sign)
        )
    kept_signs = "".join(
        sign if sign.isalnum() or unicodedata.category(sign) in ("Mn", "Mc") else " "
        for sign in lowered
    )
    return " ".join(kept_signs.split())


def words(listed: str) -> frozenset[str]:
    """The folded words of a list written as one text."""
    return frozenset(fold(word) for word in listed.split())
