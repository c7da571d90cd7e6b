"""What a column can be, as roles.txt lists it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from carpel.inference.words import listed

GENERIC = listed(
    "name id number key description type status date stamp time price amount total created "
    "updated size hash start end code record title"
)
"""Concepts that say nothing of whose they are: a bare `name` is that of what the file is about."""


@dataclass(frozen=True)
class Pattern:
    """Concepts that a name says together; `=` before them in roles.txt means nothing else."""

    asked: frozenset[str]
    exact: bool = False
    weak: bool = False
    """Written with `~`: another pattern that fits as well goes before."""


@dataclass(frozen=True)
class Role:
    """Something a column can be."""

    name: str
    group: str
    kind: str
    """What its values must be: a name that `fit` knows."""
    patterns: tuple[Pattern, ...] = ()


@lru_cache(maxsize=1)
def roles() -> Mapping[str, Role]:
    """All roles by name, in the order of roles.txt."""
    text = files("carpel.inference").joinpath("roles.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {role.name: role for role in map(_role, lines)}


def _role(line: str) -> Role:
    group, name, kind, patterns = (part.strip() for part in line.split("|"))
    return Role(name, group, kind, tuple(map(_pattern, patterns.split(";"))))


def _pattern(text: str) -> Pattern:
    asked = frozenset(each.strip("=~") for each in text.split())
    return Pattern(asked, "=" in text, "~" in text)


@lru_cache(maxsize=1)
def by_concept() -> Mapping[str, Sequence[tuple[Role, Pattern]]]:
    """Every pattern under one of its concepts, the most telling where it can be."""
    found: dict[str, list[tuple[Role, Pattern]]] = {}
    for role in roles().values():
        for pattern in role.patterns:
            under = min(pattern.asked, key=lambda each: (each in GENERIC, each))
            found.setdefault(under, []).append((role, pattern))
    return found
