"""The application of one project: its routes, and what is said where something is wrong."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.exceptions import HTTPException

from carpel.api import asking, following, unsubscribing
from carpel.api.forms import LARGEST
from carpel.api.headed import Headed
from carpel.api.limits import Limited
from carpel.api.page import HEADERS, Pages
from carpel.api.slots import Slotted
from carpel.errors import CarpelError, NotFound, Refused
from carpel.project import Project
from carpel.verbs.slots import Slots

LOG = logging.getLogger("carpel.api")


def application(project: Project) -> FastAPI:
    """Everything that `carpel serve` answers; definitions are those of when it was made."""
    pages = Pages(project.session.understood)
    slots = project.slots()
    app = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=_while_serving(slots),
    )
    app.include_router(unsubscribing.router(project, pages))
    app.include_router(asking.router(project, pages))
    app.include_router(following.router(project))
    _add_answers(app, project)
    _add_errors(app, pages)
    app.add_middleware(Limited, most=LARGEST)
    app.add_middleware(Headed, headers=HEADERS)
    app.add_middleware(Slotted, slots=slots, origins=project.settings.origins)
    return app


def _while_serving(slots: Slots) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Slots are kept up to date as long as the application runs."""

    @asynccontextmanager
    async def serving(_app: FastAPI) -> AsyncIterator[None]:
        with slots:
            yield

    return serving


def _add_answers(app: FastAPI, project: Project) -> None:
    """What machines ask: whether it is alive, and whether it is this project's."""

    @app.api_route("/health", methods=["GET", "HEAD"])
    def health() -> Response:
        return PlainTextResponse("ok")

    @app.get("/proof/{nonce}")
    def proof(nonce: str) -> Response:
        return PlainTextResponse(project.proof(nonce))


def _add_errors(app: FastAPI, pages: Pages) -> None:
    said = pages.said

    @app.exception_handler(Refused)
    def refused(_request: Request, _error: Exception) -> Response:
        return pages.page(said["no_link"], said["no_link_how"], status=404)

    @app.exception_handler(HTTPException)
    def of_http(_request: Request, error: Exception) -> Response:
        code = error.status_code if isinstance(error, HTTPException) else 500
        known = {404: "nothing_here", 405: "nothing_here", 413: "too_much"}
        return pages.page(said[known.get(code, "not_read")], status=code)

    @app.exception_handler(NotFound)
    def not_found(_request: Request, _error: Exception) -> Response:
        return pages.page(said["nothing_here"], status=404)

    @app.exception_handler(CarpelError)
    def failed(_request: Request, error: Exception) -> Response:
        LOG.error("%s", error)  # ours name no one
        return pages.page(said["later"], said["later_how"], status=503)

    @app.exception_handler(Exception)
    def fault(_request: Request, error: Exception) -> Response:
        LOG.error("a fault of Carpel's own: %s", type(error).__name__)
        return pages.page(said["later"], said["later_how"], status=500)
