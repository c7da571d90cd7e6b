"""Which rows of a file of purchases count: each once, and none of an order that did not stand."""

from pathlib import Path
from random import Random

import pytest

from carpel.inference import write
from carpel.manifest.load import load
from carpel.stages.base import Line
from carpel.stages.sources import Sources
from carpel.testing.line import line_with, read, take

from .proposing import lines, proposed

SOLD, BACK, OFF = "order_completed", "product_returned", "order_cancelled"


def told(folder: Path, text: str, **more: str) -> dict[str, list[dict[str, object]]]:
    """The events of an orders file as `init` reads it, by name."""
    write(proposed(folder, orders=text, **more), folder / "project")
    line = take(
        line_with(folder / "project", definitions=load(folder / "project").sound()), [Sources()]
    )
    return {event: _events(line, event) for event in (SOLD, BACK, OFF, "product_purchased")}


def _events(line: Line, event: str) -> list[dict[str, object]]:
    staged = f"staged_event_{event}"
    return read(line, staged) if staged in line.tables() else []


def total(rows: list[dict[str, object]]) -> float:
    return round(sum(float(str(row["amount"])) for row in rows), 2)


HEAD = "Order ID,Order Date,Status,Email,Quantity,Total"


def test_each_row_counts_once_whatever_it_says(tmp_path: Path) -> None:
    random = Random(0)
    rows = [
        (
            random.choice(["wc-completed", "wc-processing", "wc-cancelled", "wc-refunded", ""]),
            random.choice([1, 1, 1, 2, -1]),
            random.randint(100, 9999) / 100,
        )
        for _ in range(120)
    ]
    found = told(
        tmp_path,
        lines(
            HEAD,
            lambda n: (
                f"{9000 + n},2026-01-{1 + n % 28:02},{rows[n][0]},p{n % 40}@x.com,{rows[n][1]},"
                f"{rows[n][1] * rows[n][2]:.2f}"
            ),
            120,
        ),
    )
    off = [each for each in rows if each[0] in ("wc-cancelled", "wc-refunded")]
    stood = [each for each in rows if each not in off]
    assert len(found[OFF]) == len(off)
    assert total(found[SOLD]) == round(sum(q * p for _, q, p in stood if q > 0), 2)
    assert total(found[BACK]) == round(sum(q * p for _, q, p in stood if q < 0), 2)
    assert sum(map(len, found.values())) == len(rows)


def test_a_status_of_negative_rows_alone_marks_what_came_back(tmp_path: Path) -> None:
    """The sale stands on a row of its own: to leave its refund out would count it in full."""

    def one(number: int) -> str:
        status, sign = ("Refunded", "-") if number % 6 == 0 else ("Completed", "")
        return f"{number},2026-01-{1 + number % 28:02},{status},p{number % 9}@x.com,1,{sign}10.00"

    found = told(tmp_path, lines(HEAD, one))
    assert (len(found[SOLD]), len(found[BACK]), len(found[OFF])) == (50, 10, 0)


STATES = {
    "nl": ("Voltooid", "Geannuleerd", "Terugbetaald"),
    "pl": ("Zrealizowane", "Anulowane", "Zwrócone"),
    "de": ("Abgeschlossen", "Storniert", "Rückerstattet"),
    "fr": ("Terminée", "Annulée", "Remboursée"),
    "es": ("Completado", "Cancelado", "Reembolsado"),
    "it": ("Completato", "Annullato", "Rimborsato"),
    "pt": ("Concluído", "Cancelado", "Reembolsado"),
    "sv": ("Slutförd", "Avbruten", "Återbetald"),
    "amazon": ("Shipped", "Cancelled", "Shipped - Returned to Seller"),
    "woo": ("wc-completed", "wc-cancelled", "wc-failed"),
}


@pytest.mark.parametrize("states", STATES.values(), ids=STATES)
def test_cancelled_orders_are_no_sales_in_any_language(
    tmp_path: Path, states: tuple[str, ...]
) -> None:
    text = lines(
        "Order ID,Order Date,Status,Email,Total",
        lambda n: f"{n},2026-01-{1 + n % 28:02},{states[n % 3]},p{n % 9}@x.com,10.00",
    )
    found = told(tmp_path, text)
    assert {row["order_status"] for row in found[SOLD]} == {states[0]}
    assert (len(found[SOLD]), len(found[OFF])) == (20, 40)


def test_values_not_understood_are_said_and_count(tmp_path: Path) -> None:
    states = ("paid", "Zorp", "Partially refunded", "Pending payment", "cancelled")
    text = lines(
        "Order ID,Order Date,Status,Email,Total",
        lambda n: f"{n},2026-01-{1 + n % 28:02},{states[n % 5]},p{n % 9}@x.com,10.00",
    )
    notes = proposed(tmp_path, orders=text).sources[0].notes
    assert "Status has values not understood: Zorp; all count as sales." in notes
    assert any("Pending payment count as sales before" in each for each in notes)
    assert any("Partially refunded stay sales" in each for each in notes)
    assert (len((found := told(tmp_path, text))[SOLD]), len(found[OFF])) == (48, 12)


@pytest.mark.parametrize(
    ("column", "mark"), [("Cancelled at", "2026-02-03"), ("Cancelled", "yes"), ("Refunded", "true")]
)
def test_a_day_or_a_mark_of_cancelling_takes_an_order_out(
    tmp_path: Path, column: str, mark: str
) -> None:
    empty = {"yes": "no", "true": "false"}.get(mark, "")
    text = lines(
        f"Order ID,Order Date,{column},Email,Total",
        lambda n: f"{n},2026-01-{1 + n % 28:02},{empty if n % 6 else mark},p{n % 9}@x.com,10.00",
    )
    found = told(tmp_path, text)
    assert (len(found[SOLD]), len(found[OFF])) == (50, 10)


