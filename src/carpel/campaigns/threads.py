"""The threads of a sending: each claims, hands over and settles what others rendered."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from queue import Queue
from threading import Event, Lock, Thread

from carpel.channels import Carrier, Outcome, Ready
from carpel.store.deliveries import Claim, Receipt
from carpel.store.sendings import Sending

Carriers = Callable[[], Carrier]
"""Makes a carrier; each thread has one of its own."""
AHEAD = 4
"""Rendered batches that wait for each connection at most."""


@dataclass(frozen=True)
class Job:
    """A message ready to be handed over, and whose it is."""

    claim: Claim
    ready: Ready


class Threads:
    """So many that claim, hand over and settle batches, each over a connection of its own."""

    def __init__(self, number: int) -> None:
        self.done: Counter[str] = Counter()
        self.stopped = ""
        self.carrier: Carrier
        self._number, self._stop, self._lock = number, Event(), Lock()
        self._queue: Queue[list[Job] | None] = Queue(AHEAD * number)
        self._working: list[Thread] = []
        self._errors: list[BaseException] = []

    def start(self, carriers: Carriers, claims: Sending) -> None:
        """Put everybody to work."""
        made = [carriers() for _ in range(self._number)]
        self.carrier = made[0]
        for each in made:
            thread = Thread(target=self._work, args=(each, claims), daemon=True)
            thread.start()
            self._working.append(thread)

    def take(self, batch: list[Job]) -> bool:
        """Pass a batch on; False once nothing more can be handed over."""
        if not self._stop.is_set():
            self._queue.put(batch)
        return not self._stop.is_set()

    def finish(self) -> None:
        """Wait until all that was passed on is settled; raises what a thread raised."""
        for _ in self._working:
            self._queue.put(None)
        for each in self._working:
            each.join()
        if self._errors:
            raise self._errors[0]

    def _work(self, carrier: Carrier, claims: Sending) -> None:
        with closing(carrier):
            while (batch := self._queue.get()) is not None:
                if self._stop.is_set():
                    continue
                try:
                    self._one(carrier, claims, batch)
                except BaseException as error:
                    self._errors.append(error)
                    self._stop.set()

    def _one(self, carrier: Carrier, claims: Sending, batch: Sequence[Job]) -> None:
        mine = {each.address for each in claims.claim([each.claim for each in batch])}
        ready = [each.ready for each in batch if each.ready.key in mine]
        bad = [each for each in ready if each.problem]
        outcomes = [Outcome(each.key, "failed", each.problem) for each in bad]
        outcomes += carrier.send([each for each in ready if not each.problem])
        unsent = [each for each in outcomes if each.state == "unsent"]
        claims.settle([_receipt(each) for each in outcomes if each.state != "unsent"])
        claims.release([each.key for each in unsent])
        with self._lock:
            self.done.update(each.state for each in outcomes)
            self.done["others"] += 0 if claims.full else len(batch) - len(mine)
        if claims.full:
            self._stop.set()
        if unsent:
            self.stopped = unsent[0].reason
            self._stop.set()


@contextmanager
def at_work(number: int) -> Iterator[Threads]:
    """So many threads; once the block is over, all that they took is settled."""
    threads = Threads(number)
    try:
        yield threads
    finally:
        threads.finish()


def _receipt(outcome: Outcome) -> Receipt:
    state = outcome.state
    if state == "unsent":
        raise ValueError("what was not handed over has no receipt")
    return Receipt(outcome.key, state, outcome.reason, outcome.passing, outcome.undeliverable)
