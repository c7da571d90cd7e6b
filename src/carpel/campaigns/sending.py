"""Handing a campaign over: rendered, claimed, handed over, settled, a batch at a time."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from queue import Queue
from threading import Event, Lock, Thread
from typing import Any

from carpel.campaigns.audience import arm_of, to_send
from carpel.campaigns.composing import Composer
from carpel.campaigns.desk import Desk
from carpel.campaigns.recipients import recipients
from carpel.channels import Carrier, Outcome, Ready
from carpel.messages import TemplateError
from carpel.specs import Campaign, Smtp
from carpel.store.campaigns import Approved
from carpel.store.deliveries import Claim, Receipt, Route
from carpel.store.sendings import Sending, sending

Carriers = Callable[[], Carrier]
"""Makes a carrier; each thread has one of its own."""
AHEAD = 4
"""Rendered batches that wait for each connection at most."""


@dataclass(frozen=True)
class Sent:
    """What one sending came to; `left` are people it did not get to, `stopped` says why."""

    sent: int = 0
    failed: int = 0
    uncertain: int = 0
    left: int = 0
    stopped: str = ""


@dataclass(frozen=True)
class Job:
    """A message ready to be handed over, and whose it is."""

    claim: Claim
    ready: Ready


def send(
    desk: Desk,
    campaign: Campaign,
    approved: Approved,
    carriers: Carriers,
    *,
    actor: str,
    limit: int | None = None,
) -> Sent:
    """Contact everybody who is still to be contacted now, `limit` of them at most.

    Whoever else sends the same campaign at the same time gets other people: each message belongs
    to whom it was claimed by. Killed, it leaves at most a batch a connection uncertain.
    """
    people = to_send(desk, campaign, approved)
    if limit is not None:
        people = people[:limit]
    channel = desk.channel(campaign)
    threads = channel.connections if isinstance(channel, Smtp) else 1
    route = Route(campaign.name, campaign.channel, channel.medium)
    with sending(desk.ledger, desk.clock, route, actor) as claims, _line(threads) as line:
        line.start(carriers, claims)
        for batch in _batches(desk, campaign, approved, people, line.carrier):
            if not line.take(batch):
                break
    done = line.done
    return Sent(
        done["sent"],
        done["failed"],
        done["uncertain"],
        len(people) - sum(done[each] for each in ("sent", "failed", "uncertain", "others")),
        line.stopped,
    )


def jobs(
    desk: Desk, campaign: Campaign, approved: Approved, people: Any, carrier: Carrier
) -> Iterator[Job]:
    """Everybody's message, rendered; one that cannot be is a job with its problem."""
    composer = Composer(desk, campaign, frozenset(carrier.fields))
    arms = arm_of(desk, approved)
    medium = desk.channel(campaign).medium
    for row in recipients(desk, people, medium, composer.needs):
        arm = next(name for name, keys in arms.items() if row["customer"] in keys)
        yield job(composer, carrier, row, arm)


def job(composer: Composer, carrier: Carrier, row: Mapping[str, Any], arm: str) -> Job:
    """One person's message, rendered."""
    try:
        person = composer.person(row, arm)
    except TemplateError as error:
        key = composer.key(row)
        return Job(Claim(key, row["customer"], arm), Ready(key, "", arm, problem=error.message))
    return Job(Claim(person.key, row["customer"], arm), carrier.render(person))


def _batches(
    desk: Desk, campaign: Campaign, approved: Approved, people: Any, carrier: Carrier
) -> Iterator[list[Job]]:
    rest = jobs(desk, campaign, approved, people, carrier)
    while batch := list(islice(rest, carrier.batch)):
        yield batch


class _Line:
    """Threads that claim, hand over and settle batches, each over a connection of its own."""

    def __init__(self, threads: int) -> None:
        self.done: Counter[str] = Counter()
        self.stopped = ""
        self.carrier: Carrier
        self._threads, self._stop, self._lock = threads, Event(), Lock()
        self._queue: Queue[list[Job] | None] = Queue(AHEAD * threads)
        self._working: list[Thread] = []
        self._errors: list[BaseException] = []

    def start(self, carriers: Carriers, claims: Sending) -> None:
        """Put everybody to work."""
        made = [carriers() for _ in range(self._threads)]
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
            self.done["others"] += len(batch) - len(mine)
        if unsent:
            self.stopped = unsent[0].reason
            self._stop.set()


@contextmanager
def _line(threads: int) -> Iterator[_Line]:
    line = _Line(threads)
    try:
        yield line
    finally:
        line.finish()


def _receipt(outcome: Outcome) -> Receipt:
    state = outcome.state
    if state == "unsent":
        raise ValueError("what was not handed over has no receipt")
    return Receipt(outcome.key, state, outcome.reason, outcome.passing)