def test_lines_of_an_order_that_another_file_cancels_are_no_sales(tmp_path: Path) -> None:
    orders = lines(
        "order_id,customer_id,order_date,order_status",
        lambda n: (
            f"o{n:04d},c{n % 7}x{n % 7},2024-03-{1 + n % 28:02d},"
            f"{'canceled' if n % 6 == 0 else 'delivered'}"
        ),
    )
    items = lines(
        "order_id,order_item_id,product_id,price",
        lambda n: f"o{n // 2:04d},{1 + n % 2},p{n % 9},{3 + n % 5}.50",
        120,
    )
    found = told(tmp_path, orders, order_items=items)
    assert (len(found["product_purchased"]), len(found[OFF])) == (100, 20)


def test_a_permission_beside_an_order_is_as_old_as_the_order(tmp_path: Path) -> None:
    def one(number: int) -> str:
        said, day = ("yes", "2026-01-05") if number % 2 else ("no", "2025-01-05")
        return f"{number},{day},p{number // 2}@x.com,10.00,{said}"

    text = lines("order_id,date,email,total,Accepts Marketing", one)
    (permit,) = proposed(tmp_path, orders=text).sources[0].spec.permit
    assert permit.at is not None and permit.at.column == "date"


def test_a_permission_of_a_contact_is_a_state_without_a_day(tmp_path: Path) -> None:
    text = lines(
        "email,first_name,last_name,created_at,accepts_marketing",
        lambda n: f"ann{n}@example.com,Ann,Lee,2026-01-{1 + n % 28:02},{'yes' if n % 3 else 'no'}",
    )
    (permit,) = proposed(tmp_path, contacts=text).sources[0].spec.permit
    assert permit.at is None


@pytest.mark.parametrize(
    "column", ["Cost", "COGS", "Wholesale price", "Einkaufspreis", "Inkoopprijs", "Cost per item"]
)
def test_what_a_product_costs_the_shop_is_read(tmp_path: Path, column: str) -> None:
    text = lines(
        f"SKU,Title,Category,Brand,Price,{column}",
        lambda n: f"SKU{n:03},Thing {n},Tea,{'AB'[n % 2]},{5 + n}.00,{2 + n / 2:.2f}",
    )
    spec = proposed(tmp_path, products=text).sources[0].spec
    assert spec.properties["unit_cost"].column == column


def test_a_bare_cost_of_a_sale_is_not_that_of_one_piece(tmp_path: Path) -> None:
    text = lines(
        "Order ID,Date,Email,SKU,Quantity,Price,Cost",
        lambda n: f"{n // 2},2026-01-{1 + n % 28:02},p{n % 9}@x.com,S{n % 7},2,{5 + n % 7}.00,6.10",
    )
    assert "unit_cost" not in proposed(tmp_path, sales=text).sources[0].spec.track[0].properties


@pytest.mark.parametrize("minus", ["€ -30,00", "-€30,00", "€-30,00", "EUR -30,00", "30,00-"])
def test_a_minus_is_seen_wherever_it_stands_beside_its_currency(tmp_path: Path, minus: str) -> None:
    def one(number: int) -> str:
        worth, status = (minus, "refunded") if number % 4 == 3 else ("€ 100,00", "completed")
        return f"A{number};p{number % 5}@x.example;2026-03-{1 + number % 28:02};{worth};{status}"

    found = told(tmp_path, lines("order_id;email;order_date;total;status", one, 40))
    assert (total(found[SOLD]), total(found[BACK]), found[OFF]) == (3000, -300, [])


@pytest.mark.parametrize("stage", ["Stage", "Phase"])
def test_of_two_states_of_a_deal_the_one_that_says_it_was_won_counts(
    tmp_path: Path, stage: str
) -> None:
    text = lines(
        f"Deal ID,Contact email,Deal value,Currency of Value,{stage},Status,Deal created",
        lambda n: (
            f"{n},p{n % 9}@x.com,100.00,GBP,{('Qualified', 'Proposal Made')[n % 2]},"
            f"{('Won', 'Lost', 'Open')[n % 3]},2026-01-{1 + n % 28:02}"
        ),
    )
    found = told(tmp_path, text)[SOLD]
    assert (len(found), {row["order_status"] for row in found}) == (20, {"Won"})
    assert {row["currency"] for row in found} == {"GBP"}


def test_where_a_file_of_sales_tells_one_day_only_that_is_its_time(tmp_path: Path) -> None:
    text = lines(
        "Sale ID,Completed,Email,Item,Qty,Total",
        lambda n: f"{n},{1 + n % 12}/{1 + n % 28}/26 1:15 PM,p{n % 9}@x.com,Mug {n % 5},1,$10.00",
    )
    found = told(tmp_path, text)["product_purchased"]
    assert len(found) == 60 and total(found) == 600


def test_a_bare_id_of_a_file_of_orders_is_the_orders(tmp_path: Path) -> None:
    text = lines(
        "ID,Purchase Date,Grand Total,Customer Email",
        lambda n: f"{n + 1:09},2026-01-{1 + n % 28:02},10.00,p{n % 9}@x.com",
    )
    assert {row["order_id"] for row in told(tmp_path, text)[SOLD]} == {
        f"{n + 1:09}" for n in range(60)
    }
