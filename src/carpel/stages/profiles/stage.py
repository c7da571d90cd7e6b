"""The stage `profiles`: one row a customer, and the list of what is known about people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from carpel.engine.kinds import STORED
from carpel.engine.query import aliased, column, query
from carpel.errors import Problem, ProjectError
from carpel.specs import Trait
from carpel.specs.trait import origins
from carpel.stages.base import Line, Output, Part
from carpel.stages.profiles.affinity import affinities
from carpel.stages.profiles.catalogue import CATALOGUE, NAMES
from carpel.stages.profiles.discovered import discovered
from carpel.stages.profiles.entry import Entry
from carpel.stages.profiles.figures import figures, profiles
from carpel.stages.profiles.gazetteer import installed
from carpel.stages.profiles.listing import listed, stored, where
from carpel.stages.profiles.own import aggregates
from carpel.stages.profiles.places import KEPT
from carpel.stages.profiles.relations import Relations
from carpel.stages.profiles.scales import scales
from carpel.stages.profiles.scored import Scored
from carpel.stages.profiles.seasons import seasonal
from carpel.stages.profiles.stated import bare
from carpel.stages.profiles.worked import Expressions, typed
from carpel.stages.rows import as_table

READS = ("customers", "aliases", "contacts", "contracts", "belongings", "accounts")


class Profiles:
    """Writes `profiles`, `traits`, and of survey traits `scales` and `scale_items`."""

    name = "profiles"
    version = 4
    writes = ("profiles", "traits", "scales", "scale_items")

    def parts(self, line: Line) -> Iterable[Part]:
        project = line.definitions.project
        read = [*READS, *line.tables("event"), *line.tables("described")]
        depends = {
            "tables": {name: line.table_files(name) for name in read},
            "as_of": line.moment,
            "gazetteer": installed(),
            "project": [
                project.revenue.model_dump(),
                project.timezone,
                project.currency,
                project.country,
                project.lawful_purposes,
            ],
            "traits": {
                name: trait.model_dump_json() for name, trait in line.definitions.traits.items()
            },
        }
        yield Part(self.name, depends, lambda out: _make(line, out))


def _make(line: Line, out: Output) -> None:
    made = prepare(Relations(line))
    out.write("profiles", query("SELECT * FROM profiled"))
    out.write("traits", listed(line, made.placed))
    for name, told in (("scales", made.scored.cards), ("scale_items", made.scored.items)):
        line.engine.register("told", as_table(name, told))
        out.write(name, query("SELECT * FROM told"))
        line.engine.drop("told")
    forget(line, made.figures)


@dataclass(frozen=True)
class Prepared:
    """What the table `profiled` holds: figures by the name of their rows, and every trait."""

    figures: dict[str, list[Entry]]
    placed: list[Entry]
    scored: Scored


def prepare(relations: Relations) -> Prepared:
    """Make the table `profiled`."""
    line = relations.line
    own = line.definitions.traits
    _names_are_free(own)
    aggregated = aggregates(relations, own)
    entries = [*CATALOGUE, *discovered(relations, _taken(line))]
    special = {**seasonal(relations, own), **affinities(relations, own)}
    made = {**figures(relations, entries), **aggregated, **special}
    line.engine.create("profiled", profiles(made))
    placed = list(where(line, made))
    scored = scales(relations, placed)
    placed += scored.entries
    return Prepared(made, [*placed, *_worked(relations, placed)], scored)


def forget(line: Line, made: Iterable[str]) -> None:
    """Drop what was made on the way to the tables."""
    for name in ["profiled", "listed", *KEPT, *(f"figures_{rows}" for rows in made)]:
        line.engine.drop(name)


def _taken(line: Line) -> set[str]:
    """Names that a fact about accounts cannot have."""
    stated = line.engine.columns("contacts") if line.table_files("contacts") else ()
    return {*NAMES, *origins(line.definitions.traits), *(bare(each) for each in stated)}


def _names_are_free(own: Mapping[str, Trait]) -> None:
    if taken := {each: name for each, name in origins(own).items() if each in NAMES}:
        raise ProjectError(
            Problem(
                f"{each!r} is a built-in trait",
                f"traits/{name}.yml",
                action="choose another name, for the file too",
            )
            for each, name in taken.items()
        )


def _worked(relations: Relations, placed: list[Entry]) -> list[Entry]:
    """Put what the project's own expressions give beside the other figures."""
    own, engine = relations.line.definitions.traits, relations.engine
    values = {
        each.name: query(each.sql, as_of=relations.line.moment)
        for each in placed
        if each.sensitivity == "plain"
    }
    trees = Expressions(own, values).trees()
    if not trees:
        return []
    rows = query("SELECT * FROM profiled ORDER BY customer")
    if relations.line.table_files("contacts"):
        rows = query("""SELECT p.*, c.* EXCLUDE (customer) FROM profiled AS p
                        LEFT JOIN contacts AS c ON c.customer = p.customer ORDER BY p.customer""")
    entries = typed(relations, trees, rows, own)
    cells = [
        aliased(query(f"CAST(:it AS {STORED[each.type]})", it=trees[each.name]), each.name)
        for each in entries
    ]
    figures_ = [column(each) for each in engine.columns("profiled")]
    engine.create(
        "whole",
        query("SELECT :figures, :cells FROM :rows AS r", cells=cells, rows=rows, figures=figures_),
    )
    engine.create("profiled", query("SELECT * FROM whole"))
    engine.drop("whole")
    return [stored(each) for each in entries]
