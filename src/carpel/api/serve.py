"""One process that answers for one project, until it is told to stop."""

import socket
from typing import TYPE_CHECKING

from carpel.errors import CarpelError, MissingExtra
from carpel.project import Project

if TYPE_CHECKING:
    from uvicorn import Server

MOST_AT_ONCE = 500
"""Requests that wait at most; beyond, people are asked to come back."""


def listening(host: str, port: int) -> socket.socket:
    """A socket at an address, any free port for 0; raises CarpelError where there is none."""
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        at = socket.create_server((host, port), family=kind, backlog=2048)
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise CarpelError(
            f"Nothing can listen at {host}:{port}: {cause}.",
            action="Name another with --port and --host, or stop what is there.",
        ) from None
    # head and body are two writes, and asyncio does not do so for a socket that names no protocol:
    # without it the second waits 40 ms for the other side's acknowledgement of the first
    at.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return at


def server(project: Project) -> "Server":
    """What answers: it writes no line a request, since addresses of pages say who opens them."""
    try:
        from uvicorn import Config, Server

        from carpel.api.app import application
    except ModuleNotFoundError as error:
        raise MissingExtra("api", "Serving pages") from error
    config = Config(
        application(project),
        access_log=False,
        log_level="warning",
        server_header=False,
        limit_concurrency=MOST_AT_ONCE,
        timeout_graceful_shutdown=10,
    )
    return Server(config)
