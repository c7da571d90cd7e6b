"""What is proposed runs: written, read back and taken through the stage that reads sources."""

import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import query
from carpel.errors import SourceError
from carpel.inference import propose, write
from carpel.manifest.load import load
from carpel.specs import Source
from carpel.stages.base import Line
from carpel.stages.sources import Sources
from carpel.testing.line import line_with, read, take

from .proposing import CLOCK, lines, proposed


def ran(folder: Path, **files: str) -> Line:
    write(proposed(folder, **files), folder / "project")
    definitions = load(folder / "project").sound()
    return take(line_with(folder / "project", definitions=definitions), [Sources()])


def fates(line: Line) -> dict[tuple[str, str], int]:
    return {(row["source"], row["fate"]): row["rows"] for row in read(line, "accounting")}


def sales(number: int) -> str:
    quantity = -1 if number % 20 == 7 else 1 + number % 3
    return (
        f"{1000 + number // 2},P{number % 9},Mug {number % 9},{quantity},"
        f"2024-01-{1 + number // 2 % 28:02d},{2.5 + number % 9},C{500 + number // 2 % 12}"
    )


SALES = lines("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID", sales)


def test_negative_quantities_are_returns_and_amounts_are_multiplied(tmp_path: Path) -> None:
    line = ran(tmp_path, sales=SALES)
    bought = read(line, "staged_event_product_purchased")
    returned = read(line, "staged_event_product_returned")
    assert (len(bought), len(returned)) == (57, 3)
    assert all(row["amount"] == row["quantity"] * row["unit_price"] for row in bought)
    assert all(row["quantity"] < 0 and row["amount"] < 0 for row in returned)


def test_lines_take_customer_and_time_from_their_orders(tmp_path: Path) -> None:
    orders = lines(
        "order_id,customer_id,order_date,order_status",
        lambda n: f"o{n:04d},c{n % 7}x{n % 7},2024-03-{1 + n % 28:02d},shipped",
    )
    items = lines(
        "order_id,order_item_id,product_id,price",
        lambda n: f"o{n // 2:04d},{1 + n % 2},p{n % 9},{3 + n % 5}.50",
        120,
    )
    line = ran(tmp_path, orders=orders, order_items=items)
    bought = read(line, "staged_event_product_purchased")
    assert len(bought) == 120
    assert {row["order_id"]: row["at"].day for row in bought}["o0003"] == 4
    assert "staged_event_order_completed" not in line.tables()
    people = line.engine.value(query("SELECT count(DISTINCT id_customer_id) FROM records"))
    assert people == 7
    assert fates(line) == {("orders", "loaded"): 60, ("order_items", "loaded"): 120}


def test_fields_on_an_orders_first_line_hold_for_its_other_lines(tmp_path: Path) -> None:
    def one(number: int) -> str:
        order, first = number // 3, number % 3 == 0
        head = (
            (
                f"ann{order}@example.com,2024-05-{1 + order % 28:02d} 10:00:00 -0500,"
                f"{'SPRING' if order % 2 else ''},{30 + order}.00"
            )
            if first
            else ",,,"
        )
        return f"#{1001 + order},{head},{1 + number % 2},Mug {number % 7},{4 + number % 7}.00"

    line = ran(
        tmp_path,
        export=lines(
            "Name,Email,Created at,Discount Code,Total,"
            "Lineitem quantity,Lineitem name,Lineitem price",
            one,
        ),
    )
    bought = read(line, "staged_event_product_purchased")
    assert len(bought) == 60
    assert len({row["at"] for row in bought}) == 20
    coupons = {(row["order_id"], row["coupon"]) for row in bought}
    assert len(coupons) == 20, "an order without a coupon does not take the one before"
    assert sum(row["order_total"] is not None for row in bought) == 20, "totals stay on one line"
    assert bought[0]["at"].hour == 15


