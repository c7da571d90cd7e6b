"""A message made ready once, to be rendered for many people quickly."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from carpel.messages.holding import Held
from carpel.messages.links import led_by
from carpel.messages.page import footer, from_markdown, from_mjml
from carpel.messages.plain_text import plain_text
from carpel.messages.template import TemplateError, fields, parse, render

if TYPE_CHECKING:
    from liquid import BoundTemplate


@dataclass(frozen=True)
class Rendered:
    """What one person reads; the subject is one line."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True)
class Compiled:
    """A message whose mark-up is done: only Liquid is left to do for each person."""

    subject: "BoundTemplate"
    html: "BoundTemplate"
    text: "BoundTemplate"
    needs: frozenset[str]
    """All names it asks for."""
    fallbacks: Mapping[str, str | int | float]

    def render(self, values: Mapping[str, Any]) -> Rendered:
        """The message for somebody of whom these values are known.

        A value of None or "" gives way to its fallback. Raises TemplateError for a name that is
        neither known nor has one.
        """
        known = {**self.fallbacks, **{k: v for k, v in values.items() if v not in (None, "")}}
        subject = " ".join(render(self.subject, known).split())
        if not subject:
            raise TemplateError("the subject is empty")
        text = render(self.text, known)
        if "\n\n\n" in text:  # looked for first: of a long text it is quicker
            text = re.sub(r"\n{3,}", "\n\n", text)
        return Rendered(subject, render(self.html, known), text)


def compiled(
    subject: str,
    *,
    markdown: str | None = None,
    mjml: str | None = None,
    preheader: str = "",
    unsubscribe: str = "Unsubscribe",
    fallbacks: Mapping[str, str | int | float] | None = None,
    led: Callable[[str], str] | None = None,
) -> Compiled:
    """Make a message ready: a subject and a body, `markdown` or `mjml`. Raises TemplateError.

    `led` says by which address, in Liquid, a link leads on, see `led_by`; straight without it.
    """
    for part in (markdown or mjml or "", preheader):
        parse(part)  # so that what is wrong in one is not looked for in another
    html = _of_mjml(mjml) if mjml is not None else _of_markdown(markdown, preheader, unsubscribe)
    if led is not None:
        html = led_by(html, led)
    text = _text(html)
    needs = frozenset(each.name for part in (subject, html, text) for each in fields(part))
    return Compiled(
        parse(subject), parse(html, html=True), parse(text), needs, dict(fallbacks or {})
    )


def _of_markdown(body: str | None, preheader: str, unsubscribe: str) -> str:
    foot = footer(unsubscribe)
    whole = Held("\0".join((body or "", preheader, foot)))
    inner, hidden, below = whole.text.split("\0")
    return whole.back(from_markdown(inner, escape(hidden), below))


def _of_mjml(body: str) -> str:
    held = Held(body)
    return held.back(from_mjml(held.text))


def _text(html: str) -> str:
    held = Held(html)
    return held.back(plain_text(held.text))
