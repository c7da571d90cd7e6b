"""Traits that people define as an aggregate over an event."""

from collections.abc import Mapping
from typing import cast

from carpel.engine.kinds import STORED
from carpel.errors import CarpelError, Problem, ProjectError
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.measures import Tally, tally
from carpel.evaluation.scans import scan, together
from carpel.language import Did, RuleError, Window, period
from carpel.specs import AggregateTrait, ExpressionTrait, Trait
from carpel.stages.profiles.entry import Entry, Kind
from carpel.stages.profiles.relations import Relations


def aggregates(relations: Relations, traits: Mapping[str, Trait]) -> dict[str, list[Entry]]:
    """Compute the aggregates in as few scans as rules would; entries by the name of their rows."""
    line = relations.line
    catalogue = Catalogue(line.engine, Clock(line.moment, line.zone))
    problems: list[Problem] = []
    own = {name: each for name, each in traits.items() if isinstance(each, AggregateTrait)}
    tallies = {
        name: one
        for name, trait in own.items()
        if (one := _tally(trait, catalogue, problems)) is not None
    }
    if problems:
        raise ProjectError(problems)
    made: dict[str, list[Entry]] = {}
    for number, group in enumerate(together(tallies.values())):
        alike = {name: each for name, each in tallies.items() if each in group}
        line.engine.create(f"figures_own_{number}", scan(alike, catalogue))
        made[f"own_{number}"] = [
            entry(own[name], each.kind, each.at_nothing) for name, each in alike.items()
        ]
    return made


def _tally(trait: AggregateTrait, catalogue: Catalogue, problems: list[Problem]) -> Tally | None:
    try:
        window = Window(within=period(trait.within) if trait.within else None)
        did = Did(trait.event, trait.where, window, trait.aggregate, trait.property)
        return tally(did, catalogue, "event")
    except (RuleError, CarpelError) as error:
        said = error.message if isinstance(error, CarpelError) else str(error)
        action = error.action if isinstance(error, CarpelError) else ""
        problems.append(Problem(said, file(trait), action=action))
        return None


def entry(
    trait: AggregateTrait | ExpressionTrait, kind: str, otherwise: int | None = None
) -> Entry:
    """A trait of the project's own, stored with the profile."""
    label = trait.label or trait.name.replace("_", " ").capitalize()
    return Entry(
        trait.name,
        label,
        trait.meaning or _said(trait),
        trait.criterion,
        _kind(kind),
        "own",
        "",
        trait.unit,
        otherwise=otherwise,
    )


def _said(trait: AggregateTrait | ExpressionTrait) -> str:
    if isinstance(trait, ExpressionTrait):
        return trait.expression
    of = f" of {trait.property}" if trait.property else ""
    when = f" within {trait.within}" if trait.within else ""
    return f"{trait.aggregate.capitalize()}{of} over “{trait.event}”{when}.".replace("_", " ")


def _kind(kind: str) -> Kind:
    return cast(Kind, kind) if kind in STORED else "text"


def file(trait: Trait) -> str:
    """Where the trait is written."""
    return f"traits/{trait.name}.yml"