@pytest.mark.parametrize(
    "head",
    [
        "Auftrag;Kunde;Datum;Artikel;Kategorie;Menge;Preis;Summe;Versand",
        "order_id;customer_id;order_date;product;category;qty;price;total;shipping",
    ],
)
def test_an_orders_number_is_given_on_its_first_line_only_as_well(
    tmp_path: Path, head: str
) -> None:
    def one(number: int) -> str:
        order, first = number // 3, number % 3 == 0
        who = f"A{order + 100};K{order % 9:03};{1 + order % 28:02}.05.2025" if first else ";;"
        price, shipping = 4 + number % 5, "3,90 €" if first else ""
        return f"{who};Tee {number % 7};Zubehör;2;{price},50 €;{2 * price + 1},00 €;{shipping}"

    line = ran(tmp_path, export=lines(head, one))
    assert fates(line) == {("export", "loaded"): 60}
    bought = read(line, "staged_event_product_purchased")
    assert Counter(row["order_id"] for row in bought) == {f"A{100 + n}": 3 for n in range(20)}
    proposal = proposed(tmp_path, export=lines(head, one)).sources[0]
    assert proposal.spec.fill_down == tuple(head.split(";")[:3]), "shipping is paid once"
    assert any("first line of an order only" in note for note in proposal.notes)


def test_rows_that_miss_their_order_are_no_further_lines(tmp_path: Path) -> None:
    def one(number: int) -> str:
        order = f"A{number}" if number % 4 else ""
        return f"{order};K{number % 9:03};{1 + number % 28:02}.05.2025;Tee;2;4,50 €;9,00 €"

    text = lines("Auftrag;Kunde;Datum;Artikel;Menge;Preis;Summe", one)
    assert not proposed(tmp_path, export=text).sources[0].spec.fill_down


def test_an_order_total_on_every_line_is_not_a_lines_amount(tmp_path: Path) -> None:
    text = lines(
        "order_id,customer_id,order_date,sku,qty,price,total",
        lambda n: (
            f"{n // 3},C{n // 3 % 9}9,2024-02-{1 + n // 3 % 28:02d},S{n % 5}1,2,{5 + n % 3}.00,"
            f"{2 * (15 + 3)}.00"
        ),
    )
    source = proposed(tmp_path, orders=text).sources[0]
    properties = source.spec.track[0].properties
    assert properties["order_total"].column == "total"
    assert (properties["amount"].column, properties["amount"].times) == ("price", "qty")


def test_two_systems_that_count_from_one_are_not_one(tmp_path: Path) -> None:
    crm = lines(
        "customer_id,first_name,last_name,email", lambda n: f"{n + 1},Ann,Lee,ann{n}@example.com"
    )
    shop = lines(
        "customer_id,order_id,order_date,total",
        lambda n: f"{9000 + n % 20},{n},2024-02-{1 + n % 28:02d},{n}.50",
    )
    one, other = proposed(tmp_path, crm=crm, shop=shop).sources
    assert set(one.spec.identifiers) == {"customer_id", "email"}
    assert set(other.spec.identifiers) == {"shop_customer_id"}


def test_a_number_of_people_that_others_call_customer_joins_them(tmp_path: Path) -> None:
    people = lines("id,first_name,last_name,city", lambda n: f"{7000 + n},Ann,Lee{n},Lyon")
    shop = lines(
        "customer_id,order_id,order_date,total",
        lambda n: f"{7000 + n % 40},{n},2024-02-{1 + n % 28:02d},{n}.50",
    )
    one, other = proposed(tmp_path, people=people, shop=shop).sources
    assert "customer_id" in one.spec.identifiers
    assert "customer_id" in other.spec.identifiers


def test_permissions_and_refusals_are_told_apart(tmp_path: Path) -> None:
    text = lines(
        "email,first_name,accepts_marketing,unsubscribed",
        lambda n: f"ann{n}@example.com,Ann,{'yes' if n % 3 else 'no'},{'no' if n % 3 else 'yes'}",
    )
    line = ran(tmp_path, members=text)
    said = Counter((row["granted"], row["suppress"]) for row in read(line, "staged_consents"))
    assert said == {(True, False): 40, (False, False): 20, (False, True): 20}


@pytest.mark.parametrize("mark", ["x", "X", "✓", "Yes", "1"])
def test_a_mark_in_unsubscribed_alone_refuses(tmp_path: Path, mark: str) -> None:
    text = lines("Email,Unsubscribed", lambda n: f"ann{n}@example.com,{'' if n % 3 else mark}")
    rows = read(ran(tmp_path, members=text), "staged_consents")
    assert [(row["granted"], row["suppress"]) for row in rows] == [(False, True)] * 20


