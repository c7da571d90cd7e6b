"""Definitions that were changed since the current build: who would enter and leave by them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pyroaring import BitMap

from carpel.errors import NotFound
from carpel.evaluation import Evaluator, Sets
from carpel.language import RuleError
from carpel.stages.segments.rules import fingerprints, origins, rests_on, rules
from carpel.verbs.preview import reach_of
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session


@dataclass(frozen=True)
class Draft:
    """A segment whose definition is not the current build's: `new`, `changed` or `removed`.

    `before` and `after` are its people now and by the definition as it stands; None where there is
    no such segment, or `not_known` says why only a run can tell. `reach` has by channel how many
    of those after can and may be contacted.
    """

    segment: str
    what: str
    before: int | None
    after: int | None = None
    entered: int = 0
    left: int = 0
    unknown: int = 0
    reach: Mapping[str, int] = field(default_factory=dict)
    entered_people: tuple[int, ...] = ()
    left_people: tuple[int, ...] = ()
    not_known: str = ""


def drafts(session: Session, people: int = 0) -> list[Draft]:
    """All segments and places that say something else now, by name; over the build's tables."""
    with reading(session) as reader:
        return list(_Drafts(reader, people).all())


class _Drafts:
    def __init__(self, reader: Reader, people: int) -> None:
        self.reader, self.people = reader, people
        noted = reader.build.notes("segments")
        self.former: Mapping[str, str] = noted.get("definitions", {})
        self.now, self.rules = fingerprints(reader.definitions), rules(reader.definitions)
        known: Mapping[str, str] = noted.get("origins", {})
        computed = origins(reader.definitions)
        self.stale = {name for name, said in computed.items() if known.get(name) != said}

    def all(self) -> Iterator[Draft]:
        """Every difference, by name."""
        evaluator = self._evaluator()
        for name in sorted({*self.former, *self.now}):
            if self.former.get(name) == self.now.get(name):
                continue
            before = self.reader.sets.get(name)
            if name not in self.now:
                yield _removed(name, before)
            else:
                yield self._draft(name, before, evaluator)

    def _evaluator(self) -> Evaluator:
        """What did not change is known already."""
        same = {
            name: members
            for name, members in self.reader.sets.items()
            if name in self.now and self.now[name] == self.former.get(name)
        }
        return self.reader.evaluating(self.rules, same)

    def _draft(self, name: str, before: BitMap | None, evaluator: Evaluator) -> Draft:
        what = "new" if before is None else "changed"
        size = None if before is None else len(before)
        if stale := sorted(rests_on(self.rules[name], self.reader.definitions) & self.stale):
            said = f"{' and '.join(stale)} changed, which a run computes: carpel run"
            return Draft(name, what, size, not_known=said)
        try:
            sets = evaluator.sets(self.rules[name])
        except (RuleError, NotFound) as error:
            return Draft(name, what, size, not_known=error.message)
        return self._told(name, what, before, sets)

    def _told(self, name: str, what: str, before: BitMap | None, sets: Sets) -> Draft:
        entered, left = sets.yes - (before or BitMap()), (before or BitMap()) - sets.yes
        return Draft(
            name,
            what,
            None if before is None else len(before),
            len(sets.yes),
            len(entered),
            len(left),
            len(sets.unknown),
            {row["channel"]: row["reachable"] for row in reach_of(self.reader, sets.yes)},
            tuple(entered[: self.people]),
            tuple(left[: self.people]),
        )


def _removed(name: str, before: BitMap | None) -> Draft:
    size = None if before is None else len(before)
    return Draft(name, "removed", size, left=size or 0)
