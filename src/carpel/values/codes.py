"""Codes that people read, say and type: no sign that is taken for another, and one that checks.

29 signs, digits and consonants without 0, 1, I and O; without vowels hardly a word can form. The
last sign makes the sum of each sign's number times its place divisible by 29: since 29 is prime,
any one wrong sign and any two that changed places are noticed (as ISBN-10 does it with 11).
"""

import re
from collections.abc import Callable, Iterator

SIGNS = "23456789BCDFGHJKLMNPQRSTVWXYZ"
UNWANTED = re.compile(r"FCK|FKK|KKK|HH|SS|88|XXX|WTF|NGR|BTCH|CNT|DCK|SHT|TTS")
"""What reads as an insult even without vowels."""
_NUMBERS = {sign: number for number, sign in enumerate(SIGNS)}


def code(length: int, choose: Callable[[str], str]) -> str:
    """A code of so many signs, 28 at most; `choose` draws one of a text's signs."""
    while True:
        body = "".join(choose(SIGNS) for _ in range(length - 1))
        whole = body + _check(body)
        if not UNWANTED.search(whole):
            return whole


def codes(length: int, choose: Callable[[str], str]) -> Iterator[str]:
    """One after the other, each once."""
    seen: set[str] = set()
    while True:
        made = code(length, choose)
        if made not in seen:
            seen.add(made)
            yield made


def is_code(text: str) -> bool:
    """Whether a text could be one of ours, with its check right; case does not matter."""
    signs = text.upper()
    if not signs or not set(signs) <= set(SIGNS):
        return False
    return sum(_weighed(signs)) % len(SIGNS) == 0


def _check(body: str) -> str:
    place = len(body) + 1
    inverse = pow(place, -1, len(SIGNS))
    return SIGNS[-sum(_weighed(body)) * inverse % len(SIGNS)]


def _weighed(signs: str) -> Iterator[int]:
    return (place * _NUMBERS[sign] for place, sign in enumerate(signs, 1))
