"""Rows about where people live, from the city or the coordinates that sources state."""

from collections.abc import Mapping

import pyarrow as pa

from carpel.engine.query import Tree, column, literal, query, table
from carpel.stages.profiles import gazetteer
from carpel.stages.profiles.relations import Relations
from carpel.stages.profiles.stated import fields

EARTH_KM = 6371.0088
"""Mean radius (IUGG)."""
_HAVERSINE = """2 * :radius * asin(sqrt(least(1, pow(sin(radians(b.latitude - p.latitude) / 2), 2)
    + cos(radians(p.latitude)) * cos(radians(b.latitude))
    * pow(sin(radians(b.longitude - p.longitude) / 2), 2))))"""
BRANCHES = ("store", "store_id", "branch", "branch_id", "shop", "gym", "gym_id", "location")
"""Properties that name a branch."""
KEPT = ("places_said", "places_named", "places_climates", "places_branches")
"""Tables that stay in the engine while profiles are made."""


def places(relations: Relations) -> Tree | None:
    """By customer: urbanity, climate and, with branches known, the distance to the nearest.

    Where no source states coordinates, those of the city as well.
    """
    engine = relations.engine
    if not relations.line.table_files("contacts") or not gazetteer.installed():
        return None
    said = fields(engine.columns("contacts"))
    if not {"city"} <= set(said) and not {"latitude", "longitude"} <= set(said):
        return None
    _located(relations, table("contacts"), said, "places_said")
    _climates(relations)
    return query(
        """SELECT p.customer, p.urbanity, c.climate, :further FROM places_said AS p
           LEFT JOIN places_climates AS c
           ON c.latitude = round(p.latitude, 1) AND c.longitude = round(p.longitude, 1)""",
        further=[*_coordinates(said), *_distance(relations)],
    )


def _coordinates(said: Mapping[str, str]) -> list[Tree]:
    """The columns with where their city is; what a source states is personal and stays there."""
    stated = {"latitude", "longitude"} & set(said)
    return [] if stated else [column("latitude", "p"), column("longitude", "p")]


def _located(relations: Relations, rows: Tree, said: Mapping[str, str], name: str) -> None:
    """Keep the rows under a name with `urbanity`, `latitude` and `longitude`, where known."""
    home = relations.line.definitions.project.country

    def one(field: str, kind: str) -> Tree:
        return (
            query(f"TRY_CAST(:it AS {kind})", it=column(said[field]))
            if field in said
            else query(f"CAST(NULL AS {kind})")
        )

    stated = query(
        """SELECT *, coalesce(upper(:country), :home) AS in_country, :city AS in_city,
                  :latitude AS at_latitude, :longitude AS at_longitude FROM :rows AS r""",
        country=one("country", "VARCHAR"),
        home=literal(home),
        city=one("city", "VARCHAR"),
        latitude=one("latitude", "DOUBLE"),
        longitude=one("longitude", "DOUBLE"),
        rows=rows,
    )
    engine = relations.engine
    engine.register("places_named", _named(relations, stated))
    key = query("s.customer") if name == "places_said" else query("0 AS customer")
    engine.create(
        name,
        query(
            """SELECT :key, n.urbanity, coalesce(at_latitude, n.latitude) AS latitude,
                      coalesce(at_longitude, n.longitude) AS longitude
               FROM :stated AS s LEFT JOIN places_named AS n
               ON n.country = s.in_country AND n.city = s.in_city""",
            key=key,
            stated=stated,
        ),
    )


def _named(relations: Relations, stated: Tree) -> pa.Table:
    named = relations.engine.rows(
        query(
            """SELECT DISTINCT in_country, in_city FROM :stated AS s
               WHERE in_country IS NOT NULL AND in_city IS NOT NULL""",
            stated=stated,
        )
    )
    known = gazetteer.found((country, city) for country, city in named) if named else {}
    rows = [
        {"country": country, "city": city, "urbanity": place.urbanity,
         "latitude": place.latitude, "longitude": place.longitude}
        for (country, city), place in known.items()
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=_schema(country=str, city=str, urbanity=str))


def _climates(relations: Relations) -> None:
    points = relations.engine.rows(
        query(
            """SELECT DISTINCT round(latitude, 1), round(longitude, 1) FROM places_said
               WHERE latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180"""
        )
    )
    known = gazetteer.climates((float(north), float(east)) for north, east in points)
    rows = [
        {"latitude": north, "longitude": east, "climate": climate}
        for (north, east), climate in known.items()
    ]
    relations.engine.register(
        "places_climates", pa.Table.from_pylist(rows, schema=_schema(climate=str))
    )


def _schema(**texts: type) -> pa.Schema:
    numbers = (("latitude", pa.float64()), ("longitude", pa.float64()))
    return pa.schema([*((name, pa.string()) for name in texts), *numbers])


def _distance(relations: Relations) -> list[Tree]:
    """The column with the distance, when a source describes branches by place; else none."""
    engine = relations.engine
    for name in relations.line.tables("described"):
        columns = {f"t_{each}": kind for each, kind in engine.columns(name).items()}
        said = {field: each.removeprefix("t_") for field, each in fields(columns).items()}
        if {"latitude", "longitude"} <= set(said) or (
            name.removeprefix("described_") in BRANCHES and "city" in said
        ):
            _located(relations, table(name), said, "places_branches")
            nearest = query(
                """(SELECT min(:far) FROM places_branches AS b
                    WHERE b.latitude + b.longitude + p.latitude + p.longitude IS NOT NULL)""",
                far=query(_HAVERSINE, radius=EARTH_KM),
            )
            return [query(":it AS branch_distance_km", it=nearest)]
    return []
