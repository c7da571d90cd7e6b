"""One page as an answer: filled in, and with headers that keep scripts and outsiders away."""

from base64 import b64encode
from functools import cached_property
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from fastapi.responses import HTMLResponse

from carpel.api.words import words
from carpel.specs import Definitions, Preferences

if TYPE_CHECKING:
    from jinja2 import Environment

STYLE = files("carpel.api").joinpath("templates/page.css").read_text(encoding="utf-8")
_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}
"""Of every answer: no script, no frame, no address outside, and no link handed on or kept."""


class Pages:
    """Fills pages in, in the language and under the name of one project."""

    def __init__(self, definitions: Definitions) -> None:
        self.project = definitions.project
        self.said = words(self.project.language)
        chosen = {n: p for n, p in definitions.pages.items() if isinstance(p, Preferences)}
        self.preferences = next(iter(chosen), None)
        """The page where people choose what they get, if there is one."""
        self._purposes = {k: v for page in chosen.values() for k, v in page.permissions.items()}

    def page(
        self,
        heading: str,
        text: str = "",
        *,
        template: str = "page",
        status: int = 200,
        **fill: Any,
    ) -> HTMLResponse:
        """A page with a heading; `template` says what stands below it."""
        filled = self._environment.get_template(f"{template}.html.j2")
        return HTMLResponse(filled.render(heading=heading, text=text, **fill), status)

    def medium(self, medium: str) -> str:
        """What a medium is called."""
        return self.said.get(medium, medium)

    def purpose(self, purpose: str) -> str:
        """What a purpose is called: as a page of the project does, if one names it."""
        known = self._purposes.get(purpose) or self.said.get(purpose)
        return known or purpose.replace("_", " ")

    @cached_property
    def _environment(self) -> "Environment":
        from jinja2 import Environment, PackageLoader, StrictUndefined
        from markupsafe import Markup

        environment = Environment(
            loader=PackageLoader("carpel.api"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals.update(
            language=self.project.language,
            project=self.project.label or self.project.name,
            said=self.said,
            style=Markup(STYLE),
        )
        return environment
