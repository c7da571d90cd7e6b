"""Languages as the shortest ISO 639 code, from a code, a locale tag or a name."""

import re
from functools import lru_cache

from carpel.values.base import EMPTY, Normal, kept, refused, tidy
from carpel.values.localized import look_up
from carpel.values.placeholders import is_placeholder

_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*", re.I)


@lru_cache(maxsize=10_000)
def normal(text: str) -> Normal:
    """`en` for `EN`, `eng`, `en-GB`, `English`, `anglais`."""
    bare = tidy(text)
    if not bare:
        return EMPTY
    code = _code(bare) or (None if is_placeholder(bare) else look_up("languages", bare))
    if code:
        return kept(text, code)
    return refused("placeholder" if is_placeholder(bare) else "no language of this name")


def _code(text: str) -> str | None:
    from babel import Locale
    from babel.core import get_global

    tag = _TAG.fullmatch(text)
    if tag is None:
        return None
    code = get_global("language_aliases").get(tag[1].lower(), tag[1].lower())
    return code if code in Locale("en").languages and len(code) <= 3 else None
