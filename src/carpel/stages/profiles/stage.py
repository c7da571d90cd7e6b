"""The stage `profiles`: one row a customer, and the list of what is known about people."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pyarrow as pa

from carpel.engine.query import Tree, aliased, column, query, table
from carpel.stages.base import Line, Output, Part
from carpel.stages.profiles.catalogue import CATALOGUE
from carpel.stages.profiles.entry import Entry
from carpel.stages.profiles.figures import figures, profiles
from carpel.stages.profiles.relations import Relations
from carpel.stages.profiles.stated import expression, fields, own_facts

READS = ("customers", "aliases", "contacts", "contracts", "belongings", "accounts")


class Profiles:
    """Writes `profiles` and `traits`."""

    name = "profiles"
    version = 1
    writes = ("profiles", "traits")

    def parts(self, line: Line) -> Iterable[Part]:
        project = line.definitions.project
        read = [*READS, *line.tables("event"), *line.tables("described")]
        depends = {
            "tables": {name: line.table_files(name) for name in read},
            "as_of": line.moment,
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
    made = figures(Relations(line), CATALOGUE)
    line.engine.create("profiled", profiles(made))
    out.write("profiles", query("SELECT * FROM profiled"))
    placed = _placed(line, made)
    out.write("traits", _listed(line, placed))
    for name in ["profiled", "listed", *(f"figures_{rows}" for rows in made)]:
        line.engine.drop(name)


def _placed(line: Line, made: Mapping[str, Iterable[Entry]]) -> list[Entry]:
    """Every trait of this build; `rows` is the table it is read from and `sql` how."""
    stored = {
        each.name: replace(each, rows="profiles", sql=column(each.name).sql("duckdb"))
        for entries in made.values()
        for each in entries
    }
    worked = {
        each.name: each
        for each in CATALOGUE
        if each.rows == "profiles" and set(each.needs) <= set(stored)
    }
    stated = _stated(line, {*stored, *worked})
    found = {**stored, **worked, **{each.name: each for each in stated}}
    order = [each.name for each in CATALOGUE] + [each.name for each in stated]
    return [found[name] for name in dict.fromkeys(order) if name in found]


def _stated(line: Line, taken: set[str]) -> list[Entry]:
    """Traits over `contacts`: the built-in ones that its columns allow, and every other column."""
    if not line.table_files("contacts"):
        return []
    columns = line.engine.columns("contacts")
    said = fields(columns)
    built: dict[str, Entry] = {}
    for each in CATALOGUE:
        if each.rows == "contacts" and set(each.needs) <= set(said):
            built.setdefault(each.name, replace(each, sql=expression(each, said, columns)))
    plain = {column(name).sql("duckdb"): name for name in columns}
    used = {plain[each.sql] for each in built.values() if each.sql in plain}
    facts = own_facts(columns, used, {*taken, *built})
    allowed = set(line.definitions.project.lawful_purposes)
    return [
        each
        for each in [*built.values(), *facts]
        if each.sensitivity != "special" or each.name in allowed
    ]


def _listed(line: Line, placed: list[Entry]) -> Tree:
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
    line.engine.register("listed", pa.Table.from_pylist(rows, schema=_SCHEMA))
    return query("SELECT * FROM listed")


_SCHEMA = pa.schema(
    [
        *(
            (name, pa.string())
            for name in (
                "trait",
                "label",
                "meaning",
                "criterion",
                "type",
                "unit",
                "sensitivity",
                "table",
                "expression",
            )
        ),
        ("known", pa.int64()),
        ("of", pa.int64()),
    ]
)


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
                    "SELECT count(*), :cells FROM :facts AS s WHERE customer IN (SELECT customer FROM customers)",
                    cells=cells,
                    facts=table(source),
                )
            )
            known.update(zip((each.name for each in traits), counts, strict=True))
    return known
