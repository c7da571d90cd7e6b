"""Definitions that were changed since the current build: who would enter and leave by them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pyroaring import BitMap

from carpel.errors import NotFound
from carpel.evaluation import AccountEvaluator, Evaluator, Sets
from carpel.language import Node, RuleError
from carpel.stages.segments.rules import (
    account_fingerprints,
    account_rules,
    fingerprints,
    origins,
    rests_on,
    rules,
)
from carpel.verbs.asked import Unit
from carpel.verbs.preview import reach_of
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session


@dataclass(frozen=True)
class Draft:
    """A segment whose definition is not the current build's: `new`, `changed` or `removed`.

    `before` and `after` are its people (or accounts, by its `unit`) now and by the definition as it
    stands; None where there is no such segment, or `not_known` says why only a run can tell.
    `reach` has by channel how many people of those after can and may be contacted.
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
    unit: Unit = "customer"


def drafts(session: Session, people: int = 0) -> list[Draft]:
    """All segments and places that say something else now, by name; over the build's tables.

    Those of people come first. So many keys of who would enter and leave are named. Raises
    ProjectError for mistakes in any definition.
    """
    with reading(session, definitions=session.definitions) as reader:
        return list(_Drafts(reader, people).all())


@dataclass(frozen=True)
class _Side:
    """Segments of people, or of accounts: fingerprints now and then, rules, and sets stored."""

    now: Mapping[str, str]
    former: Mapping[str, str]
    rules: Mapping[str, Node]
    sets: Mapping[str, BitMap]

    @property
    def changed(self) -> list[str]:
        names = sorted({*self.former, *self.now})
        return [name for name in names if self.former.get(name) != self.now.get(name)]

    @property
    def same(self) -> dict[str, BitMap]:
        """What did not change is known already."""
        names = {name for name in self.now if self.now[name] == self.former.get(name)}
        return {name: members for name, members in self.sets.items() if name in names}


class _Drafts:
    def __init__(self, reader: Reader, people: int) -> None:
        self.reader, self.people = reader, people
        self.noted = reader.build.notes("segments")
        known: Mapping[str, str] = self.noted.get("origins", {})
        computed = origins(reader.definitions)
        self.stale = {name for name, said in computed.items() if known.get(name) != said}

    def all(self) -> Iterator[Draft]:
        """Every difference, of people and of accounts, each by name."""
        said, noted = self.reader.definitions, self.noted
        people = _Side(
            fingerprints(said), noted.get("definitions", {}), rules(said), self.reader.sets
        )
        accounts = _Side(
            account_fingerprints(said),
            noted.get("account_definitions", {}),
            account_rules(said),
            self.reader.account_sets,
        )
        evaluator = self.reader.evaluating(people.rules, people.same)
        for side, of in ((people, evaluator), (accounts, evaluator.of_accounts(accounts.same))):
            for name in side.changed:
                yield self._draft(name, side, of)

    def _draft(self, name: str, side: _Side, evaluator: Evaluator) -> Draft:
        before, unit = side.sets.get(name), evaluator.unit
        size = None if before is None else len(before)
        if name not in side.now:
            return Draft(name, "removed", size, left=size or 0, unit=unit)
        what = "new" if before is None else "changed"
        if stale := sorted(rests_on(side.rules[name], self.reader.definitions) & self.stale):
            told = f"{' and '.join(stale)} changed, which a run computes: carpel run"
            return Draft(name, what, size, not_known=told, unit=unit)
        try:
            sets = evaluator.sets(side.rules[name])
        except (RuleError, NotFound) as error:
            return Draft(name, what, size, not_known=error.message, unit=unit)
        return self._told(name, before, sets, evaluator)

    def _told(self, name: str, before: BitMap | None, sets: Sets, evaluator: Evaluator) -> Draft:
        entered, left = sets.yes - (before or BitMap()), (before or BitMap()) - sets.yes
        people = sets.yes
        if isinstance(evaluator, AccountEvaluator):
            people = evaluator.people_in(people)
        return Draft(
            name,
            "new" if before is None else "changed",
            None if before is None else len(before),
            len(sets.yes),
            len(entered),
            len(left),
            len(sets.unknown),
            {row["channel"]: row["reachable"] for row in reach_of(self.reader, people)},
            tuple(entered[: self.people]),
            tuple(left[: self.people]),
            unit=evaluator.unit,
        )
