"""Links that lead on: those of messages, and short ones for paper and elsewhere."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from carpel.api.machines import machine
from carpel.project import Project


def router(project: Project) -> APIRouter:
    """The routes under `/l` and `/s`."""
    routes = APIRouter()

    @routes.api_route("/l/{token}/{code}", methods=["GET", "HEAD"])
    def of_message(token: str, code: str, request: Request) -> Response:
        """Lead on from a message; who followed is noted, unless it was a machine."""
        return _on(project.follow(code, token, machine=machine(request.method, request.headers)))

    @routes.api_route("/s/{name}", methods=["GET", "HEAD"])
    def short(name: str, request: Request) -> Response:
        """Lead on from a short link; nobody is known who follows it."""
        told = machine(request.method, request.headers)
        return _on(project.follow(f"s/{name}", machine=told))

    return routes


def _on(url: str) -> Response:
    return RedirectResponse(url, status_code=302)
