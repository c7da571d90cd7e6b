"""Slots that cannot be so are told with file and line."""

from pathlib import Path

import pytest

from carpel.manifest.load import load

from ..project.written import write

RULE = "rules:\n  - {segment: here, content: {title: A}}\n"
HALVES = "[{name: a, share: 0.5, content: {}}, {name: %s, share: %s, content: {}}]"


def problems(folder: Path, slot: str, more: str = "") -> list[str]:
    files = {
        "carpel.yml": f"name: a\n{more}",
        "segments/here.yml": "where: {customer: [1]}\n",
        "slots/home.yml": slot,
    }
    found = load(write(folder, files), set()).problems
    return [
        f"{each.file}:{each.line} {each.message}" for each in found if "segments/" not in each.file
    ]


def test_a_slot_that_is_right_has_none(tmp_path):
    assert (
        problems(tmp_path, RULE + "fallback: {url: /tea, image: 'https://a.example/b.jpg'}\n") == []
    )


@pytest.mark.parametrize(
    ("slot", "said"),
    [
        ("rules:\n  - segment: her\n    content: {}\n", "home.yml:2 there is no segment 'her'"),
        ("rules:\n  - segment: rfm.best\n    content: {}\n", "no segmentation 'rfm'"),
        (RULE + "  - {segment: here, content: {}}\n", "two rules are about 'here'"),
        ("rules: [{segment: here}]\n", "give one `content`, or `variants`"),
        (f"rules: [{{segment: here, variants: {HALVES % ('b', 0.6)}}}]\n", "come to 1.1"),
        (f"rules: [{{segment: here, variants: {HALVES % ('a', 0.5)}}}]\n", "same name"),
        (f"rules: [{{segment: here, variants: {HALVES % ('fallback', 0.5)}}}]\n", "fallback"),
        ("fallback:\n  title: A\n  url: javascript:alert(1)\n", "url is no address"),
        ("fallback: {more_url: //evil.example}\n", "more_url is no address"),
        ("fallback: {image: 'data:image/png,1'}\n", "image is no address"),
        ("fallback: {title: [1]}\n", "title"),
        ("holdout: 1\n", "holdout"),
        ("html: <b>\n", "unknown word 'html'"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, slot, said):
    (found,) = problems(tmp_path, slot)
    assert "slots/home.yml:" in found and said in found


@pytest.mark.parametrize(
    "origin", ["*", "http://shop.example", "https://shop.example/", "null", "https://*.example"]
)
def test_a_site_that_is_none_is_told(tmp_path, origin):
    (found,) = problems(tmp_path, RULE, f"origins: ['{origin}']\n")
    assert found.startswith("carpel.yml:2") and "is no site" in found
