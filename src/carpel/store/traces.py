"""By what a piece of text betrays whom it is about: the forms in which values are compared."""

import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

EMAIL = re.compile(r"[^\s<>()\[\],;:\"'|]+@[^\s<>()\[\],;:\"'|]+\.\w+")
PHONE = re.compile(r"\+?\d[\d\s().\-/]{6,}\d")
SHORTEST = 6
"""A bare number or word shorter than this could as well be a quantity or a year."""


def said(value: object) -> str:
    """A value without what spelling adds: case, width of signs, runs of spaces."""
    return " ".join(unicodedata.normalize("NFKC", str(value)).casefold().split())


def person_name(parts: Iterable[object]) -> str:
    """A name whatever its parts' order and accents; empty when nobody is named."""
    text = unicodedata.normalize("NFKD", said(" ".join(str(part) for part in parts if part)))
    words = re.findall(r"[^\W_]+", "".join(c for c in text if not unicodedata.combining(c)))
    return " ".join(sorted(set(words)))


def traces(cell: object) -> set[str]:
    """What a cell may be recognised by: e-mail addresses, phone numbers, a long identifier."""
    text = said(cell)
    found = {match.group().strip(".") for match in EMAIL.finditer(text)}
    for match in PHONE.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if len(digits) >= 9:
            found.add(f"…{digits[-9:]}")  # national and international forms end alike
    whole = re.sub(r"[^\w]|_", "", text)
    if len(whole) >= SHORTEST and len(text) <= 100:
        found.add(whole)
    return found


def cells(content: str) -> list[str]:
    """The cells of a row kept as text: as JSON, or written with any usual delimiter."""
    try:
        return [str(each) for each in _leaves(json.loads(content)) if each is not None]
    except ValueError:
        return re.split(r"[,;\t|\"]", content)


def _leaves(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return (leaf for each in value for leaf in _leaves(each))
    return (value,)
