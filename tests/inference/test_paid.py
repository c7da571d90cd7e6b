"""Revenue of an order is what was paid for it, where figures stand once an order."""

from collections import defaultdict
from pathlib import Path
from random import Random

import pytest

from carpel.inference import write
from carpel.manifest.load import load
from carpel.stages.base import Line
from carpel.stages.events import Events
from carpel.stages.identity import Identity
from carpel.stages.quality import Quality
from carpel.stages.sources import Sources
from carpel.testing.line import line_with, read, take

from .proposing import lines, proposed

HEAD = (
    "Name,Email,Financial Status,Subtotal,Taxes,Total,Discount Amount,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Refunded Amount"
)
STATES = ("paid", "paid", "paid", "partially_refunded", "refunded")


def shop(seed: int, *, discounted: bool = True) -> tuple[str, dict[str, dict[str, float | str]]]:
    """An export whose orders' figures stand on their first lines, and what is true of each."""
    random, rows, orders = Random(seed), [HEAD], {}
    for number in range(60):
        bought = [(random.randint(1, 3), random.randint(200, 3000)) for _ in range(1 + number % 4)]
        gross = sum(count * price for count, price in bought)
        less = random.choice([0, gross // 10, gross // 3]) if discounted else 0
        status = random.choice(STATES)
        left = gross - less
        back = {"paid": 0, "refunded": left}.get(status, left // 4)
        first = f"{left / 100},{left / 1000:.2f},{left / 90:.2f},{less / 100:.2f}"
        name = f"#{1001 + number}"
        orders[name] = {"paid": left / 100, "back": back / 100, "status": status}
        orders[name]["lines"] = len(bought)
        for at, (count, price) in enumerate(bought):
            head = (status, first, f"{back / 100:.2f}") if at == 0 else ("", ",,,", "")
            rows.append(
                f"{name},ann{number % 17}@example.com,{head[0]},{head[1]},"
                f"2026-01-{1 + number % 28:02} 10:00:00,{count},Mug {at},"
                f"{price / 100:.2f},{head[2]}"
            )
    return "\n".join(rows) + "\n", orders


def ran(folder: Path, text: str) -> Line:
    write(proposed(folder, export=text), folder / "project")
    definitions = load(folder / "project").sound()
    stages = [Sources(), Quality(), Identity(), Events()]
    return take(line_with(folder / "project", definitions=definitions), stages)


def test_orders_come_to_their_subtotals_to_the_cent(tmp_path: Path) -> None:
    text, orders = shop(0)
    line = ran(tmp_path, text)
    stood = {name: each for name, each in orders.items() if each["status"] != "refunded"}
    found = {row["order_id"]: row for row in read(line, "event_order_completed")}
    assert {name: round(row["amount"], 2) for name, row in found.items()} == {
        name: each["paid"] for name, each in stood.items()
    }
    assert {name: row["lines"] for name, row in found.items()} == {
        name: each["lines"] for name, each in stood.items()
    }, "what an order does not say of itself, its lines say"
    back: dict[str, float] = defaultdict(float)
    for row in read(line, "event_product_returned"):
        back[row["order_id"]] += row["amount"]
    assert back == {name: each["back"] for name, each in stood.items() if each["back"]}
    messages = [row["message"] for row in read(line, "findings")]
    assert not any("discount above" in each or "sum of its lines" in each for each in messages)


def test_what_is_read_is_said(tmp_path: Path) -> None:
    notes = proposed(tmp_path, export=shop(1)[0]).sources[0].notes
    assert any("amount is its Subtotal, after its Discount Amount" in each for each in notes)
    assert "The Refunded Amount of orders that stand is subtracted, as a return." in notes


def test_a_discount_that_no_figure_explains_is_left_out_and_said(tmp_path: Path) -> None:
    text = shop(1)[0].replace("Subtotal", "Weight")
    source = proposed(tmp_path, export=text).sources[0]
    assert {track.event for track in source.spec.track} >= {"product_purchased"}
    assert "order_completed" not in {track.event for track in source.spec.track}
    assert any("before the Discount Amount" in each for each in source.notes)
    assert "discount" not in source.spec.track[0].properties


def test_without_discounts_the_lines_say_what_was_paid(tmp_path: Path) -> None:
    source = proposed(tmp_path, export=shop(1, discounted=False)[0]).sources[0]
    assert "order_completed" not in {track.event for track in source.spec.track}


def test_an_amount_refunded_is_not_taken_twice(tmp_path: Path) -> None:
    def one(number: int) -> str:
        gone = number % 6 == 0
        return (
            f"{number},2026-01-{1 + number % 28:02},p{number % 9}@x.com,"
            f"{-4 if gone else 10}.00,{4 if gone else 0}.00"
        )

    text = "\n".join(["Order ID,Order Date,Email,Total,Refunded Amount", *map(one, range(60))])
    source = proposed(tmp_path, export=text).sources[0]
    assert [track.event for track in source.spec.track] == ["order_completed", "product_returned"]
    assert "Refunded Amount is not subtracted: rows of their own say it." in source.notes


CENT = 0.005


def many(
    kind: str, *, seed: int = 3, beside: int = 0, totals: bool = True, orders: int = 30
) -> tuple[str, float]:
    """Lines of orders with a discount on each line, and what the orders come to without shipping.

    `order`: the order's, said again on every line; `line`: the line's own; `after`: taken off the
    line's amount already.
    """
    random, rows, truth = Random(3), [], 0
    for number in range(orders):
        bought = [(random.randint(1, 3), random.randint(300, 3000)) for _ in range(1 + number % 3)]
        worth = [count * price for count, price in bought]
        less = [each // 10 * random.randint(0, 1) for each in worth]
        if kind == "order":
            less = [sum(worth) // 7 * (number % 2)] * len(worth)
        net = sum(worth) - (less[0] if kind == "order" else sum(less))
        truth += net
        for (count, price), whole, off in zip(bought, worth, less, strict=True):
            row = f"{number},2026-01-{1 + number % 28:02},p{number % 9}@x.example,T-{price % 9}"
            row += f",{count},{price / 100:.2f},{off / 100:.2f}"
            row += f",{(whole - off) / 100:.2f}" if kind == "after" else ""
            rows.append(row + (f",{beside / 100:.2f},{(net + beside) / 100:.2f}" if totals else ""))
    head = "Order No,Date,Email,SKU,Qty,Unit price,Discount"
    head += ",Line amount" if kind == "after" else ""
    return "\n".join([head + (",Shipping,Order total" if totals else ""), *rows]), truth / 100


def laid(folder: Path, text: str) -> Line:
    """The line as far as events, for the project that is proposed."""
    write(proposed(folder, export=text), folder / "shop")
    line = line_with(folder / "shop", definitions=load(folder / "shop").definitions)
    return take(line, [Sources(), Quality(), Identity(), Events()])


@pytest.mark.parametrize("kind", ["order", "line", "after"])
@pytest.mark.parametrize("beside", [0, 495])
def test_a_discount_on_every_line_is_worked_out_by_totals(
    tmp_path: Path, kind: str, beside: int
) -> None:
    text, truth = many(kind, beside=beside)
    line = laid(tmp_path, text)
    for event in ("order_completed", "product_purchased"):
        amounts = [row["amount"] for row in read(line, f"event_{event}")]
        assert abs(sum(amounts) - truth) < CENT, event
    notes = proposed(tmp_path, export=text).sources[0].notes
    said = {
        "order": "is an order's and spread",
        "line": "of a line is taken off",
        "after": "after the",
    }
    assert any(said[kind] in each and "Order total" in each for each in notes)


def test_a_few_orders_that_all_agree_are_enough(tmp_path: Path) -> None:
    text, truth = many("order", orders=5)
    amounts = [row["amount"] for row in read(laid(tmp_path, text), "event_order_completed")]
    assert abs(sum(amounts) - truth) < CENT


@pytest.mark.parametrize("kind", ["order", "line"])
def test_without_totals_a_discount_is_left_and_that_is_said(tmp_path: Path, kind: str) -> None:
    source = proposed(tmp_path, export=many(kind, totals=False)[0]).sources[0]
    assert any("Nothing tells whether amounts are before the Discount" in n for n in source.notes)
    amount = source.spec.track[0].properties["amount"]
    assert amount.less is None and "shared_discount" not in source.spec.track[0].properties


def test_products_bring_what_their_orders_do(tmp_path: Path) -> None:
    line = laid(tmp_path, shop(4)[0])
    by_order: dict[str, float] = defaultdict(float)
    for row in read(line, "event_product_purchased"):
        by_order[row["order_id"]] += row["amount"]
    orders = {row["order_id"]: row["amount"] for row in read(line, "event_order_completed")}
    assert orders.keys() == by_order.keys()
    assert all(abs(orders[each] - by_order[each]) < CENT for each in orders)


def taxed(random: Random, *, whole: bool) -> tuple[str, float]:
    """Orders with tax and shipping in total and refund; what came back without these."""
    rows, back = (
        [
            "Name,Email,Created at,Lineitem quantity,Lineitem name,Lineitem price,Subtotal,"
            "Taxes,Shipping,Total,Refunded Amount"
        ],
        0.0,
    )
    for number in range(40):
        price = random.randint(1000, 3000)
        tax, total = price // 5, price + price // 5 + 495
        refund = {0: total if whole else total // 3, 1: total // 4}.get(number % 8, 0)
        back += round(refund * price / total) / 100
        figures = ",".join(f"{each / 100:.2f}" for each in (price, tax, 495, total, refund))
        order = f"#{number},p{number}@x.example,2026-01-{1 + number % 28:02},1,Tea {number % 7}"
        rows += [f"{order},{price / 100 - 2:.2f},{figures}", f"{order},2.00,,,,,"]
    return "\n".join(rows), back


def test_what_is_refunded_counts_without_the_tax_and_shipping_in_it(tmp_path: Path) -> None:
    text, back = taxed(Random(5), whole=True)
    returned = [row["amount"] for row in read(laid(tmp_path, text), "event_product_returned")]
    assert abs(sum(returned) - back) < CENT
    notes = proposed(tmp_path, export=text).sources[0].notes
    assert any("as much of it counts as Subtotal is of Total" in each for each in notes)
    notes = proposed(tmp_path, export=taxed(Random(5), whole=False)[0]).sources[0].notes
    assert any("Nothing tells whether tax and shipping are in the" in each for each in notes)


def woo(*, cost: float = 1.0, total: bool = True) -> str:
    """Lines as WooCommerce exports them: what a piece costs the buyer is called its cost."""
    random, rows = (
        Random(3),
        ["Order Number,Email,Order Date,Order Total Amount,Order Currency,SKU,Quantity,Item Cost"],
    )
    for number in range(60):
        bought = [(random.randint(1, 3), random.randint(2, 30)) for _ in range(1 + number % 3)]
        whole = sum(count * price for count, price in bought) + (4 if number % 3 else 0)
        rows += [
            f"{700 + number},ann{number % 17}@example.com,2026-01-{1 + number % 28:02} 10:00,"
            f"{whole if total else ''},EUR,S{price},{count},{price * cost}"
            for count, price in bought
        ]
    return "\n".join(rows) + "\n"


def role(folder: Path, text: str) -> str:
    (source,) = proposed(folder, export=text).sources
    return next(each.role for each in source.columns if each.column == "Item Cost")


def test_what_a_piece_costs_the_buyer_is_its_price(tmp_path: Path) -> None:
    assert role(tmp_path, woo()) == "unit_price"
    line = ran(tmp_path, woo())
    sold = read(line, "event_product_purchased")
    assert sum(row["amount"] for row in sold) == sum(
        int(row["quantity"]) * row["unit_price"] for row in sold
    )


def test_what_a_piece_cost_the_shop_is_no_price(tmp_path: Path) -> None:
    assert role(tmp_path, woo(cost=0.4)) == "unit_cost"
    assert read(ran(tmp_path, woo(cost=0.4)), "event_product_purchased")


@pytest.mark.parametrize("currency", ["", "EUR"])
def test_an_order_total_on_every_line_counts_once(tmp_path: Path, currency: str) -> None:
    random, rows, truth = Random(5), ["order_no,customer_no,order_date,sku,qty,order_total"], {}
    rows[0] += ",currency" if currency else ""
    for number in range(40):
        truth[f"{number:06}"] = random.randint(500, 9000) / 100
        for line in range(1 + number % 3):
            row = f"{number:06},{number % 9:05},2026-01-{1 + number % 28:02},T-{line}Z,{line + 1}"
            row += f",{truth[f'{number:06}']}"
            rows.append(row + (f",{currency}" if currency else ""))
    text = "\n".join(rows) + "\n"
    orders = read(laid(tmp_path, text), "event_order_completed")
    assert {row["order_id"]: row["amount"] for row in orders} == truth
    notes = proposed(tmp_path, export=text).sources[0].notes
    assert any("order's amount is its order_total, once an order" in each for each in notes)


def test_a_discount_beside_orders_is_left_and_that_is_said(tmp_path: Path) -> None:
    rows = ["Order No,Customer No,Order Date,Total,Discount"]
    rows += [f"{n:05},{n % 9:05},2026-01-{1 + n % 28:02},{20 + n}.50,{n % 3}.00" for n in range(40)]
    (source,) = proposed(tmp_path, export="\n".join(rows) + "\n").sources
    assert source.kind == "orders"
    assert any("before the Discount or after it: it is not" in each for each in source.notes)


def test_a_deal_that_is_closedwon_is_won(tmp_path: Path) -> None:
    rows = ["Record ID,Deal Name,Deal Stage,Amount,Close Date,Associated Contact IDs"]
    stages = ("closedwon", "closedlost", "appointmentscheduled")
    rows += [
        f"{900 + 7 * n},Deal {n},{stages[n % 3]},{100 + n},2026-01-{1 + n % 28:02},{55000 + n % 9}"
        for n in range(60)
    ]
    orders = read(laid(tmp_path, "\n".join(rows) + "\n"), "event_order_completed")
    assert {row["amount"] for row in orders} == {100 + n for n in range(0, 60, 3)}


def test_amounts_converted_to_the_own_currency_count(tmp_path: Path) -> None:
    head = "id,Created date (UTC),Amount,Amount Refunded,Currency,Converted Amount,"
    head += "Converted Amount Refunded,Converted Currency,Status,Customer Email"
    rates = {"eur": 1.0, "usd": 0.9, "gbp": 1.2}

    def payment(n: int) -> str:
        currency, paid = list(rates)[n % 3], 10.0 + n
        back = 5.0 if n % 10 == 4 else 0.0
        rate = rates[currency]
        return (
            f"ch_{n:05d},2025-03-{1 + n % 28:02d} 10:00:00,{paid:.2f},{back:.2f},{currency},"
            f"{paid * rate:.2f},{back * rate:.2f},eur,"
            f"{'Partially Refunded' if back else 'Paid'},a{n % 9}@b.example"
        )

    found = proposed(tmp_path, payments=lines(head, payment))
    assert found.project.currency == "EUR"
    sold, back = found.sources[0].spec.track
    assert (sold.event, back.event) == ("order_completed", "product_returned")
    assert sold.properties["amount"].column == "Converted Amount"
    assert sold.properties["currency"].column == "Converted Currency"
    assert back.properties["amount"].column == "Converted Amount Refunded"
    assert {each.column: each.role for each in found.sources[0].columns}["Amount"] == "unknown"


def test_a_discount_in_per_cent_is_taken_off_and_is_no_contradiction(tmp_path: Path) -> None:
    def line(n: int) -> str:
        pieces, price, off = 1 + n % 3, 10 + n % 7, (0, 5, 20)[n % 3]
        total = f"{pieces * price * (100 - off) / 100:.2f}".replace(".", ",")
        day = f"{1 + n % 28:02d}.03.2025"
        return f"{9000 + n};{day};K{n % 9};A-{n % 7};{pieces};{price},00;{off};{total}"

    head = "Rechnungsnr;Datum;Kundennr;Artikelnr;Menge;Einzelpreis;Rabatt %"
    whole = lines(f"{head};Gesamtpreis", line)
    bare = lines(head, lambda n: line(n).rpartition(";")[0])
    found = {}
    for name, text in (("whole", whole), ("bare", bare)):
        folder = tmp_path / name
        folder.mkdir()
        write(proposed(folder, till=text), folder / "project")
        definitions = load(folder / "project").sound()
        made = line_with(folder / "project", definitions=definitions)
        done = take(made, [Sources(), Quality()])
        rows = read(done, "staged_event_product_purchased")
        found[name] = [row["amount"] for row in rows]
        assert all(row["discount_percent"] in (0, 5, 20) for row in rows)
        assert not [row for row in read(done, "findings") if row["severity"] == "error"]
    assert found["bare"] == pytest.approx(found["whole"])


def test_a_subtotal_before_the_discount_does_not_hide_the_total_after_it(tmp_path: Path) -> None:
    def line(n: int) -> str:
        order, off, shipping = n // 2, 2.5 if n // 2 % 3 == 0 else 0, 4.9
        return (
            f"{7000 + order},2025-03-{1 + order % 28:02d},a{order % 9}@b.example,P{n % 2},1,12.00,"
            f"{off:.2f},24.00,{shipping},{24 - off + shipping:.2f}"
        )

    head = "Order Number,Order Date,Email (Billing),SKU,Quantity,Item Cost,Cart Discount Amount,"
    text = lines(f"{head}Order Subtotal Amount,Order Shipping Amount,Order Total Amount", line)
    (source,) = proposed(tmp_path, orders=text).sources
    assert {"shared_discount"} <= source.spec.track[0].properties.keys()
