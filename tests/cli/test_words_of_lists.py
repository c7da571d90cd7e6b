"""What lists and the summary of a run say, without a project: outcomes, costs, empty segments."""

import pytest

import carpel.language.mistakes  # noqa: F401  # an error of its own
from carpel.cli.lists import OUTCOMES, worded
from carpel.cli.screen import money
from carpel.cli.summary import _segments
from carpel.errors import CarpelError


def of_kind(kind: type[CarpelError]) -> list[type[CarpelError]]:
    return [kind, *(each for below in kind.__subclasses__() for each in of_kind(below))]


def test_the_log_tells_every_error_in_words() -> None:
    names = {each.__name__ for each in of_kind(CarpelError) if each.__module__.startswith("carpel")}
    assert names <= OUTCOMES.keys()
    (row,) = worded("log", [{"verb": "ls", "outcome": "NotFound"}], "EUR")
    assert row["outcome"] == "nothing of that name"
    assert worded("log", [{"verb": "ls", "outcome": "done"}], "EUR")[0]["outcome"] == "done"


def test_what_evaluating_took_is_asked_for_apart() -> None:
    row = {"segment": "a", "people": 1, "revenue_365d": 5.0, "seconds": 0.1}
    assert worded("segments", [row], "EUR") == [
        {"segment": "a", "people": 1, "revenue_365d": "5 EUR"}
    ]


def test_segments_of_nobody_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {
            "segment": f"s{number}",
            "label": f"Segment {number}",
            "people": int(number < 2),
            "share": 0.5,
            "revenue_365d": -0.4,
            "revenue_share": 0.0,
            "revenue_kind": None,
        }
        for number in range(12)
    ]
    _segments(rows, "EUR")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4 and lines[-1].startswith("10 segments have nobody yet: Segment 2, ")
    assert lines[-1].endswith("Segment 9 and 2 more") and "more: carpel ls" not in "".join(lines)


def test_an_amount_that_rounds_to_nothing_has_no_minus() -> None:
    assert [money(value, "EUR") for value in (-0.4, -1234.5, 0.0)] == [
        "0 EUR",
        "-1,234 EUR",
        "0 EUR",
    ]
