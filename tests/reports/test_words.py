"""Only words of the screen are in a report; what people wrote themselves is their own affair."""

import re
from collections.abc import Iterator

import pytest

from carpel.specs.rfm_groups import RFM_GROUPS
from carpel.specs.standings import LIFECYCLE, NO_TIER, NONE_LATELY, NONE_YET, OTHER
from carpel.stages.profiles.catalogue import CATALOGUE
from carpel.starters import recipes
from carpel.starters.recipe import Recipe
from carpel.tables import TABLES

pytestmark = pytest.mark.slow

CODE_WORDS = (
    "customers?",
    "records?",
    "identifiers?",
    "accounts?",
    "events?",
    "contracts?",
    "traits?",
    "profiles?",
    "consents?",
    "suppressions?",
    "suppressed",
    "memberships?",
    "segmentations?",
    "migrations?",
    "fitness cards?",
    "audiences?",
    "assignments?",
    "holdouts?",
    "deliver(y|ies)",
    "outcomes?",
    "estimates?",
    "builds?",
    "as_of",
    "ledgers?",
    "(?<!data )sources?",
    "proofs?",
    "grants?|granted",
)
"""First column of the table of words in docs/design.md, where the third says it otherwise."""


@pytest.mark.parametrize("word", CODE_WORDS)
def test_code_words_stay_off_the_screen(text: str, word: str) -> None:
    found = re.search(rf"(?i).{{0,40}}\b{word}\b.{{0,40}}", text)
    assert found is None, found


def test_names_of_code_stay_off_the_screen(text: str) -> None:
    assert re.findall(r"\w*[a-z]_[a-z]\w*", text) == []


def test_columns_are_named_in_words(page: str, text: str) -> None:
    """`at` and the like: as a heading, or where a remark names a column."""
    assert "Not filled in everywhere" in text
    assert "time (60 of 120)" in text and "way of permission (30 of 120)" in text
    short = "at|ref|row|of|n|by|was|now|how|interval|origin"
    assert not re.search(rf"(?i)\b(an?|no|by|the|with|without) ({short})\b(?! \w)", text)
    assert not re.search(rf"[:,] ({short}) \(", text)
    headings = re.findall(r"<(th|h[1-6]|caption)\b[^>]*>(.*?)</\1>", page, re.DOTALL)
    said = {" ".join(re.sub(r"<[^>]*>", " ", each).split()).casefold() for _, each in headings}
    assert "rows read" in said
    assert said & _columns() == set()


def _columns() -> set[str]:
    """Names of columns that are no words of the screen."""
    names = {column for each in TABLES.values() for column in each.columns}
    words = {
        "segment",
        "people",
        "share",
        "value",
        "plan",
        "channel",
        "revenue",
        "by",
        "sent",
        "figure",
        "campaign",
        "what",
    }
    return names - words - {"meaning", "place"}


def test_numbers_are_said_as_people_say_them(text: str) -> None:
    assert not re.search(r"\b(None|nan|inf|null|True|False)\b", text)
    assert not re.search(r"\b1[\s\xa0](people|rows|orders|remarks)\b", text)
    assert not re.search(r"\d\.\d{4}", text)
    assert "  " not in text and " ." not in re.sub(r"\s+</", "</", text)


def _told() -> Iterator[str]:
    """Texts of Carpel's own that some project's report shows, this one's or another's."""
    for entry in CATALOGUE:
        yield f"{entry.label}. {entry.meaning}"
    for place in (*LIFECYCLE, *RFM_GROUPS, NO_TIER, NONE_LATELY, NONE_YET, OTHER):
        yield f"{place.label}. {place.objective}. {place.action}"
    for kind in vars(recipes).values():
        for each in kind if isinstance(kind, tuple) else ():
            if isinstance(each, Recipe):
                yield f"{each.label}. {each.objective}. {each.action}"


@pytest.mark.parametrize("word", CODE_WORDS)
def test_what_carpel_brings_keeps_to_words_of_the_screen(word: str) -> None:
    assert [each for each in _told() if re.search(rf"(?i)\b{word}\b", each)] == []