@pytest.mark.parametrize(
    "column", ["unsubscribed_at", "opted_out_on", "Unsubscribe Date", "Abgemeldet am", "OptOutDate"]
)
def test_a_date_of_unsubscribing_refuses_from_that_day_on(tmp_path: Path, column: str) -> None:
    days = ["", "2026-01-05", "2999-01-01", "n/a", "0000-00-00"]
    text = lines(f"Email,{column}", lambda n: f"ann{n}@example.com,{days[n % 5]}")
    line = ran(tmp_path, members=text)
    source = line.definitions.sources["members"]
    assert [each.suppress for each in source.permit] == [True] and column not in source.traits
    rows = read(line, "staged_consents")
    said = Counter((row["granted"], row["suppress"], str(row["at"])[:4]) for row in rows)
    assert said == {(False, True, "2026"): 12, (False, True, "2999"): 12}


def test_columns_nobody_understands_are_said_and_not_used(tmp_path: Path) -> None:
    text = lines("email,first_name,x17", lambda n: f"ann{n}@example.com,Ann,{n * 7919 % 1013}")
    proposal = proposed(tmp_path, members=text)
    reading = {each.column: each for each in proposal.sources[0].columns}["x17"]
    assert (reading.role, reading.use) == ("unknown", "not used")
    path = write(proposal, tmp_path / "project")[2]
    assert "# not used:" in path.read_text("utf-8") and "x17" in path.read_text("utf-8")


def test_every_source_table_has_a_row_a_column(tmp_path: Path) -> None:
    source = proposed(tmp_path, sales=SALES).sources[0]
    assert [row[0] for row in source.table()] == SALES.split("\n")[0].split(",")
    assert all(row[2] and row[4] and 0 <= row[3] <= 1 for row in source.table())


def test_currency_and_country_are_guessed_and_said(tmp_path: Path) -> None:
    proposal = proposed(
        tmp_path,
        sales=lines(
            "order_id,customer_id,order_date,total,country",
            lambda n: f"{n},C{n % 9}7,2024-02-{1 + n % 28:02d},£{n}.50,United Kingdom",
        ),
    )
    assert (proposal.project.currency, proposal.project.country) == ("GBP", "GB")
    assert (proposal.project.kind, proposal.project.timezone) == ("shop", "Europe/London")
    assert any("GBP" in note for note in proposal.notes)


@pytest.mark.parametrize(("head", "money"), [("Annual Income (k$)", "USD"), ("Income R$", "BRL")])
def test_a_sign_in_a_heading_says_the_currency_before_the_country_does(
    head: str, money: str, tmp_path: Path
) -> None:
    people = lines(f"customer_id,$seen,{head},country", lambda n: f"C{n:03d},x{n},{15 + n},Germany")
    proposal = proposed(tmp_path, people=people)
    assert (proposal.project.currency, proposal.project.country) == (money, "DE")
    assert any(f"column {head} is in {money}" in note for note in proposal.notes)


def test_nothing_is_said_of_a_currency_where_no_amount_was_read(tmp_path: Path) -> None:
    head = "customer_id,first_name,country"
    people = lines(head, lambda n: f"C{n:03d},Ada,Germany")
    spent = lines(
        f"{head},order_date,order_total",
        lambda n: f"C{n:03d},Ada,Germany,2026-01-{1 + n % 28:02d},{n}.50",
    )
    assert not [note for note in proposed(tmp_path, a=people).notes if "currency" in note]
    assert [note for note in proposed(tmp_path, b=spent).notes if "currency" in note]


TRACKED = (
    "Page Viewed",
    "email_open",
    "email_click",
    "Email Opened",
    "Email Unsubscribed",
    "purchase",
)
"""What an export of events names, in turn."""


def tracked(number: int) -> str:
    event = TRACKED[number % len(TRACKED)]
    paid = {"revenue": 5 + number % 7 + 0.5} if event == "purchase" else {"plan": "ab"[number % 2]}
    row = {
        "event": event,
        "userId": f"u{number % 11 + 100}",
        "timestamp": f"2026-01-{1 + number % 28:02d}T10:00:00Z",
        "properties": paid,
        "context": {"traits": {"email": f"u{number % 11}@x.example"}},
    }
    return json.dumps(row)


