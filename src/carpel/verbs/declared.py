"""What a project says of kinds before anything was run: its sources' types and the built-in traits.

A column whose type no file states is of a kind that only a run finds out: it is not listed.
"""

from collections.abc import Iterable

from carpel.language.checks import Vocabulary
from carpel.specs import Definitions, Source
from carpel.specs.trait import origins
from carpel.stages.profiles.catalogue import CATALOGUE
from carpel.stages.sources.stage import declared_types
from carpel.stages.sources.wanted import KINDS, property_type


def declared(definitions: Definitions) -> Vocabulary:
    """Kinds of traits and of properties by event, as far as they are sure without a run."""
    sources = definitions.sources.values()
    stated = {name for source in sources for name in source.traits}
    own = {*stated, *origins(definitions.traits)}
    built_in = {each.name: str(each.type) for each in CATALOGUE if each.name not in own}
    return Vocabulary(
        traits={**built_in, **_agreed(_traits(sources))},
        properties={
            event: _agreed(_properties(definitions, event))
            for event in sorted({each.event for source in sources for each in source.track})
        },
    )


Said = tuple[str, str | None]
"""A name, and the kind that one place says it is; None where it does not."""


def _traits(sources: Iterable[Source]) -> list[Said]:
    return [
        (name, spec.type or ("text" if name in KINDS else None))
        for source in sources
        for name, spec in source.traits.items()
    ]


def _properties(definitions: Definitions, event: str) -> list[Said]:
    types = declared_types(definitions)
    return [
        (name, property_type(name, spec, types))
        for source in definitions.sources.values()
        for track in source.track
        if track.event == event
        for name, spec in track.properties.items()
    ]


def _agreed(said: Iterable[Said]) -> dict[str, str]:
    """Names of which every place says the same kind."""
    kinds: dict[str, set[str | None]] = {}
    for name, kind in said:
        kinds.setdefault(name, set()).add(kind)
    return {name: kind for name, (kind, *others) in kinds.items() if kind and not others}
