"""Seasonal traits: before which holiday of their country somebody does it more than usual.

A person's first day is left out and time counts from it: whoever came before Christmas and has been
known since then only is no seasonal buyer.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from importlib.util import find_spec

import numpy as np
import pyarrow as pa

from carpel.engine.query import Tree, column, literal, query
from carpel.errors import MissingExtra
from carpel.specs import SeasonalTrait, Trait
from carpel.stages.profiles.entry import Entry
from carpel.stages.profiles.relations import Relations
from carpel.stages.profiles.stated import fields
from carpel.stats.shares import beyond_share

FALSE = 0.05
FEWEST, YEARS = 2, 2
"""Days in the season, and years of it, that somebody did it in at least."""
TOGETHER = timedelta(days=3)
"""Holidays so close are one, called as the first."""


def seasonal(relations: Relations, traits: Mapping[str, Trait]) -> dict[str, list[Entry]]:
    """Compute seasonal traits; entries by the name of their rows, as `aggregates` gives them."""
    made: dict[str, list[Entry]] = {}
    for name, trait in traits.items():
        if isinstance(trait, SeasonalTrait):
            _needed()
            rows = f"season_{name}"
            relations.engine.create(f"figures_{rows}", _figures(relations, trait))
            for each in ("season_days", "season_spans", "season_pairs", "season_found"):
                relations.engine.drop(each)
            made[rows] = [_entry(trait)]
    return made


def _needed() -> None:
    if not (find_spec("holidays") and find_spec("scipy")):
        raise MissingExtra("geo,science", "seasons of holidays")


def _entry(trait: SeasonalTrait) -> Entry:
    what = trait.event.replace("_", " ")
    said = f"The holiday in whose {trait.days} days before they do it most beyond chance: {what}."
    label = trait.label or trait.name.replace("_", " ").capitalize()
    return Entry(trait.name, label, trait.meaning or said, trait.criterion, "text", "own", "")


def _figures(relations: Relations, trait: SeasonalTrait) -> Tree:
    engine = relations.engine
    days = relations.event(trait.event)
    if days is None or not _laid(relations, trait, days):
        return query(
            "SELECT NULL::BIGINT AS customer, NULL AS :it WHERE false", it=column(trait.name)
        )
    rows = engine.fetch(query(PAIRS, today=literal(relations.today)))
    inside, of, share = (
        rows.column(each).to_numpy().astype(np.float64) for each in ("inside", "of", "share")
    )
    q = beyond_share(inside, of, share)
    seen, there = (rows.column(each).to_numpy() for each in ("years", "known_years"))
    kept = (q < FALSE) & (inside >= FEWEST) & (seen >= np.minimum(YEARS, there))
    found = rows.select(["customer", "holiday"]).append_column("q", pa.array(q))
    engine.register("season_found", found.filter(pa.array(kept)))
    return query(
        "SELECT customer, arg_min(holiday, q) AS :it FROM season_found GROUP BY customer",
        it=column(trait.name),
    )


PAIRS = """
WITH first AS (SELECT customer, country, min(day) AS since FROM season_days GROUP BY ALL),
     spans AS (SELECT f.country, f.since, s.holiday,
                      sum(greatest(0, least(s.last, :today) - greatest(s.first, f.since + 1) + 1))
                        AS exposed,
                      count(*) FILTER (WHERE s.first <= :today AND s.last > f.since) AS known_years
               FROM (SELECT DISTINCT country, since FROM first) AS f
               JOIN season_spans AS s ON s.country = f.country GROUP BY ALL),
     after AS (SELECT d.customer, count(*) AS of FROM season_days AS d
               JOIN first AS f ON f.customer = d.customer WHERE d.day > f.since GROUP BY ALL),
     met AS (SELECT d.customer, s.holiday, count(*) AS inside, count(DISTINCT s.last) AS years
             FROM season_days AS d JOIN first AS f ON f.customer = d.customer
             JOIN season_spans AS s ON s.country = d.country AND d.day BETWEEN s.first AND s.last
             WHERE d.day > f.since GROUP BY ALL)
SELECT f.customer, p.holiday, coalesce(m.inside, 0) AS inside, a.of AS of,
       p.exposed / nullif(:today - f.since, 0) AS share, coalesce(m.years, 0) AS years,
       p.known_years
FROM first AS f JOIN after AS a ON a.customer = f.customer
JOIN spans AS p ON p.country = f.country AND p.since = f.since
LEFT JOIN met AS m ON m.customer = f.customer AND m.holiday = p.holiday
ORDER BY f.customer, p.holiday"""
"""A row a person and holiday: days in its seasons and at all, and the seasons' share of time."""


def _laid(relations: Relations, trait: SeasonalTrait, rows: Tree) -> bool:
    """Lay days with the country of each person, and seasons by country; whether there are any."""
    engine = relations.engine
    engine.create(
        "season_days",
        query(
            "SELECT DISTINCT e.customer, e.local_date AS day, :country AS country "
            "FROM :rows AS e LEFT JOIN contacts AS c ON c.customer = e.customer",
            country=_country(relations),
            rows=rows,
        ),
    )
    known = engine.rows(
        query("SELECT country, min(day) FROM season_days WHERE country IS NOT NULL GROUP BY 1")
    )
    spans = [row for country, since in known for row in _spans(relations, trait, country, since)]
    engine.register(
        "season_spans",
        pa.table(
            {
                "country": [each[0] for each in spans],
                "holiday": [each[1] for each in spans],
                "first": pa.array([each[2] for each in spans], pa.date32()),
                "last": pa.array([each[3] for each in spans], pa.date32()),
            }
        ),
    )
    return bool(spans)


def _country(relations: Relations) -> Tree:
    """Where they live as stated, else the project's country; two letters."""
    home = literal(relations.line.definitions.project.country)
    if not relations.line.table_files("contacts"):
        return query("CAST(:home AS VARCHAR)", home=home)
    said = fields(relations.engine.columns("contacts")).get("country")
    if said is None:
        return query("CAST(:home AS VARCHAR)", home=home)
    return query("coalesce(upper(:said), :home)", said=column(said, "c"), home=home)


def _spans(
    relations: Relations, trait: SeasonalTrait, country: str, since: date
) -> Iterator[tuple[str, str, date, date]]:
    last: date | None = None
    for day, name in _holidays(country, range(since.year, relations.today.year + 2)):
        if trait.holiday.casefold() not in name.casefold():
            continue
        first = day - timedelta(days=trait.days)
        if first <= relations.today and (last is None or day - last > TOGETHER):
            yield country, name, first, day
        last = day


def _holidays(country: str, years: range) -> list[tuple[date, str]]:
    """Public holidays in order, with their English names where these are known."""
    import holidays

    try:
        found = holidays.country_holidays(country, years=years, language="en_US")
    except NotImplementedError:
        return []
    return [(day, _one(name)) for day, name in sorted(found.items())]


def _one(name: str) -> str:
    """The first of several that fall on one day, without that it is kept on another."""
    return name.split(";")[0].removesuffix(" (observed)").strip()
