"""The way out: a page with a button, and the one click of RFC 8058."""

from typing import Annotated, cast, get_args

from fastapi import APIRouter, Depends
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from carpel.api.forms import form, said
from carpel.api.page import Pages
from carpel.project import Project
from carpel.verbs.permitting import Scope


def router(project: Project, pages: Pages) -> APIRouter:
    """The routes under `/unsubscribe`."""
    routes = APIRouter()
    choose = pages.preferences

    @routes.api_route("/unsubscribe/{token}", methods=["GET", "HEAD"])
    def show(token: str) -> Response:
        """Say what can be stopped, or what is; changes nothing, since scanners follow links."""
        link = project.link(token)
        done: list[Scope] = [each for each in ("all", "medium", "kind") if link.withdrawn[each]]
        return pages.page(
            pages.said["done" if done else "unsubscribe"],
            template="unsubscribe",
            withdrawn=done[0] if done else "",
            medium=pages.medium(link.medium),
            kind=pages.purpose(link.purpose),
            choose=f"../p/{choose}/{token}" if choose else "",
        )

    @routes.post("/unsubscribe/{token}")
    def change(token: str, given: Annotated[FormData, Depends(form)]) -> Response:
        """Stop what was chosen, all by this medium where nothing was; or take that back."""
        chosen = said(given, "scope")
        scope = cast(Scope, chosen if chosen in get_args(Scope) else "medium")
        if said(given, "deed") == "take_back":
            project.subscribe_again(token, scope)
        else:
            project.unsubscribe(token, scope)
        if said(given, "List-Unsubscribe"):
            return PlainTextResponse(pages.said["done"])
        return RedirectResponse(token, status_code=303)

    return routes
