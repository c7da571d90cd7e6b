"""Expressions of traits that cannot be read, or name what is not there, told before a run does."""

from collections.abc import Iterator
from dataclasses import replace

from carpel.engine.query import query
from carpel.errors import Problem, ProjectError
from carpel.manifest.loaded import Loaded
from carpel.manifest.vocabulary import vocabulary
from carpel.manifest.yaml import place_of
from carpel.specs import ExpressionTrait
from carpel.stages.profiles.worked import Expressions
from carpel.verbs.session import BUILT_IN


def expression_problems(found: Loaded) -> Iterator[Problem]:
    """What is wrong with each expression; nothing of names where sources cannot be read."""
    known = vocabulary(found.definitions, BUILT_IN, found.broken).get(("trait", ""))
    own = found.definitions.traits.values()
    for trait in (each for each in own if isinstance(each, ExpressionTrait)):
        if known is None:
            return
        values = {each: query("NULL") for each in known}
        try:
            Expressions({trait.name: trait}, values).trees()
        except ProjectError as error:
            written = place_of(found.written, "traits", trait.name)
            line = written.line(("expression",))
            yield from (replace(each, file=written.file, line=line) for each in error.problems)
