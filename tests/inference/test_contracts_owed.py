"""A contract that runs and is not paid, said in a column of its own."""

from pathlib import Path

from carpel.specs import Source

from .proposing import proposed

HEAD = (
    "contract_no,member_no,plan,start_date,end_date,monthly_fee,status,cancelled_on,payment_status"
)


def contracts(*, dated: bool) -> str:
    rows = [HEAD]
    for number in range(60):
        over = number % 5 == 0
        gone = "2026-03-01" if over and dated else ""
        rows.append(
            f"C{number:05},{number:05},Plus,2025-07-{1 + number % 28:02},,19.9,"
            f"{'cancelled' if over else 'active'},{gone},{'past due' if number % 7 == 0 else 'ok'}"
        )
    return "\n".join(rows) + "\n"


def told(folder: Path, *, dated: bool) -> tuple[Source, str]:
    (source,) = proposed(folder, contracts=contracts(dated=dated)).sources
    return source.spec, "\n".join(source.notes)


def test_what_is_not_paid_is_past_due(tmp_path: Path) -> None:
    spec, notes = told(tmp_path, dated=True)
    assert spec.hold[0].status is not None and spec.hold[0].status.column == "payment_status"
    assert "whose payment_status is past due are past due" in notes


def test_a_status_that_alone_says_what_is_over_stays_and_that_is_said(tmp_path: Path) -> None:
    spec, notes = told(tmp_path, dated=False)
    assert spec.hold[0].status is not None and spec.hold[0].status.column == "status"
    assert "payment_status is past due are not known as past due" in notes