def test_an_export_of_nested_events_is_a_shops_with_amounts_opens_and_clicks(
    tmp_path: Path,
) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text("\n".join(map(tracked, range(180))), encoding="utf-8")
    proposal = propose([path], engine=DuckDB(), name="shop", clock=CLOCK)
    tracks = {each.event: each for each in proposal.sources[0].spec.track}
    assert proposal.project.kind == "shop"
    assert tracks.keys() == {
        "page_viewed",
        "email_opened",
        "email_clicked",
        "email_unsubscribed",
        "product_purchased",
    }
    assert tracks["email_opened"].when["event"].value == ("Email Opened", "email_open")
    paid = tracks["product_purchased"].properties
    assert paid.keys() == {"plan", "amount"}


CONTACTS = lines("email,first_name,opt_in", lambda n: f"p{n}@x.example,Ada,yes")


def refused(line: Line) -> set[tuple[str, str, bool, bool, bool]]:
    rows = [row for row in read(line, "staged_consents") if row["source"] != "contacts"]
    return {
        (row["source"], row["channel"], row["granted"], row["suppress"], row["at"] is not None)
        for row in rows
    }


@pytest.mark.parametrize("head", ["email,campaign,event,timestamp", "email,page,event,timestamp"])
def test_who_unsubscribes_or_complains_is_on_the_do_not_contact_list(
    tmp_path: Path, head: str
) -> None:
    said = ("open", "Unsubscribe", "click", "spam complaint", "bounce", "sent")
    mail = lines(
        head, lambda n: f"p{n}@x.example,spring,{said[n % 6]},2026-01-{1 + n % 28:02d} 10:00:00"
    )
    line = ran(tmp_path, contacts=CONTACTS, mail=mail)
    told = [row for row in read(line, "staged_consents") if row["source"] == "mail"]
    assert len(told) == 20
    assert refused(line) == {("mail", "email", False, True, True)}


def test_a_project_that_tracks_refusals_heeds_them_and_no_other_event() -> None:
    tracks = [
        {"event": each, "at": "t", "when": {"what": each}}
        for each in ("sms_opted_out", "email_complained", "email_opened", "unsubscribed_seat")
    ]
    source = Source.model_validate({"name": "own", "read": "own.csv", "track": tracks})
    assert [(each.channel.constant, each.suppress, each.when) for each in source.permit] == [
        (channel, True, source.track[place].when) for place, channel in enumerate(("sms", "email"))
    ]
    assert Source.model_validate(dict(source)).permit == source.permit


ASKED = {
    "NPS": ("CSAT", "Completed At"),
    "How likely are you to recommend us to a friend?": (
        "How satisfied are you? (1-5)",
        "Submitted At",
    ),
    "Wie wahrscheinlich ist es dass Sie uns weiterempfehlen?": (
        "Wie zufrieden sind Sie mit uns?",
        "Abgeschickt am",
    ),
    "Quelle est la probabilité que vous nous recommandiez à un ami ?": (
        "Êtes-vous satisfait de nos services ?",
        "Horodateur",
    ),
    "Hoe waarschijnlijk is het dat u ons aanbeveelt?": ("Hoe tevreden bent u?", "Ingevuld op"),
    "¿Qué probabilidad hay de que nos recomiende?": (
        "¿Está satisfecho con todo?",
        "Marca temporal",
    ),
}


@pytest.mark.parametrize("question", ASKED)
def test_questions_are_read_as_what_they_ask_for(tmp_path: Path, question: str) -> None:
    satisfied, when = ASKED[question]
    answers = lines(
        f"Response ID,Email,{question},{satisfied},{when}",
        lambda n: (
            f"{900 + 3 * n},p{n}@x.example,{n % 11},{1 + n % 5},2026-01-{1 + n % 28:02d} 10:00"
        ),
    )
    source = proposed(tmp_path, form=answers).sources[0]
    (track,) = source.spec.track
    assert (track.event, track.at.column) == ("survey_answered", when)
    assert {name: each.column for name, each in track.properties.items()} == {
        "response_id": "Response ID",
        "nps": question,
        "satisfaction": satisfied,
    }
    assert not source.spec.traits


def test_a_number_of_the_row_is_no_trait_and_one_town_no_kind_of_place(tmp_path: Path) -> None:
    people = lines(
        "Kundennummer,Vorname,Response ID,Angelegt am,city",
        lambda n: f"{n},Ada,{900 + 7 * n},{13 + n % 15}.01.2020,Town",
    )
    spec = proposed(tmp_path, crm=people).sources[0].spec
    assert spec.known_since is not None and spec.known_since.column == "Angelegt am"
    assert spec.traits.keys() == {"first_name", "city", "created_at"}


