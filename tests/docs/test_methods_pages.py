"""The pages on methods: their snippets run, their links lead somewhere, README leads to them."""

import re
import sys
from pathlib import Path

import pytest

from .conftest import run

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "methods").glob("*.md"))
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda each: each.stem)
def test_a_page_on_a_method_is_linked_and_says_what_it_must(page):
    text = page.read_text(encoding="utf-8")
    assert f"(docs/methods/{page.name})" in README
    assert "assumes" in text and "## When it lies" in text and "source" in text
    for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", text):
        assert (page.parent / target).exists()


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda each: each.stem)
def test_the_snippets_of_a_method_run(page, tmp_path):
    pytest.importorskip("scipy")
    text = page.read_text(encoding="utf-8")
    for block in re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        (tmp_path / "snippet.py").write_text(block, encoding="utf-8")
        run(tmp_path, f"{sys.executable} -W error snippet.py")
