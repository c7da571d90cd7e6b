"""Messages as JSON to a web address, signed as Standard Webhooks has it.

The signature is HMAC-SHA256 over the request's id, its time and its body. Each message has an id of
its own that stays the same whenever it is tried again, so that a receiver can tell repeats.
"""

import hmac
import json
import ssl
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

from carpel.channels.base import Outcome, Person, Ready
from carpel.channels.guarded import Door, Inner, Silent
from carpel.channels.pace import Pace
from carpel.specs.webhook import Hook, Webhook

BATCH = 20
"""People claimed at a time where each has a request of their own."""
AGAIN = frozenset({408, 425, 429})
"""Refusals that may pass, besides 5xx: too slow, too early, too many."""
LONGEST = 60.0
"""Seconds of a wish to wait that are honoured on the spot."""


class WebhookCarrier:
    """Posts messages to one address, `per_request` people in each request."""

    written: Sequence[Path] = ()

    def __init__(self, spec: Webhook, campaign: str, secret: str) -> None:
        self._medium, self._campaign = spec.medium, campaign
        self.fields: Sequence[str] = spec.values
        self.batch = max(spec.per_request, BATCH)
        self._poster = Poster(spec, secret, spec.most_per_minute)

    def check(self) -> Sequence[str]:
        """Whether somebody answers there, outside or allowed to be inside."""
        return self._poster.check()

    def render(self, person: Person) -> Ready:
        """The message as it stands in the JSON."""
        if not person.address.strip() or not person.address.isprintable():
            return Ready(person.key, "", person.arm, problem="not an address")
        told = {
            "id": person.mark,
            "campaign": self._campaign,
            "variant": person.arm,
            "medium": self._medium,
            "to": person.address,
            "unsubscribe_url": person.unsubscribe,
            "values": dict(person.values),
        }
        if person.message is not None:
            words = {"subject": person.message.subject, "text": person.message.text.strip()}
            html = {"html": person.message.html} if self._medium == "email" else {}
            told["message"] = {**words, **html}
        return Ready(person.key, person.address, person.arm, (person.at, told))

    def send(self, batch: Sequence[Ready]) -> Iterator[Outcome]:
        """Post them; of those in one request the same became."""
        return self._poster.send(batch, "messages")

    def close(self) -> None:
        """Nothing stays open between two requests."""


class Poster:
    """Posts what is ready, so many in a request, and says what each answer means.

    A payload is the moment and what is told of one person, with an `id` in it.
    """

    def __init__(self, hook: Hook, secret: str, most_per_minute: int | None) -> None:
        self._hook, self._key, self._door = hook, signing_key(secret), Door(hook)
        self._pace = Pace(most_per_minute)

    def check(self) -> Sequence[str]:
        """What stands in the way of posting."""
        try:
            self._door.knock()
        except Inner as error:
            return [str(error)]
        except OSError as error:
            return [f"nobody answers at {self._hook.url}: {_kind(error)}"]
        return []

    def send(self, batch: Sequence[Ready], called: str) -> Iterator[Outcome]:
        """Post them under this name, in their order."""
        size = self._hook.per_request
        for at in range(0, len(batch), size):
            part = batch[at : at + size]
            self._pace.wait(len(part))
            state, reason, passing = self._posted(part, called)
            if state == "unsent":
                yield from (Outcome(each.key, "unsent", reason) for each in batch[at:])
                return
            yield from (Outcome(each.key, state, reason, passing) for each in part)

    def _posted(self, part: Sequence[Ready], called: str) -> tuple[Any, str, bool]:
        body = json.dumps({called: [each.payload[1] for each in part]}, ensure_ascii=False).encode()
        ids = [each.payload[1]["id"] for each in part]
        request = ids[0] if len(ids) == 1 else blake2b("".join(ids).encode()).hexdigest()[:48]
        try:
            answer = self._door.post(body, signed(self._key, request, part[0].payload[0], body))
        except Silent as error:
            return "uncertain", f"{_kind(error.__cause__ or error)} after the message", False
        except OSError as error:
            return "unsent", _kind(error), False
        if answer.status in (429, 503):
            self._pace.rest(min(answer.retry_after, LONGEST))
        return became(answer.status)


def became(status: int) -> tuple[Any, str, bool]:
    """State, reason and whether it may pass, by the status of an answer."""
    if 200 <= status < 300:
        return "sent", "", False
    if status == 401:
        return "unsent", "the receiver does not take our signature: 401", False
    redirect = " (no redirect is followed)" if 300 <= status < 400 else ""
    return "failed", f"{status}{redirect}", status in AGAIN or status >= 500


def signed(key: bytes, request: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """The headers of a request: what it is, its id and time, and the signature over all of it."""
    stamp = str(int(at.timestamp()))
    whole = b".".join((request.encode(), stamp.encode(), body))
    made = b64encode(hmac.new(key, whole, sha256).digest()).decode()
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": request,
        "webhook-id": request,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{made}",
    }


def signing_key(secret: str) -> bytes:
    """The bytes of a secret; one that begins with `whsec_` is Base64 behind that."""
    if secret.startswith("whsec_"):
        return b64decode(secret.removeprefix("whsec_"))
    return secret.encode()


def _kind(error: BaseException) -> str:
    if isinstance(error, Inner):
        return str(error)
    if isinstance(error, ConnectionRefusedError):
        return "it refuses connections"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLError):
        return "no secure connection"
    return "the connection broke" if isinstance(error, ConnectionError) else type(error).__name__
