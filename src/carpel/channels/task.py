"""Tasks for people of one's own: a line a person, to a file or a web address."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from carpel.channels.base import Outcome, Person, Ready
from carpel.channels.rows import cell, filed, unwritable, write_rows
from carpel.channels.webhook import BATCH, Poster
from carpel.channels.your_sender import EVERYBODY
from carpel.specs import Task


class TaskCarrier:
    """Hands tasks over: to a file an arm, or to the web address of the channel's `hook`."""

    def __init__(self, spec: Task, campaign: str, to: Path, secret: str = "") -> None:
        self._spec, self._campaign, self._to = spec, campaign, to
        self._whose = {"For": spec.assigned_to} if spec.assigned_to else {}
        self._told = {**self._whose, **spec.columns}
        self.fields: Sequence[str] = tuple(dict.fromkeys(self._told.values()))
        self.written: Sequence[Path] = ()
        self._poster = Poster(spec.hook, secret, spec.most_per_minute) if spec.hook else None
        self.batch = max(spec.hook.per_request, BATCH) if spec.hook else EVERYBODY

    def check(self) -> Sequence[str]:
        """Whether tasks can be handed over there."""
        return self._poster.check() if self._poster else unwritable(self._to)

    def render(self, person: Person) -> Ready:
        """One task: for whom, about whom, what to say and until when."""
        if not person.address.strip() or not person.address.isprintable():
            return Ready(person.key, "", person.arm, problem="not an address")
        if person.message is None:
            return Ready(person.key, "", person.arm, problem="there is nothing to say")
        told = {
            "Contact": person.address,
            **{heading: person.values.get(name) for heading, name in self._told.items()},
            "Task": person.message.subject,
            "What to say": person.message.text.strip(),
            "Due": (person.at + timedelta(days=self._spec.due_days)).date().isoformat(),
            "Campaign": self._campaign,
            "Version": person.arm,
            "id": person.mark,
        }
        return Ready(person.key, person.address, person.arm, (person.at, told))

    def send(self, batch: Sequence[Ready]) -> Iterator[Outcome]:
        """Hand them over; in files one that is there already stays, and another is added."""
        return self._poster.send(batch, "tasks") if self._poster else filed(batch, self._write)

    def close(self) -> None:
        """Nothing is open."""

    def _write(self, arm: str, payloads: list[Any]) -> None:
        rows = [told for _, told in payloads]
        lines = ([cell(value) for value in row.values()] for row in rows)
        path = write_rows(self._to, f"{self._campaign}-{arm}-tasks", [*rows[0]], lines)
        self.written = (*self.written, path)
