"""Facts that sources state about people: traits over `contacts`, nothing copied out of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlglot import exp

from carpel.engine.query import Tree, column, query
from carpel.stages.profiles.entry import Criterion, Entry, Kind, Sensitivity
from carpel.values.sensitive import personal, special

FIELDS: Mapping[str, tuple[str, ...]] = {
    "birth_date": ("birth_date", "date_of_birth", "birthday", "dob"),
    "age": ("age", "age_years"),
    "gender": ("gender", "sex"),
    "children": ("children", "kids", "number_of_children", "kids_count", "children_count"),
    "household_size": ("household_size", "household_members"),
    "marital_status": ("marital_status", "family_status"),
    "occupation": ("occupation", "profession", "job"),
    "language": ("language", "preferred_language", "locale"),
    "ethnicity": ("ethnicity", "race", "ethnic_group"),
    "region": ("region", "state", "province", "county"),
    "city": ("city", "town", "locality", "suburb"),
    "urbanity": ("urbanity", "urban_rural", "area_type"),
    "climate": ("climate", "climate_zone"),
    "interests": ("interests", "tags", "hobbies"),
}
"""What a field is called here, and what sources call it, first one first."""
NUMERIC = ("age", "children", "household_size", "branch_distance_km")
CRITERIA: Mapping[Criterion, re.Pattern[str]] = {
    "geographic": re.compile(
        r"(^|_)(country|region|state|province|city|town|county|district|"
        r"area|location|territory|suburb|postcode|zip|climate|store|branch|"
        r"latitude|longitude|timezone)($|_)"
    ),
    "value": re.compile(
        r"(^|_)(spend|spent|spending|charges?|revenue|amount|price|total|value|"
        r"balance|margin|ltv|clv|turnover|sales|cost|fee|payment|plan|tier)($|_)"
    ),
    "psychographic": re.compile(
        r"(^|_)(interests?|hobb(y|ies)|attitude|personality|lifestyle|"
        r"values|opinion|motivation|survey|answer|nps|satisfaction)($|_)"
    ),
    "demographic": re.compile(
        r"(^|_)(age|gender|sex|income|education|occupation|job|profession|"
        r"title|marital|married|partner|dependents?|children|kids|family|"
        r"household|senior|citizen|language|birth|generation|homeowner|"
        r"industry|employees|company)($|_)"
    ),
}
TYPES: Mapping[str, Kind] = {
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "number",
    "FLOAT": "number",
    "TINYINT": "integer",
    "SMALLINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "UTINYINT": "integer",
    "USMALLINT": "integer",
    "UINTEGER": "integer",
    "UBIGINT": "integer",
    "HUGEINT": "integer",
}


def kind(stored: str) -> Kind:
    """The type of a trait by the engine's type of its column."""
    if stored.endswith("[]"):
        return "list"
    if stored.startswith("TIMESTAMP"):
        return "instant"
    return "number" if stored.startswith("DECIMAL") else TYPES.get(stored, "text")


def fields(columns: Mapping[str, str]) -> dict[str, str]:
    """The column of `contacts` that states each field which formulas may need."""
    stated = {bare(each): each for each in columns if each.startswith("t_")}
    said = {
        field: next((stated[name] for name in names if name in stated), None)
        for field, names in {**{name: (name,) for name in stated}, **FIELDS}.items()
    }
    return {
        field: each
        for field, each in said.items()
        if each is not None
        and not (field in NUMERIC and kind(columns[each]) not in ("integer", "number"))
    }


def over_contacts(entry: Entry, said: Mapping[str, str], columns: Mapping[str, str]) -> Entry:
    """The entry with its formula over the columns of `contacts`, `:as_of` left open."""
    parts: dict[str, Tree] = {need: _read(need, said[need], columns) for need in entry.needs}
    sql = query(entry.sql, as_of=exp.var(":as_of"), **parts).sql(dialect="duckdb")
    as_it_is = parts.get(entry.name) == column(said.get(entry.name, ""))
    return replace(entry, sql=sql, type=kind(columns[said[entry.name]]) if as_it_is else entry.type)


def _read(field: str, name: str, columns: Mapping[str, str]) -> Tree:
    if field == "birth_date" and kind(columns[name]) != "date":
        return query("TRY_CAST(:it AS DATE)", it=column(name))
    return column(name)


def own_facts(columns: Mapping[str, str], used: Iterable[str], taken: Iterable[str]) -> list[Entry]:
    """A trait for every column of `contacts` that no built-in one stands for as it is."""
    names, facts = set(taken), []
    for each, stored in columns.items():
        if each == "customer" or each in set(used):
            continue
        name = bare(each) if bare(each) not in names else f"{bare(each)}_stated"
        names.add(name)
        label = bare(each).replace("_", " ").capitalize()
        facts.append(
            Entry(
                name,
                label,
                f"{label} as stated.",
                criterion(name),
                kind(stored),
                "contacts",
                column(each).sql(dialect="duckdb"),
                sensitivity=sensitivity(each),
            )
        )
    return facts


def bare(name: str) -> str:
    """A column's name without what says where it came from."""
    return name.removeprefix("t_").removeprefix("id_") if name.startswith(("t_", "id_")) else name


def sensitivity(name: str) -> Sensitivity:
    """How sensitive a column of `contacts` is, by its name; identifiers are always personal."""
    if special(bare(name)):
        return "special"
    return "personal" if name.startswith("id_") or personal(bare(name)) else "plain"


def criterion(name: str) -> Criterion:
    """What a stated fact most likely tells of, by its name; behavioural when nothing says."""
    found = (each for each, words in CRITERIA.items() if words.search(name))
    return next(found, "behavioural")
