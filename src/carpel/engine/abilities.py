"""What each engine can do, declared here and nowhere else; `docs/engines.md` shows this table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from carpel.errors import EngineError

Kind = Literal["duckdb", "postgres", "spark"]
ALL: tuple[Kind, ...] = ("duckdb", "postgres", "spark")


@dataclass(frozen=True)
class Ability:
    """Something that can be asked for, in words, and the engines that do it."""

    words: str
    engines: tuple[Kind, ...]


ABILITIES: Mapping[str, Ability] = {
    "rules": Ability("members of segments, counts and unsaved rules", ALL),
    "person": Ability("one person's traits and segments, and why", ALL),
    "sql": Ability("a segment as one statement to paste", ALL),
    "segmentations": Ability("RFM, lifecycle and tiers", ALL),
    "own_tables": Ability("rules over tables of your own, where they are", ("postgres", "spark")),
    "blocks": Ability("people by ranges of keys, one range after the other", ("spark",)),
    "publication": Ability("results as tables that others read, switched at once", ("postgres",)),
    "sources": Ability("reading sources, checks and identity", ("duckdb",)),
    "profiles": Ability("traits and profiles from events", ("duckdb",)),
    "history": Ability("who came and left and why, what sets a segment apart", ("duckdb",)),
}
PARTS: Mapping[str, str] = {"segments/places": "segmentations", "segments/members": "rules"}
"""Parts of the line that the project's engine computes; all others stay with DuckDB."""


def able(kind: Kind, ability: str) -> bool:
    """Whether an engine does what is asked for."""
    return kind in ABILITIES[ability].engines


def require(kind: Kind, ability: str) -> None:
    """Raise EngineError when an engine does not do what is asked for; before anything runs."""
    if not able(kind, ability):
        asked = ABILITIES[ability]
        raise EngineError(
            f"The engine {kind} does not do this: {asked.words}.",
            action=f"Set `engine:` in carpel.yml to {' or '.join(asked.engines)}.",
        )
