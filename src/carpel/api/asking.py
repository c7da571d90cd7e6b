"""Pages of the project's own: what people permit and like, and surveys."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from carpel.api.forms import chosen, form
from carpel.api.page import Pages
from carpel.project import Project
from carpel.specs import Preferences, Survey
from carpel.specs.page import SCORES, SPLIT, Ask
from carpel.verbs.choosing import Chosen

PERMIT = "permit"
"""The field of boxes that are ticked for what is permitted, each `medium:purpose`."""


def router(project: Project, pages: Pages) -> APIRouter:
    """The routes under `/p`; a score in the address is chosen already, and kept by the button."""
    routes = APIRouter()

    @routes.api_route("/p/{name}/{token}", methods=["GET", "HEAD"])
    @routes.api_route("/p/{name}/{token}/{score}", methods=["GET", "HEAD"])
    def show(name: str, token: str, request: Request, score: str = "") -> Response:
        """Show what was chosen and answered so far; changes nothing."""
        found = project.chosen(name, token)
        if isinstance(found.page, Preferences):
            way_out = f"{'../' if score else ''}../../unsubscribe/{token}"
            return _preferences(pages, found, found.page, way_out, "saved" in request.query_params)
        if "thanks" in request.query_params:
            return _thanks(pages, found.page, token)
        return _survey(pages, found, found.page, score)

    @routes.post("/p/{name}/{token}")
    @routes.post("/p/{name}/{token}/{score}")
    def change(
        name: str, token: str, given: Annotated[FormData, Depends(form)], score: str = ""
    ) -> Response:
        """Keep what was chosen and answered."""
        page = project.chosen(name, token).page
        project.answer(name, token, {each.name: chosen(given, each.name) for each in page.asks})
        up = "../" if score else ""
        if isinstance(page, Survey):
            return RedirectResponse(f"{up}{token}?thanks", status_code=303)
        ticked = {tuple(each.split(":", 1)) for each in chosen(given, PERMIT)}
        scopes = [(medium, purpose) for medium in page.by for purpose in page.permissions]
        project.choose(name, token, {scope: scope in ticked for scope in scopes})
        return RedirectResponse(f"{up}{token}?saved", status_code=303)

    return routes


def _preferences(
    pages: Pages, found: Chosen, page: Preferences, way_out: str, saved: bool
) -> Response:
    return pages.page(
        page.title,
        page.text,
        template="preferences",
        asks=_asked(page.asks, found.answers),
        by={
            medium: {
                f"{medium}:{purpose}": (label, found.permissions[medium, purpose])
                for purpose, label in page.permissions.items()
            }
            for medium in (page.by if page.permissions else ())
        },
        media={medium: pages.medium(medium) for medium in page.by},
        left_alone=found.left_alone,
        way_out=way_out,
        saved=saved,
    )


def _survey(pages: Pages, found: Chosen, page: Survey, score: str) -> Response:
    answered = dict(found.answers)
    if page.scored is not None and page.scored.taken([score]):
        answered[page.scored.name] = score
    asks = _asked(page.asks, answered)
    return pages.page(page.title, page.text, template="survey", asks=asks)


def _thanks(pages: Pages, page: Survey, token: str) -> Response:
    text = page.thanks or pages.said["thanks_text"]
    return pages.page(pages.said["thanks"], text, template="thanks", back=token)


def _asked(asks: Sequence[Ask], answered: Mapping[str, str]) -> list[dict[str, object]]:
    """Each question as a template wants it: its options, and which of them are chosen."""
    return [
        {
            "name": each.name,
            "ask": each.ask,
            "answer": each.answer,
            "options": each.options or {str(n): str(n) for n in SCORES.get(each.answer, ())},
            "said": answered.get(each.name, ""),
            "picked": answered.get(each.name, "").split(SPLIT),
        }
        for each in asks
    ]
