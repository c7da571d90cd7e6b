"""A number may be Carpel's key of one person and the business's own number of another."""

from datetime import UTC, datetime

import pytest

import carpel
from carpel.errors import CarpelError, NotFound
from carpel.specs import Definitions, Project, Source

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PEOPLE = "number,mail\n3,ann@x.example\n002,ben@x.example\n1,cyd@x.example\n"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> carpel.Project:
    folder = tmp_path_factory.mktemp("asking")
    (folder / "crm.csv").write_text(PEOPLE)
    crm = Source.model_validate(
        {
            "name": "crm",
            "read": "crm.csv",
            "identifiers": {"crm_id": "number", "email": "mail"},
        }
    )
    project = carpel.Project(
        folder,
        clock=lambda: NOW,
        definitions=Definitions(Project(name="asking"), sources={"crm": crm}),
    )
    project.run()
    return project


def test_a_number_with_leading_zeros_is_never_a_key(shop: carpel.Project) -> None:
    assert shop.key("002") == shop.key("ben@x.example")
    with pytest.raises(NotFound):
        shop.key("003")


def test_a_bare_number_is_a_key_before_it_is_a_number(shop: carpel.Project) -> None:
    ann, cyd = shop.key("ann@x.example"), shop.key("cyd@x.example")
    assert {ann, cyd} == {1, 3}
    assert shop.key(str(ann)) == shop.key(f"key:{ann}") == ann


def test_nobody_is_erased_by_a_number_that_is_two_people(shop: carpel.Project) -> None:
    for number in ("1", "3"):
        with pytest.raises(CarpelError, match="Several people"):
            shop.erase(number)
    cyd = shop.key("cyd@x.example")
    shop.erase(f"key:{cyd}")
    with pytest.raises(NotFound):
        shop.key("cyd@x.example")
    assert shop.key("ann@x.example")
