"""One person's segments in an instant, with what they did since the build."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import local
from typing import Any
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from carpel.errors import CarpelError, NotFound
from carpel.evaluation import Evaluator
from carpel.evaluation.alone import alone
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.decider import Decider
from carpel.evaluation.windows import utc
from carpel.language import Account, Node, PeopleWhere, children, references
from carpel.stages.segments.rules import fingerprints, rules
from carpel.verbs.reader import Held, Reader
from carpel.verbs.session import Session

Event = Mapping[str, Any]
SHAPE = '{"event": "page_viewed", "at": "2026-03-01T12:00", "properties": {"category": "tea"}}'


@dataclass(frozen=True)
class Decision:
    """The segments and places that one person is in, by name.

    `anew` are those that were looked at again because events since the build are what they ask
    about, as of `moment` (UTC): that of the latest of these events, the build's when that is
    later. All others are as the build stored them.
    """

    customer: int
    segments: tuple[str, ...]
    moment: datetime
    build: str
    anew: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Asked:
    """A stored rule: what it says, and the events it is about, through segments too."""

    rule: Node
    events: frozenset[str]
    able: bool
    """Whether one person's rows decide it: not where the people of an account do."""


class Decisions(Held):
    """Keeps one build open and answers about one person at a time, from any thread.

    What is stored is answered from memory. Close it, or use it in `with`; it goes on answering
    from its build while newer ones are published.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._zone = ZoneInfo(session.settings.timezone)
        self._sets = dict(self._reader.sets)
        self._rules = _asked(self._reader)
        self._known = self._reader.evaluator.universe
        self._clock = self._reader.evaluator.catalogue.clock
        self._thresholds = dict(self._reader.evaluator.atoms.thresholds)
        self._thread = local()
        self._decider: Decider | None = None

    def prepare(self) -> None:
        """Make the rules ready, so that a decision with fresh events takes milliseconds.

        Reads the rows of all events that rules are about into memory: about 30 bytes a row, and a
        second for some millions. Decisions stay the same.
        """
        ready = {name: each.rule for name, each in self._rules.items()}
        stored = {name: each for name, each in self._sets.items() if name not in ready}
        self._decider = Decider(self._reader.evaluating(ready, stored), ready)

    def decide(
        self, customer: int, events: Iterable[Event] = (), segments: Sequence[str] = ()
    ) -> Decision:
        """The segments of a person, all or those named, with events since the build.

        An event is a mapping with `event`, `at` (ISO 8601; without a zone in the project's) and
        `properties`. Raises NotFound for a person, segment, event or property that is not there,
        and RuleError for a value that does not fit.
        """
        for name in segments:
            self._reader.segment(name)
        if customer not in self._known:
            raise NotFound("customer", str(customer))
        asked = segments or self._sets
        held = {name for name in asked if customer in self._sets[name]}
        fresh = list(map(self._read, events))
        again = self._touched({event for event, _ in fresh}, asked)
        moment = max([self._clock.moment, *(row["at"] for _, row in fresh)])
        if again:
            held = held - set(again) | self._anew(customer, fresh, again, moment)
        build = self._reader.build.build
        return Decision(customer, tuple(sorted(held)), moment, build, tuple(again))

    def _read(self, event: Event) -> tuple[str, dict[str, Any]]:
        """The name of an event and its row; its instant UTC without a zone."""
        properties = event.get("properties", {})
        strange = event.keys() - {"event", "at", "properties"}
        if strange or not {"event", "at"} <= event.keys() or not isinstance(properties, Mapping):
            raise CarpelError("This is no event.", action=f"Write {SHAPE}")
        name, at = str(event["event"]), event["at"]
        self._catalogue().event(name)
        try:
            moment = at if isinstance(at, datetime) else datetime.fromisoformat(at)
        except (TypeError, ValueError):
            raise CarpelError(
                f"The `at` of an event {name} is no instant.", action=f"Write {SHAPE}"
            ) from None
        return name, {**properties, "at": utc(moment, self._zone)}

    def _touched(self, events: set[str], asked: Iterable[str]) -> list[str]:
        rules = self._rules
        return [name for name in asked if name in rules and rules[name].events & events]

    def _anew(
        self,
        customer: int,
        fresh: Sequence[tuple[str, Mapping[str, Any]]],
        again: Sequence[str],
        moment: datetime,
    ) -> set[str]:
        """Those of the touched segments that the person is in, by the one evaluator."""
        by_event: dict[str, list[Mapping[str, Any]]] = {}
        for name, row in fresh:
            by_event.setdefault(name, []).append(row)
        touched = self._touched(set(by_event), self._sets)
        about = {event for name in touched for event in self._rules[name].events}
        able = set(again) & self._decider.able if self._decider else set[str]()
        held = self._decided(customer, by_event, moment, touched) & able if able else able
        if able == set(again):
            return held
        catalogue, one = self._catalogue(), BitMap([customer])
        evaluator = Evaluator(
            alone(catalogue.engine, catalogue, customer, by_event, about),
            as_of=moment,
            zone=self._zone,
            segments={name: self._rules[name].rule for name in touched},
            stored={name: each & one for name, each in self._sets.items() if name not in touched},
            thresholds=self._thresholds,
        )
        found = evaluator.all({name: self._rules[name].rule for name in again if name not in able})
        return held | {name for name, sets in found.items() if sets.yes}

    def _decided(
        self,
        customer: int,
        fresh: Mapping[str, Sequence[Mapping[str, Any]]],
        moment: datetime,
        touched: Sequence[str],
    ) -> set[str]:
        """Those segments that the person is in, by the rules that are ready."""
        assert self._decider is not None
        kept = self._decider.named - set(touched)
        members = {name: customer in self._sets[name] for name in kept}
        engine = self._catalogue().engine
        found = self._decider.decided(engine, customer, fresh, moment, members)
        return {name for name, held in found.items() if held}

    def _catalogue(self) -> Catalogue:
        """What the build offers, through a session of this thread's own."""
        if not hasattr(self._thread, "catalogue"):
            session = self._reader.engine.session()
            self._open.callback(session.close)
            self._thread.catalogue = Catalogue(session, self._clock)
        found: Catalogue = self._thread.catalogue
        return found


def _asked(reader: Reader) -> dict[str, _Asked]:
    """The rules by which the build stored its sets, as far as one person's rows decide them."""
    former = reader.build.notes("segments").get("definitions", {})
    now, known = fingerprints(reader.definitions), rules(reader.definitions)
    same = {name: rule for name, rule in known.items() if now[name] == former.get(name)}
    found = {name: _about(rule, same) for name, rule in same.items()}
    return {name: each for name, each in found.items() if each.able}


def _about(rule: Node, known: Mapping[str, Node]) -> _Asked:
    events, able, seen = set[str](), True, set[str]()
    waiting = [rule]
    while waiting:
        each = waiting.pop()
        able = able and not any(_of_accounts(each))
        for reference in references(each):
            if reference.kind == "event":
                events.add(reference.name)
            elif reference.kind == "segment" and reference.name not in seen:
                seen.add(reference.name)
                waiting += [known[reference.name]] if reference.name in known else []
    return _Asked(rule, frozenset(events), able)


def _of_accounts(rule: Node) -> Iterator[bool]:
    yield isinstance(rule, Account | PeopleWhere)
    for child in children(rule):
        yield from _of_accounts(child)
