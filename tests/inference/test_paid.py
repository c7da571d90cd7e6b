"""Revenue of an order is what was paid for it, where figures stand once an order."""

from collections import defaultdict
from pathlib import Path
from random import Random

from carpel.inference import write
from carpel.manifest.load import load
from carpel.stages.base import Line
from carpel.stages.events import Events
from carpel.stages.identity import Identity
from carpel.stages.quality import Quality
from carpel.stages.sources import Sources
from carpel.testing.line import line_with, read, take

from .proposing import proposed

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
    assert not any("discount above" in each for each in messages)


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
