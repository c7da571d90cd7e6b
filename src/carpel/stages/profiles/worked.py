"""Traits that people define as an expression over other traits."""

from collections.abc import Iterable, Mapping

from carpel.engine.query import Tree, aliased, query
from carpel.errors import Problem, ProjectError, suggestion
from carpel.evaluation.comparisons import kind_of
from carpel.specs import ExpressionTrait, Trait
from carpel.stages.profiles.entry import Entry
from carpel.stages.profiles.expressions import (
    FUNCTIONS,
    ExpressionError,
    meaning,
    names,
    parsed,
)
from carpel.stages.profiles.own import entry, file
from carpel.stages.profiles.relations import Relations


class Expressions:
    """The expressions of a project, over the traits that there are.

    `values` gives a trait's value as a tree over `profiled` and `contacts`.
    """

    def __init__(self, traits: Mapping[str, Trait], values: Mapping[str, Tree]) -> None:
        self.traits = {
            name: each for name, each in traits.items() if isinstance(each, ExpressionTrait)
        }
        self.values = values
        self.problems: list[Problem] = []

    def trees(self) -> dict[str, Tree]:
        """What each means; raises ProjectError with every one that cannot be read."""
        made = {name: self._tree(name, ()) for name in self.traits}
        if self.problems:
            raise ProjectError(dict.fromkeys(self.problems))
        return made

    def _tree(self, name: str, above: tuple[str, ...]) -> Tree:
        trait = self.traits[name]
        try:
            tree = parsed(trait.expression)
            self._known(trait, names(tree), (*above, name))
            return meaning(tree, lambda each: self._value(each, (*above, name)))
        except ExpressionError as error:
            self.problems.append(
                Problem(
                    f"character {error.at} of {trait.expression!r}: {error}",
                    file(trait),
                    action=f"use traits, + - * / %, comparisons, and {', '.join(FUNCTIONS)}",
                )
            )
            return query("NULL")

    def _value(self, name: str, above: tuple[str, ...]) -> Tree:
        return self._tree(name, above) if name in self.traits else self.values[name]

    def _known(self, trait: ExpressionTrait, read: Iterable[str], above: tuple[str, ...]) -> None:
        for each in read:
            if each in above:
                way = " → ".join([*above, each])
                raise ExpressionError(f"it needs itself: {way}", _at(trait, each))
            if each not in self.traits and each not in self.values:
                near = suggestion(each, [*self.values, *self.traits])
                raise ExpressionError(f"there is no trait {each!r}. {near}", _at(trait, each))


def _at(trait: ExpressionTrait, name: str) -> int:
    return trait.expression.find(name) + 1


def typed(
    relations: Relations, trees: Mapping[str, Tree], rows: Tree, traits: Mapping[str, Trait]
) -> list[Entry]:
    """The entries of the expressions, each of the type that its values have."""
    entries, problems = [], []
    own = {name: each for name, each in traits.items() if isinstance(each, ExpressionTrait)}
    for name, tree in trees.items():
        cells = [aliased(tree, name)]
        try:
            kind = kind_of(
                relations.engine.columns(
                    query("SELECT customer, :cells FROM :rows AS r", cells=cells, rows=rows)
                )[name]
            )
            entries.append(entry(own[name], kind))
        except Exception as error:
            problems.append(
                Problem(
                    f"its values do not fit together: {str(error).splitlines()[0]}",
                    file(own[name]),
                )
            )
    if problems:
        raise ProjectError(problems)
    return entries
