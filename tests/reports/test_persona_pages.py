"""Personas in the report: on every segment's page, each sentence with the people behind it."""

import re
from html import unescape

import pytest

pytestmark = pytest.mark.slow

PERSONA = re.compile(r'<dl class="card persona">(.*?)</dl>', re.DOTALL)


@pytest.fixture(scope="module")
def told(page: str) -> list[str]:
    """Everything that is said in personas, as text."""
    said = [each for part in PERSONA.findall(page) for each in re.findall(r"<dd>(.*?)</dd>", part)]
    return [" ".join(unescape(re.sub(r"<[^>]*>", " ", each)).split()) for each in said]


def test_every_segment_with_people_has_its_persona(page: str) -> None:
    pages = re.findall(r'<article class="page" id="segment-(\w+)">(.*?)</article>', page, re.DOTALL)
    described = {name for name, body in pages if "<h4>Persona" in body}
    assert described == {name for name, _ in pages} - {"nobody"}
    assert all("What data does not show" in body for name, body in pages if name in described)


def test_every_sentence_says_of_how_many_people_it_is_known(told: list[str]) -> None:
    assert len(told) > 20
    assert [each for each in told if not re.search(r"\([\d,]+ (people|person)\)$", each)] == []


def test_every_sentence_is_one(told: list[str]) -> None:
    for each in told:
        said = re.sub(r" \([^()]*\)$", "", each)
        assert re.match(r"[A-Z0-9“]", said) and said.endswith("."), each
