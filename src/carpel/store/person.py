"""Everything by which the store knows one person (or, after a restore, all erased ones)."""

from dataclasses import dataclass, field
from functools import cached_property

from carpel.store.tombstones import Tombstones
from carpel.store.traces import cells, person_name, traces

Identifier = tuple[str, str]
"""Its kind and its value."""


@dataclass
class Person:
    """One person, over all builds that are kept."""

    customers: set[int] = field(default_factory=set)
    """All keys that stand for this person and for no one else."""
    refs: set[int] = field(default_factory=set)
    own: set[Identifier] = field(default_factory=set)
    """Identifiers that no other record holds."""
    shared: set[Identifier] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    accounts: set[int] = field(default_factory=set)
    """Accounts that nobody else belongs to."""
    event_keys: set[int] = field(default_factory=set)
    """Events that stand under another's key, in a build from before a merge was undone."""
    rows: set[tuple[str, str, int]] = field(default_factory=set)
    """Source, file and row where the user's own files speak of this person."""

    @cached_property
    def own_traces(self) -> set[str]:
        """What betrays this person and nobody else, wherever it stands."""
        return {trace for _, value in self.own for trace in traces(value)}

    @cached_property
    def shared_traces(self) -> set[str]:
        """What betrays this person only beside the name."""
        return {trace for _, value in self.shared for trace in traces(value)} - self.own_traces

    def told_by(self, content: str) -> bool:
        """Whether a text (a row, a line of a log) speaks of this person."""
        found = {trace for cell in cells(content) for trace in traces(cell)}
        if found & self.own_traces:
            return True
        words = set(person_name([content]).split())
        named = any(set(name.split()) <= words for name in self.names)
        return named and bool(found & self.shared_traces)

    def hashes(self, stones: Tombstones) -> set[str]:
        """The tombstones of this person."""
        return (
            {stones.of_ref(ref) for ref in self.refs}
            | {stones.of_identifier(kind, value) for kind, value in self.own}
            | {stones.of_trace(trace) for trace in self.own_traces}
            | {
                stones.of_shared(kind, value, name)
                for kind, value in self.shared
                for name in self.names
            }
        )
