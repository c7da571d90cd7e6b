"""Facts that sources state: ages by the calendar, types, sensitivity, what stays in contacts."""

from datetime import date, datetime
from pathlib import Path

import pytest

from carpel.stages.profiles.stated import sensitivity
from carpel.testing.line import Line

from .reading import Row, happened, profiled, traits, utc, values

BORN = [date(2000, 2, 29), date(1990, 3, 1), date(2026, 3, 2), date(1899, 1, 1)]
BANDS = {
    date(2008, 3, 2): ("under 18", "generation Z"), date(2008, 3, 1): ("18 to 24", "generation Z"),
    date(2001, 3, 2): ("18 to 24", "generation Z"), date(2001, 3, 1): ("25 to 34", "generation Z"),
    date(1996, 12, 31): ("25 to 34", "millennials"),
    date(1980, 12, 31): ("45 to 54", "generation X"),
    date(1964, 12, 31): ("55 to 64", "baby boomers"),
    date(1961, 3, 1): ("65 and over", "baby boomers"),
    date(1945, 12, 31): ("65 and over", "silent generation"),
    date(2013, 1, 1): ("under 18", "generation alpha"), date(2030, 1, 1): (None, None),
}  # fmt: skip


@pytest.fixture(scope="module")
def born(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """People by date of birth: first BORN, then BANDS."""
    rows = [
        {"customer": key, "t_birth_date": day} for key, day in enumerate([*BORN, *BANDS], start=1)
    ]
    return profiled(tmp_path_factory.mktemp("born"), {"contacts": rows}, people=len(rows))


@pytest.mark.parametrize(
    ("day", "moment", "age"),
    [
        (0, utc(2026, 2, 28), 25),  # born on a leap day: older on the first of March
        (0, utc(2026, 3, 1), 26),
        (0, utc(2028, 2, 28), 27),
        (0, utc(2028, 2, 29), 28),
        (1, utc(2026, 2, 28, 23), 35),
        (1, utc(2026, 3, 1), 36),
        (2, utc(2026, 3, 1), None),
        (2, utc(2026, 3, 2), 0),
        (3, utc(2026, 3, 1), None),
    ],
)
def test_age_in_full_years(born: Line, day: int, moment: datetime, age: int | None) -> None:
    assert values(born, moment)[day + 1]["age"] == age


def test_bands_and_generations(born: Line) -> None:
    found = values(born)
    for key, (day, wanted) in enumerate(BANDS.items(), start=len(BORN) + 1):
        assert (found[key]["age_band"], found[key]["generation"]) == wanted, day


def test_a_stated_age_serves_where_no_birth_date_is(tmp_path: Path) -> None:
    rows: list[Row] = [{"customer": 1, "t_age": 34, "t_children": 0}, {"customer": 2, "t_age": 200}]
    line = profiled(tmp_path, {"contacts": rows})
    assert values(line)[1] | {} == values(line)[1] | {
        "age": 34.0, "age_band": "25 to 34", "life_stage": "young, no children"}  # fmt: skip
    assert values(line)[2]["age_band"] is None
    assert "age_stated" not in traits(line)


def test_an_age_written_as_a_range_stays_text(tmp_path: Path) -> None:
    line = profiled(tmp_path, {"contacts": [{"customer": 1, "t_age": "35-44"}]})
    assert traits(line)["age"]["type"] == "text"
    assert "age_band" not in traits(line)


def test_every_stated_column_is_a_trait_of_its_type(tmp_path: Path) -> None:
    row: Row = {
        "customer": 1, "t_gender": "female", "t_income": 15, "t_monthly_charges": 29.85,
        "t_senior_citizen": True, "t_tags": ["a", "b"], "t_recency": 10, "t_orders_total": 7,
        "id_email": "a@example.org", "t_first_name": "A", "t_postcode": "1", "t_state": "TX",
        "t_since": date(2020, 1, 1), "t_seen": utc(2020, 1, 1)}  # fmt: skip
    order = [happened(1, utc(2026, 1, 1), amount=1.0)]
    line = profiled(tmp_path, {"contacts": [row], "event_order_completed": order})
    found = {name: (each["type"], each["sensitivity"]) for name, each in traits(line).items()}
    wanted = {
        "gender": ("text", "plain"), "income": ("integer", "plain"),
        "monthly_charges": ("number", "plain"), "senior_citizen": ("boolean", "plain"),
        "interests": ("list", "plain"), "recency": ("integer", "plain"),
        "orders_total_stated": ("integer", "plain"), "orders_total": ("integer", "plain"),
        "email": ("text", "personal"), "first_name": ("text", "personal"),
        "postcode": ("text", "personal"), "region": ("text", "plain"),
        "since": ("date", "plain"), "seen": ("instant", "plain")}  # fmt: skip
    assert found | wanted == found
    assert values(line)[1]["orders_total_stated"] == 7
    assert values(line)[1]["orders_total"] == 1


def test_nothing_stated_is_copied_out_of_contacts(tmp_path: Path) -> None:
    row = {"customer": 1, "id_email": "a@example.org", "t_city": "Utrecht", "t_last_name": "B"}
    line = profiled(tmp_path, {"contacts": [row]})
    assert {each["table"] for each in traits(line).values() if "stated" in each["meaning"]} == {
        "contacts"
    }
    assert not {"email", "city", "last_name"} & set(line.engine.columns("profiles"))


def test_special_categories_need_a_lawful_purpose(tmp_path: Path) -> None:
    row = {"customer": 1, "t_ethnicity": "x", "t_religion": "y"}
    without = profiled(tmp_path / "a", {"contacts": [row]})
    assert not {"ethnicity", "religion"} & set(traits(without))
    purpose = {"ethnicity": "equal treatment report"}
    stated = profiled(tmp_path / "b", {"contacts": [row]}, lawful_purposes=purpose)
    assert traits(stated)["ethnicity"]["sensitivity"] == "special"
    assert "religion" not in traits(stated)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("t_email", "personal"), ("t_email_address", "personal"), ("t_phone_2", "personal"),
        ("t_first_name", "personal"), ("t_name", "personal"), ("t_address_line_1", "personal"),
        ("t_postcode", "personal"), ("t_notes", "personal"), ("id_loyalty_card", "personal"),
        ("t_phone_service", "plain"), ("t_mobile_plan", "plain"), ("t_plan_name", "plain"),
        ("t_city", "plain"), ("t_zipper_size", "plain"), ("t_income", "plain"),
        ("t_religion", "special"), ("t_ethnic_group", "special"),
    ],
)  # fmt: skip
def test_how_sensitive_a_column_is(name: str, wanted: str) -> None:
    assert sensitivity(name) == wanted
