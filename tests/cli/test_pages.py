"""Pages on one segment or one person, from what they are given."""

from datetime import UTC, datetime

import pytest

from carpel.cli.customers import customer_page
from carpel.cli.reasons import segment_reasons
from carpel.cli.screen import ZONE, exact, figure
from carpel.specs.segment import COMPARED
from carpel.verbs.explain import SegmentReasons
from carpel.verbs.look import CustomerPage


def trait(name: str, label: str, value: object, unit: str | None) -> dict[str, object]:
    return {"trait": name, "label": label, "value": value, "unit": unit, "likely": None}


def test_attributes_stand_by_what_they_are_called_with_shares_as_per_cent(capsys) -> None:
    traits = [
        trait("a", "Weekend share", 0.6, "share"),
        trait("b", "Overdue by", 17.9, "usual gaps"),
        trait("c", "Change in spend", 13.5, "ratio"),
    ]
    page = CustomerPage(
        customer=7,
        contact={},
        provenance=[],
        traits=traits,
        segments=[],
        standings={},
        consents=[],
        last_events=[],
    )
    customer_page(page)
    lines = [" ".join(each.split()) for each in capsys.readouterr().out.splitlines()]
    at = lines.index("what value unit")
    assert lines[at + 1 : at + 4] == [
        "Change in spend 13.5",
        "Overdue by 17.9 usual gaps",
        "Weekend share 60.0 %",
    ]


@pytest.mark.parametrize(
    ("value", "told"),
    [(19.95, "19.95"), (1249.5, "1,249.5"), (5.0, "5"),
     (-0.1 - 0.2, "-0.3"), (2e9, "2,000,000,000"),
     (3, "3"), (True, "yes")],
)  # fmt: skip
def test_what_was_stated_is_not_rounded(value: float, told: str) -> None:
    assert exact(value) == told


def test_a_day_without_a_time_is_told_as_a_day() -> None:
    ZONE.set("UTC")  # a command that ran before has set its project's
    assert figure(datetime(2026, 3, 1, tzinfo=UTC)) == "2026-03-01"
    assert figure(datetime(2026, 3, 1, 0, 1, tzinfo=UTC)) == "2026-03-01 00:01"


@pytest.mark.parametrize(("people", "said"), [(4, "; 4 are in it"), (40, "")])
def test_why_nothing_sets_a_segment_apart_names_the_least(people: int, said: str, capsys) -> None:
    segment_reasons(SegmentReasons("few", "People.", people, [], []))
    told = f"nothing is known of at least {COMPARED} people here and {COMPARED} others{said}\n"
    assert capsys.readouterr().out.endswith(told)


def test_a_persons_page_has_words_of_the_screen(capsys) -> None:
    page = CustomerPage(
        customer=7,
        contact={"plan_type": "gold", "home_town": "Bonn"},
        provenance=[],
        traits=[trait("plan_type", "Plan", "gold", None)],
        segments=[],
        standings={},
        consents=[{"channel": "email", "granted": True, "suppressed": False}],
        last_events=[{"event": "checked_in", "at": None, "properties": {"source": "door"}}],
    )
    customer_page(page)
    lines = [" ".join(each.split()) for each in capsys.readouterr().out.splitlines()]
    assert {"Plan gold", "home town Bonn"} <= set(lines)
    assert "channel allowed on the do-not-contact list" in lines
    assert "checked in – data source door" in lines
