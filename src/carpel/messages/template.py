"""Liquid as people may write it: strict about names, with limits, and nothing read from outside."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from carpel.errors import MissingExtra

if TYPE_CHECKING:
    from liquid import BoundTemplate, Environment

LARGEST = 500_000
"""Characters of a rendered message; more is a template gone wrong."""
LOOPS = 1_000
"""Rounds of all loops of a template together."""
FROM_OUTSIDE = frozenset({"include", "render", "extends", "block", "layout"})
"""Tags that would read another file."""


class TemplateError(ValueError):
    """What is wrong with a template, on which of its lines (from 0); tells no value of anybody."""

    def __init__(self, message: str, line: int = 0) -> None:
        self.message, self.line = message, line
        super().__init__(message)


@dataclass(frozen=True)
class Field:
    """A name that a template asks for, and the first line it stands on, from 0."""

    name: str
    line: int


def parse(text: str, *, html: bool = False) -> "BoundTemplate":
    """Read a template; in `html` every value is escaped. Raises TemplateError."""
    from liquid.exceptions import LiquidError

    try:
        template = _environment(html).from_string(text)
        _refuse(template, text)
    except LiquidError as error:
        raise _told(error, text) from None
    return template


def fields(text: str) -> list[Field]:
    """Every name that a template asks for, each once; raises TemplateError."""
    found = parse(text).analyze(include_partials=False).globals
    places = {name: min(each.span.index for each in uses) for name, uses in found.items()}
    return [Field(name, text.count("\n", 0, max(at, 0))) for name, at in places.items()]


def below(text: str, name: str) -> list[Field]:
    """What a template asks for below a name: `nps` of `{{ pages.nps }}`, "" of the name alone."""
    uses = parse(text).analyze(include_partials=False).globals.get(name, [])
    return [
        Field(str(each.segments[1]) if len(each.segments) > 1 else "", _line(text, each.span.index))
        for each in uses
    ]


def render(template: "BoundTemplate", values: Mapping[str, Any]) -> str:
    """The text for somebody; raises TemplateError for a missing name and beyond a limit."""
    from liquid.exceptions import LiquidError

    try:
        return template.render(**values)
    except LiquidError as error:
        raise TemplateError(_kind(error)) from None


def _refuse(template: "BoundTemplate", text: str) -> None:
    """What is read well but cannot be used: filters that are not there, tags that read files."""
    found = template.analyze(include_partials=False)
    known = template.env.filters
    for name, spans in found.filters.items():
        if name not in known:
            raise TemplateError(f"there is no filter {name!r}", _line(text, spans[0].index))
    for name, spans in found.tags.items():
        if name in FROM_OUTSIDE:
            said = f"{{% {name} %}} would read another file, which messages do not"
            raise TemplateError(said, _line(text, spans[0].index))


def _told(error: Any, text: str) -> TemplateError:
    index = getattr(error.token, "start_index", 0) if error.token is not None else 0
    return TemplateError(_kind(error), _line(text, index if index >= 0 else len(text)))


def _kind(error: Exception) -> str:
    return str(error.args[0] if error.args else type(error).__name__).splitlines()[0]


def _line(text: str, index: int) -> int:
    return text.count("\n", 0, max(index, 0))


@cache
def _environment(html: bool) -> "Environment":
    try:
        from liquid import Environment, StrictUndefined
    except ModuleNotFoundError as error:
        raise MissingExtra("campaigns", "Reading messages") from error

    class Limited(Environment):
        loop_iteration_limit = LOOPS
        output_stream_limit = LARGEST
        local_namespace_limit = LARGEST
        context_depth_limit = 20

    return Limited(undefined=StrictUndefined, autoescape=html)
