"""A project that was read: its definitions, and all that is wrong with what people wrote."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from carpel.errors import Problem, ProjectError
from carpel.manifest.kinds import KINDS, ROOT
from carpel.manifest.names import name_problems
from carpel.manifest.yaml import Broken, Places
from carpel.specs import Definitions


@dataclass(frozen=True)
class Loaded:
    """A project as far as it can be read, and all that is wrong with its form and its names."""

    definitions: Definitions
    written: Places
    """Where each file's words stand, for messages."""
    problems: Sequence[Problem] = ()
    broken: Broken = frozenset()
    """Files that are no definitions: by folder and name."""

    def sound(self) -> Definitions:
        """The definitions; raises ProjectError with every mistake, if there is one."""
        if self.problems:
            raise ProjectError(self.problems)
        return self.definitions

    def understood(self, traits: Collection[str]) -> Definitions:
        """The definitions without those that have a mistake or need one of these by its name.

        `traits` are the built-in ones. What a mistaken source or trait brought is not missed, as
        builds have it. Raises ProjectError for mistakes in `carpel.yml`, on which all rests.
        """
        if wrong := [each for each in self.problems if each.file == ROOT]:
            raise ProjectError(wrong)
        kept, gone, mistakes = self.definitions, set(self.broken), self.problems
        while astray := {_at(each) for each in mistakes} - gone:
            gone |= astray
            kept = _without(kept, gone)
            brought = {each for each in gone if each[0] in ("sources", "traits")}
            mistakes = name_problems(kept, self.written, traits, brought)
        return kept


def _at(problem: Problem) -> tuple[str, str]:
    """Folder and name of the file that a mistake is in."""
    file = Path(problem.file)
    return file.parent.name, file.stem


def _without(definitions: Definitions, gone: Broken) -> Definitions:
    """The definitions but for those of these files."""
    kept: dict[str, Any] = {
        kind: {
            name: each
            for name, each in getattr(definitions, kind).items()
            if (kind, name) not in gone
        }
        for kind in KINDS
    }
    return replace(definitions, **kept)
