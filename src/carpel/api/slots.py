"""What web sites ask: the content of a slot as JSON, and the script that fills it in.

Answered before anything of FastAPI's is asked, since a page waits for it: no row a request, no
thread, nothing read from a file.
"""

import json
from collections.abc import Iterable
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, unquote

from starlette.types import ASGIApp, Receive, Scope, Send

from carpel.api.machines import machine
from carpel.errors import NotFound
from carpel.verbs.slots import Slots

SCRIPT = files("carpel.api").joinpath("carpel.js").read_bytes()
UNDER = "/v1/slots/"
LONGEST = 600
"""Characters of a visitor's name; tokens are far below."""
_ANY = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]
_FRESH = [*_ANY, (b"cache-control", b"no-store"), (b"vary", b"origin")]
_KEPT = [
    *_ANY,
    (b"cache-control", b"public, max-age=300"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]
Headers = list[tuple[bytes, bytes]]


class Slotted:
    """Answers for slots and hands every other request on."""

    def __init__(self, app: ASGIApp, slots: Slots, origins: Iterable[str]) -> None:
        self.app, self.slots = app, slots
        self.origins = frozenset(each.encode() for each in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is asked of slots."""
        path = scope.get("path", "") if scope["type"] == "http" else ""
        if path == "/carpel.js" and scope["method"] in ("GET", "HEAD"):
            await _say(send, 200, SCRIPT, b"text/javascript; charset=utf-8", _KEPT)
        elif path.startswith(UNDER):
            status, told, more = self._answer(scope, path.removeprefix(UNDER))
            body = json.dumps(told, ensure_ascii=False).encode()
            await _say(send, status, body, b"application/json", [*_FRESH, *more])
        else:
            await self.app(scope, receive, send)

    def _answer(self, scope: Scope, name: str) -> tuple[int, dict[str, Any], Headers]:
        headers = dict(scope["headers"])
        origin = headers.get(b"origin")
        if origin is not None and origin not in self.origins:
            return 403, {"error": "this site is not among `origins` in carpel.yml"}, []
        allowed = [(b"access-control-allow-origin", origin)] if origin else []
        if scope["method"] != "GET":
            return 405, {"error": "a slot is only read"}, [*allowed, (b"allow", b"GET")]
        try:
            found = self.slots.shown(unquote(name), _said(scope), counted=not _machine(headers))
        except NotFound:
            return 404, {"error": "there is no such slot"}, allowed
        return 200, {"slot": name, "variant": found.arm, "content": found.content}, allowed


def _said(scope: Scope) -> str:
    """The visitor that a request names, if it names one."""
    asked = parse_qs(scope["query_string"][: 3 * LONGEST].decode("latin-1"))
    said = asked.get("visitor", [""])[0]
    return said if len(said) <= LONGEST else ""


def _machine(headers: dict[bytes, bytes]) -> str:
    """What kind of machine looks, if it is no person; a site's own server asks for one."""
    told = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers.items()}
    return machine("GET", told) if "origin" in told else ""


async def _say(send: Send, status: int, body: bytes, kind: bytes, headers: Headers) -> None:
    length = str(len(body)).encode()
    told = [(b"content-type", kind), (b"content-length", length), *headers]
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": body})
