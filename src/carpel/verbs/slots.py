"""Slots of web sites, answered from memory: what stands there for whom, and counting it."""

import logging
import pickle
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Self
from zoneinfo import ZoneInfo

from carpel.campaigns.slots import Known, Shown, shown, visitor
from carpel.campaigns.tokens import visitor_token
from carpel.errors import CarpelError, NotFound
from carpel.evaluation.bitmaps import from_bytes
from carpel.specs import Slot
from carpel.store.addresses import address_hash
from carpel.store.exposures import Exposure, Seen, expose, exposed
from carpel.store.permissions import holds
from carpel.store.suppressions import left_alone
from carpel.verbs.session import Session
from carpel.verbs.slots_known import read

LOG = logging.getLogger("carpel.slots")
LOOK_SECONDS = 1.0
"""How often is looked whether there is another build, or somebody withdrew."""
WRITE_EVERY = 5
"""Looks from one writing of what was counted to the next."""
MOST = 100_000
"""Different things counted at a time; beyond, visitors are counted as nobody."""


class Slots:
    """Keeps what slots need of the current build in memory, and what was shown until written.

    Begin it and end it, or use it in `with`: a thread of its own looks for a newer build, which
    another process reads, so that answering never waits; ended, all that was counted is written.
    """

    def __init__(self, session: Session) -> None:
        self.session, self.known = session, Known()
        self.slots = dict(session.understood.slots)
        self._key, self._zone = session.store.key, ZoneInfo(session.settings.timezone)
        self._withdrawn: frozenset[str] = frozenset()
        self._state: object = None
        self._counted, self._lock = Counter[Exposure](), Lock()
        self._ended = Event()
        self._thread = Thread(target=self._look_on, name="slots", daemon=True)

    def begin(self) -> None:
        """Read the current build, if there is any, and look for newer ones from now on."""
        if self.slots and not self._thread.is_alive():
            self._look(beside=False)
            self._thread.start()

    def end(self) -> None:
        """Write what was counted, and look no more."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        self.write()

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def shown(self, slot: str, said: str = "", *, counted: bool = True) -> Shown:
        """What stands in a slot for whoever `said` names; raises NotFound for no such slot."""
        found = shown(
            slot_of(self.slots, slot), self.known, visitor(self._key, said), self._withdrawn
        )
        if counted:
            self._count(slot, found)
        return found

    def write(self) -> None:
        """Write what was counted to the ledger; what cannot be written now is kept."""
        with self._lock:
            counted, self._counted = self._counted, Counter()
        try:
            expose(self.session.store.ledger, counted, self.session.clock())
        except CarpelError as error:
            LOG.warning("what slots showed is not written yet: %s", error)
            with self._lock:
                self._counted.update(counted)

    def _count(self, slot: str, found: Shown) -> None:
        day = self.session.clock().astimezone(self._zone).date().isoformat()
        whose = found.visitor if len(self._counted) < MOST else ""
        with self._lock:
            self._counted[Exposure(day, slot, found.segment, found.arm, whose)] += 1

    def _look_on(self) -> None:
        looks = 0
        while not self._ended.wait(LOOK_SECONDS):
            looks += 1
            self._look(beside=True)
            if looks % WRITE_EVERY == 0:
                self.write()

    def _look(self, *, beside: bool) -> None:
        """Exchange what is known when a build was published or changed; hear who withdrew."""
        try:
            self._withdrawn = _withdrawn(self.session)
            state = self._stands()
            if state is not None and state != self._state:
                self.known, self._state = _known(self.session, beside=beside), state
        except CarpelError as error:
            LOG.warning("slots answer as before: %s", error)

    def _stands(self) -> object:
        """What changes when another build is published, or somebody is erased from this one."""
        builds = self.session.store.builds
        name = builds.current_name()
        try:
            return name and (name, (builds.folder / f"{name}.json").stat().st_mtime_ns)
        except FileNotFoundError:
            return None


def _known(session: Session, *, beside: bool) -> Known:
    """What slots need of the current build, read here or by a process beside this one."""
    told = _read_beside(session) if beside else read(session)
    sets = {name: from_bytes(each) for name, each in told.pop("sets").items()}
    people = {each: from_bytes(told[each]) for each in ("left_alone", "kept_aside")}
    return Known(**{**told, "sets": sets, **people})


def _read_beside(session: Session) -> dict[str, Any]:
    asked = pickle.dumps((str(Path(session.folder).resolve()), session.given))
    command = [sys.executable, "-m", "carpel.verbs.slots_known"]
    done = subprocess.run(command, input=asked, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise CarpelError("The new build could not be read for slots; the former one serves on.")
    found: dict[str, Any] = pickle.loads(done.stdout)
    return found


def _withdrawn(session: Session) -> frozenset[str]:
    """Hashes of addresses on Carpel's own do-not-contact list, or whose last word is a no."""
    held = left_alone(session.store.ledger, session.store.key)
    said = {
        address
        for address, words in held.said.items()
        if any(holds(words, each.medium, "marketing") is False for each in words)
    }
    return frozenset(held.media.keys() | said)


@dataclass(frozen=True)
class SlotPage:
    """A slot, and what was shown in it so far."""

    slot: Slot
    seen: list[Seen]


def slot_page(session: Session, name: str) -> SlotPage:
    """A slot with its counts; raises NotFound."""
    found = slot_of(session.understood.slots, name)
    return SlotPage(found, exposed(session.store.ledger, name))


def slot_of(slots: Any, name: str) -> Slot:
    """A slot that somebody wrote; raises NotFound."""
    if name not in slots:
        raise NotFound("slot", name, slots)
    found: Slot = slots[name]
    return found


def token_of(session: Session, address: str) -> str:
    """The token by which a site says that somebody with this address visits it."""
    key = session.store.key
    return visitor_token(key, address_hash(key, address))
