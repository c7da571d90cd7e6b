"""Whether people can reach the project's pages: asked over the web, answered by its own key."""

import hashlib
import hmac
import secrets
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from carpel.errors import ChannelError
from carpel.verbs.session import Session

OK = 200
PATIENCE = 10
"""Seconds that pages may take to answer."""


def proof(session: Session, nonce: str) -> str:
    """What only this project's server can answer to a nonce."""
    key = session.store.key
    return hashlib.blake2b(nonce.encode(), key=key, digest_size=20, person=b"proof").hexdigest()


def prove(session: Session, url: str) -> None:
    """Raise ChannelError, saying how to go on, unless this project's pages answer at an address."""
    nonce = secrets.token_urlsafe(16)
    try:
        code, told = _asked(f"{url}/proof/{nonce}")
    except (OSError, HTTPException) as error:
        raise _astray(url, getattr(error, "strerror", None) or type(error).__name__) from None
    if code != OK:
        raise _astray(url, f"the answer has code {code}")
    if not hmac.compare_digest(told, proof(session, nonce).encode()):
        raise _astray(url, "what answers there is not this project's `carpel serve`")


def _asked(url: str) -> tuple[int, bytes]:
    """Code and beginning of what an address answers; sent on to another, it is not followed."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    with closing(kind(parts.netloc, timeout=PATIENCE)) as connection:
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        return answer.status, answer.read(200).strip()


def _astray(url: str, why: str) -> ChannelError:
    return ChannelError(
        f"Nothing was sent: links would lead to {url}, and there {why}.",
        action="Start `carpel serve` behind that address (see docs/going-live.md), or give the "
        "channel an `unsubscribe_url` that others answer.",
    )
