"""Pages that cannot be so are told with file and line."""

from pathlib import Path

import pytest

from carpel.manifest.load import load
from carpel.specs.page import SAID

from ..project.written import write

BOOK = "read: book.csv\nidentifiers: {email: mail}\ntraits: {interests: %s}\n"
CHOOSE = (
    "kind: preferences\ntitle: Choose\nasks:\n  - name: interests\n    ask: What?\n    answer: %s\n"
)
SURVEY = "kind: survey\ntitle: A\n"
OPTIONS = "    options: {tea: Tea}\n"
LIST = "{column: likes, separator: ','}"


def loaded(folder: Path, **pages: str):
    book = pages.pop("book", BOOK % "likes")
    files = {f"pages/{name}.yml": text for name, text in pages.items()}
    return load(
        write(folder, {"carpel.yml": "name: a\n", "sources/book.yml": book, **files}), set()
    )


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("kind: preferences\ntitle: Choose\n", "nothing to choose"),
        ("kind: survey\ntitle: Ask\nasks: []\n", "asks"),
        ("kind: survey\ntitle: A\nasks: [{name: a, ask: B, answer: one}]\n", "`options` go with"),
        (
            "kind: survey\ntitle: A\nasks: [{name: a, ask: B, answer: text, options: {x: X}}]\n",
            "go",
        ),
        (CHOOSE % "nps", "is `one` or `several`"),
        (
            CHOOSE % "one" + OPTIONS + "  - {name: interests, ask: C, options: {x: X}}\n",
            "same name",
        ),
        (CHOOSE % "one" + OPTIONS + "    days: {coffee: 7}\n", "`days` go with"),
        (
            SURVEY + "asks: [{name: a, ask: B, options: {x: X}, days: {x: 7}}]\n",
            "on a page of preferences",
        ),
        (
            SURVEY
            + "asks: ["
            + ", ".join(f"{{name: a{n}, ask: B, answer: text}}" for n in range(6))
            + "]\n",
            "5",
        ),
    ],
)
def test_a_page_that_cannot_be_is_a_mistake(tmp_path: Path, page: str, said: str):
    problems = loaded(tmp_path, choose=page).problems
    assert problems and said in str(problems[0]) and problems[0].file == "pages/choose.yml"


def test_several_beside_one_value_of_another_source_is_a_mistake(tmp_path: Path):
    (problem,) = loaded(tmp_path, choose=CHOOSE % "several" + OPTIONS).problems
    assert "sources/book.yml states one 'interests'" in problem.message and problem.line == 4


@pytest.mark.parametrize("answer", ["one", "several"])
def test_beside_a_list_of_another_source_it_is_a_list(tmp_path: Path, answer: str):
    found = loaded(tmp_path, book=BOOK % LIST, choose=CHOOSE % answer + OPTIONS)
    assert found.problems == []
    assert found.definitions.sources[SAID].traits["interests"].is_list
    assert set(found.definitions.sources[SAID].identifiers) == {"email"}


def test_two_pages_ask_for_one_thing_once(tmp_path: Path):
    page = CHOOSE % "one" + OPTIONS
    (problem,) = loaded(tmp_path, choose=page, other=page).problems
    assert "pages/choose.yml asks for 'interests' too" in problem.message


def test_without_pages_there_is_no_such_source(tmp_path: Path):
    assert SAID not in loaded(tmp_path).definitions.sources
