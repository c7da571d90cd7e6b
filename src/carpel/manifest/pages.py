"""Pages of a project: what people say there is a source, and what is wrong between pages."""

from collections.abc import Iterator
from dataclasses import replace

from carpel.errors import Problem
from carpel.manifest.yaml import Places, place_of
from carpel.specs import Definitions, Preferences, YourSender
from carpel.specs.page import SAID, said_source


def with_said(definitions: Definitions) -> Definitions:
    """The definitions with the source of what people say on pages, where there are any."""
    tracked = any(each.links == "tracked" for each in definitions.campaigns.values())
    tools = {n for n, each in definitions.channels.items() if isinstance(each, YourSender)}
    by_tools = any(each.channel in tools for each in definitions.campaigns.values())
    if not (definitions.pages or tracked or by_tools):
        return definitions
    others = definitions.sources
    said = said_source(definitions.pages, list(others.values()), tracked=tracked, by_tools=by_tools)
    return replace(definitions, sources={**others, SAID: said})


def page_problems(definitions: Definitions, written: Places) -> Iterator[Problem]:
    """Facts that two pages ask for, and a source of one's own by the name of theirs."""
    first: dict[str, str] = {}
    for name, page in definitions.pages.items():
        place = place_of(written, "pages", name)
        for at, each in enumerate(page.asks if isinstance(page, Preferences) else ()):
            if (other := first.setdefault(each.name, name)) != name:
                said = f"pages/{other}.yml asks for {each.name!r} too"
                yield Problem(said, place.file, place.line(("asks", at)), "Ask for it once.")
            if each.answer == "several" and (source := _one_value(definitions, each.name)):
                said = f"sources/{source}.yml states one {each.name!r}, here there may be several"
                action = "Give its column a `separator` there, or the question another name here."
                yield Problem(said, place.file, place.line(("asks", at)), action)
    if SAID in definitions.sources and (own := written.get(("sources", SAID))):
        said = f"{SAID!r} is what people say on pages"
        yield Problem(said, own.file, action="Give this source another name.")


def _one_value(definitions: Definitions, trait: str) -> str | None:
    """The source that states a trait as one value, if there is one."""
    others = ((n, each.traits.get(trait)) for n, each in definitions.sources.items() if n != SAID)
    return next((name for name, said in others if said and not said.is_list), None)