def test_what_is_there_already_is_not_touched(tmp_path: Path) -> None:
    proposal = proposed(tmp_path, sales=SALES)
    write(proposal, tmp_path / "project")
    with pytest.raises(FileExistsError):
        write(proposal, tmp_path / "project")


def test_a_header_without_rows_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"empty\.csv"):
        proposed(tmp_path, empty="email,first_name\n")


def test_a_file_none_of_whose_rows_can_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"None of its 2 rows .* 1 cells where the header has 2"):
        proposed(tmp_path, broken="id,name\n1\n2\n")


def test_the_engine_holds_nothing_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    path.write_text(SALES, encoding="utf-8")
    engine = DuckDB()
    propose([path], engine=engine, clock=CLOCK)
    assert engine.value(query("SELECT count(*) FROM duckdb_tables()")) == 0


@pytest.mark.parametrize(("amount", "held"), [("0.00", False), ("1.50", True)])
def test_a_discount_that_nobody_ever_got_is_not_read_as_one(
    amount: str, held: bool, tmp_path: Path
) -> None:
    head = "order_id,customer_id,order_date,total,discount"
    orders = lines(
        head, lambda n: f"o{n},{n % 9 + 300},2024-03-{1 + n % 28:02d},{20 + n}.00,{amount}"
    )
    source = proposed(tmp_path, orders=orders).sources[0]
    assert ("discount" in source.spec.track[0].properties) is held


@pytest.mark.parametrize("first", [["Ada"], ["=1+1", "@SUM(A1)", "+cmd"], ["Ada", "-2+3"]])
def test_a_first_name_is_one_whatever_stands_in_it(tmp_path: Path, first: list[str]) -> None:
    people = lines(
        "Vorname,Nachname,E-Mail",
        lambda n: f"{first[n % len(first)]},{'Ada'[n % 3]}berg,u{n}@x.example",
    )
    (source,) = proposed(tmp_path, people=people).sources
    assert {each.column: each.role for each in source.columns} == {
        "Vorname": "first_name",
        "Nachname": "last_name",
        "E-Mail": "email",
    }


def test_what_had_to_be_decided_to_read_a_file_is_said(tmp_path: Path) -> None:
    lines = ["email,city,city\n", "a@x.example,Köln,Bonn\n", "b@x.example,Málaga,Rome\n"]
    raw = [line.encode("cp1252" if "M" in line else "utf-8") for line in lines]
    (tmp_path / "people.csv").write_bytes(b"".join(raw))
    found = propose([tmp_path / "people.csv"], engine=DuckDB(), name="shop", clock=CLOCK)
    mixed, twice = found.sources[0].notes[:2]
    assert "two encodings" in mixed and mixed.endswith("the first is line 3.")
    assert "called city as well" in twice and "city_2" in twice


def test_yes_and_no_under_a_name_are_no_names(tmp_path: Path) -> None:
    people = lines("customer_id,first,email", lambda n: f"c{n},{'yn'[n % 2]},u{n}@x.example")
    (source,) = proposed(tmp_path, people=people).sources
    assert "first_name" not in {each.role for each in source.columns}


def test_answers_side_by_side_are_proposed_as_factors_where_they_can_be_found(
    tmp_path: Path,
) -> None:
    pytest.importorskip("scipy")

    def answer(number: int) -> str:
        said = ",".join(str(Random(7 * number + item).randint(1, 5)) for item in range(7))
        return f"C{1000 + number},{20 + number % 50},{said}"

    head = "customer_id,age," + ",".join(f"Q{item}" for item in range(1, 8))
    write(proposed(tmp_path, form=lines(head, answer, 200)), tmp_path / "project")
    (spec,) = load(tmp_path / "project").sound().traits.values()
    assert spec.kind == "factors" and spec.name == "form_answers"
    assert spec.items == tuple(f"survey_q{item}" for item in range(1, 8))
    few = lines(head.replace(",Q6,Q7", ""), lambda at: answer(at).rsplit(",", 2)[0], 200)
    write(proposed(tmp_path, few=few), tmp_path / "other")
    assert not (tmp_path / "other" / "traits").exists()
