"""The fitness card in a report: plain words outside Details, every sentence with its number."""

import re
from html import unescape

import pytest

from carpel.project import Project
from carpel.specs.fitness import CAMPAIGN, CRITERIA, VERDICTS

from .corner import NOW
from .statistical import STATISTICAL

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def outside(page: str) -> str:
    """The page without what stands under Details, as text."""
    body = re.sub(r"<style>.*?</style>", " ", page, flags=re.DOTALL)
    plain = re.sub(r'<details class="statistics">.*?</details>', " ", body, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", plain)).split())


@pytest.mark.parametrize("term", STATISTICAL)
def test_statistical_terms_stay_in_the_details(outside: str, term: str) -> None:
    found = re.search(rf"(?i).{{0,60}}\b{term}\b.{{0,40}}", outside)
    assert found is None, found


def test_details_are_there_and_speak_to_those_who_know(page: str) -> None:
    details = re.findall(r'<details class="statistics">.*?</details>', page, flags=re.DOTALL)
    assert details
    assert all("Benjamini" in each for each in details)


def test_each_segment_with_people_answers_every_question(page: str) -> None:
    for name in ("tea", "grown", "may"):
        article = re.search(rf'id="segment-{name}".*?</article>', page, flags=re.DOTALL)
        assert article
        text = " ".join(unescape(re.sub(r"<[^>]*>", " ", article[0])).split())
        for criterion, question in CRITERIA.items():
            assert f"{question} " in text
            answer = "|".join(VERDICTS.values())
            assert re.search(rf"{re.escape(question)} \S (?:{answer})", text), criterion


def test_each_sentence_has_a_number(corner) -> None:
    project = Project(corner, clock=lambda: NOW)
    for name in ("tea", "grown", "may"):
        rows = project.show_segment(name).fitness
        assert [row["criterion"] for row in rows] == list(CRITERIA)
        for row in rows:
            assert re.search(r"\d", row["sentence"]), row
            assert row["n"] is not None, row


def test_the_list_has_a_line_each(corner) -> None:
    rows = Project(corner, clock=lambda: NOW).ls("fitness")
    assert {"tea", "grown", "may", "nobody"} <= {row["segment"] for row in rows}
    for row in rows:
        assert set(row) == {"segment", *CRITERIA}
        assert row[CAMPAIGN] in VERDICTS
