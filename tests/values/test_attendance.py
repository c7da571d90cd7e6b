"""What the status of a booked visit says."""

import pytest

from carpel.values.attendance import attendance, of_a_visit

SAID = {
    "came": "Signed in;Signed-in;CHECKED IN;checked_in;Attended;Present;Arrived;Erschienen;"
    "Anwesend;Présent;Presente;Aanwezig",
    "missed": "No Show;no-show;No_Show;NOSHOW;Missed;Absent;Did not attend;Nicht erschienen;"
    "Abwesend;Ausente;Assente;Afwezig;Not present",
    "cancelled": "Late Cancel;Late cancelled;Early Cancel;Cancelled;Storniert;Annulé",
    "unknown": "Booked;Waitlist;Reserved;Drop In",
}


@pytest.mark.parametrize(
    ("said", "value"), [(said, each) for said, all_ in SAID.items() for each in all_.split(";")]
)
def test_a_status_says_whether_somebody_came(said: str, value: str) -> None:
    assert attendance(value) == said


def test_an_order_is_cancelled_too() -> None:
    assert not any(map(of_a_visit, ("Cancelled", "Completed", "Shipped", "Refunded", "Open")))
    assert all(map(of_a_visit, ("Late Cancel", "No Show", "Signed in")))
