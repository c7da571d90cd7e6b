"""A published build, open for reading: its tables by name, its sets, its evaluator."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from carpel.engine.base import Engine
from carpel.engine.query import Tree, query
from carpel.errors import NotFound, StoreError
from carpel.evaluation import AccountEvaluator, Evaluator
from carpel.evaluation.bitmaps import from_bytes
from carpel.evaluation.memberships import account_sets, stored_sets
from carpel.evaluation.relative import Ranges
from carpel.language import Node
from carpel.specs import Definitions
from carpel.specs.places import places
from carpel.store.builds import Build
from carpel.tables import SINGLE
from carpel.verbs.session import Session


@dataclass
class Reader:
    """Reads one build; the build stays as it is while this is open."""

    definitions: Definitions
    build: Build
    engine: Engine

    def dicts(self, tree: Tree) -> list[dict[str, Any]]:
        """The rows of a query whose answer is small."""
        rows: list[dict[str, Any]] = self.engine.fetch(tree).to_pylist()
        return rows

    @cached_property
    def sets(self) -> Mapping[str, BitMap]:
        """Members of every segment of this build."""
        return stored_sets(self.engine)

    @cached_property
    def evaluator(self) -> Evaluator:
        """The evaluator over this build's tables, with its stored sets."""
        return self.evaluating(self._rules("customer"), self.sets)

    @cached_property
    def account_sets(self) -> Mapping[str, BitMap]:
        """Accounts, by key, of every segment whose unit is an account."""
        return account_sets(self.engine)

    @cached_property
    def account_evaluator(self) -> AccountEvaluator:
        """The evaluator of rules about accounts, with the stored sets of accounts."""
        return self.evaluator.of_accounts(self.account_sets, self._thresholds("account_"))

    def evaluator_of(self, segment: str) -> Evaluator:
        """The evaluator that a segment of the project's own is for, by its unit."""
        spec = self.definitions.segments.get(segment)
        of_accounts = spec is not None and spec.unit == "account"
        return self.account_evaluator if of_accounts else self.evaluator

    def _rules(self, unit: str) -> dict[str, Node]:
        specs = self.definitions.segments.items()
        return {name: each.rule for name, each in specs if each.unit == unit}

    def evaluating(self, rules: Mapping[str, Node], stored: Mapping[str, BitMap]) -> Evaluator:
        """An evaluator over this build's tables by these rules, of which `stored` are known."""
        return Evaluator(
            self.engine,
            as_of=self.build.as_of,
            zone=ZoneInfo(self.definitions.project.timezone),
            segments=rules,
            stored=stored,
            thresholds=self._thresholds(),
            accounts=self._rules("account"),
        )

    def _thresholds(self, prefix: str = "") -> dict[str, Ranges]:
        """What comparisons of people with each other were frozen to by the build."""
        noted = self.build.notes("segments").get(f"{prefix}thresholds", {})
        return {
            leaf: Ranges(tuple((start, end) for start, end in spans))
            for leaf, spans in noted.items()
        }

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What traits, segments, sets of segments and their places are called on screen."""
        sets = self.definitions.segmentations
        said = {name: spec.label for name, spec in sets.items() if spec.label}
        said |= {place.name: place.label for spec in sets.values() for place in places(spec)}
        rows = self.engine.rows(
            query(
                "SELECT trait, label FROM traits UNION ALL SELECT segment, label FROM sizes "
                "UNION ALL SELECT segment, label FROM account_segments"
            )
        )
        return {**said, **{name: label for name, label in rows if label}}

    @cached_property
    def stated(self) -> Mapping[str, str]:
        """Columns of `contacts`, and what each is called by people: `t_city` is city."""
        columns = [each for each in self.engine.columns("contacts") if each != "customer"]
        return {
            each: bare if (bare := each.removeprefix("t_")) not in columns else each
            for each in columns
        }

    def differences(self, segment: str) -> list[dict[str, Any]]:
        """What sets a segment apart, the largest first, with each trait's label and unit."""
        named = {
            trait: {"label": label, "unit": unit}
            for trait, label, unit in self.engine.rows(
                query("SELECT trait, label, unit FROM traits")
            )
        }
        rows = self.dicts(
            query("SELECT * EXCLUDE (segment) FROM differences WHERE segment = :it", it=segment)
        )
        return [{**row, **named.get(row["trait"], {"label": "", "unit": ""})} for row in rows]

    @cached_property
    def account_segments(self) -> Mapping[str, Mapping[str, Any]]:
        """The rows of segments whose unit is an account, by name; `members` is the set of keys."""
        rows = self.dicts(query("SELECT * FROM account_segments ORDER BY segment"))
        return {row["segment"]: {**row, "members": from_bytes(row["members"])} for row in rows}

    def segment(self, name: str) -> BitMap:
        """Members of one segment; raises NotFound with the nearest names."""
        if name in self.account_segments:
            raise NotFound(
                "segment of people",
                name,
                action=f"{name} is a segment of accounts: `carpel explain account WHO {name}`.",
            )
        if name not in self.sets:
            raise NotFound("segment", name, {*self.sets, *self.account_segments})
        return self.sets[name]


@contextmanager
def reading(
    session: Session, build: str | None = None, definitions: Definitions | None = None
) -> Iterator[Reader]:
    """Open a build, the current one unless another is named, by these definitions.

    Without any, by those that have no mistake. Raises StoreError before the first run and
    ProjectError for mistakes in `carpel.yml`.
    """
    if build is None and session.store.builds.current() is None:
        raise StoreError("There is nothing to look at yet.", action="carpel run")
    with session.store.open_build(build) as opened:
        engine = session.engine()
        try:
            _bind(engine, session, opened)
            yield Reader(definitions or session.understood, opened, engine)
        finally:
            engine.close()


class Held:
    """Keeps one build open, whatever is published meanwhile. Close it, or use it in `with`."""

    def __init__(self, session: Session) -> None:
        self._open = ExitStack()
        self._reader = self._open.enter_context(reading(session))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the build."""
        self._open.close()


def _bind(engine: Engine, session: Session, build: Build) -> None:
    """All tables of the build by name; those nobody wrote are there, empty."""
    files = build.tables()
    for name in SINGLE | set(files):
        engine.bind(name, [session.store.builds.files.path(each) for each in files.get(name, [])])
