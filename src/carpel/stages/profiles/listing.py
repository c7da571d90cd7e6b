"""The list of the traits of a build: where each is read, and of how many people it is known."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from carpel.engine.query import Tree, aliased, column, query, table
from carpel.specs.trait import origins
from carpel.stages.base import Line
from carpel.stages.profiles.catalogue import CATALOGUE
from carpel.stages.profiles.entry import Entry
from carpel.stages.profiles.stated import fields, over_contacts, own_facts
from carpel.stages.rows import as_table


def stored(entry: Entry) -> Entry:
    """The entry as a column of `profiles`."""
    return replace(entry, rows="profiles", sql=column(entry.name).sql("duckdb"))


def where(line: Line, made: Mapping[str, Iterable[Entry]]) -> list[Entry]:
    """Every trait of this build; `rows` is the table it is read from and `sql` how."""
    figures = {each.name: stored(each) for entries in made.values() for each in entries}
    worked = {
        each.name: each
        for each in CATALOGUE
        if each.rows == "profiles" and set(each.needs) <= set(figures)
    }
    said = {each.name: each for each in _stated(line, {*figures, *worked})}
    found = {**figures, **worked, **said}
    order = dict.fromkeys([*(each.name for each in CATALOGUE), *said, *figures])
    return [found[name] for name in order if name in found]


def _stated(line: Line, taken: set[str]) -> list[Entry]:
    """Traits over `contacts`: the built-in ones that its columns allow, and every other column.

    What belongs to a special category of data is left out unless the project says what for.
    """
    if not line.table_files("contacts"):
        return []
    columns = line.engine.columns("contacts")
    said = fields(columns)
    built: dict[str, Entry] = {}
    for each in CATALOGUE:
        if each.rows == "contacts" and set(each.needs) <= set(said):
            built.setdefault(each.name, over_contacts(each, said, columns))
    used = {said[need] for each in built.values() for need in each.needs if each.name == need}
    names = {*taken, *built, *origins(line.definitions.traits)}
    every = [*built.values(), *own_facts(columns, used, names)]
    lawful = line.definitions.project.lawful_purposes
    return [each for each in every if each.sensitivity != "special" or each.name in lawful]


def listed(line: Line, placed: list[Entry]) -> Tree:
    """The rows of `traits`, with how many people each is known of."""
    of = int(line.engine.value(query("SELECT count(*) FROM customers")))
    known = _known(line, placed)
    currency = line.definitions.project.currency
    rows = [
        {
            "trait": each.name,
            "label": each.label,
            "meaning": each.meaning,
            "criterion": each.criterion,
            "type": each.type,
            "unit": each.unit.replace("money", currency),
            "sensitivity": each.sensitivity,
            "table": each.rows,
            "expression": each.sql,
            "known": known[each.name],
            "of": of,
        }
        for each in placed
    ]
    line.engine.register("listed", as_table("traits", rows))
    return query("SELECT * FROM listed")


def _known(line: Line, placed: list[Entry]) -> dict[str, int]:
    """How many customers have a value, by trait."""
    known: dict[str, int] = {}
    for name, source in (("profiles", "profiled"), ("contacts", "contacts")):
        traits = [each for each in placed if each.rows == name]
        if traits:
            cells = [
                aliased(query("count(:it)", it=query(each.sql, as_of=line.moment)), each.name)
                for each in traits
            ]
            ((_, *counts),) = line.engine.rows(
                query(
                    """SELECT count(*), :cells FROM :facts AS s
                       WHERE customer IN (SELECT customer FROM customers)""",
                    cells=cells,
                    facts=table(source),
                )
            )
            known.update(zip((each.name for each in traits), counts, strict=True))
    return known
