"""What values show whatever a column is called: addresses, numbers to call, things done."""

from pathlib import Path

import pytest

from carpel.inference.event_names import known_event, mailed
from carpel.stages.quality import Quality
from carpel.testing.line import read, take

from .test_proposals import fates, lines, proposed, ran

CONTACTS = lines("Email,First Name,Newsletter", lambda n: f"p{n}@x.example,Ada,yes")


def roles(folder: Path, text: str) -> dict[str, str]:
    return {each.column: each.role for each in proposed(folder, file=text).sources[0].columns}


@pytest.mark.parametrize("name", ["Customer", "Recipient", "Customer ID", "User", "V3", "Login"])
def test_addresses_are_an_email_identifier_whatever_the_column_is_called(
    tmp_path: Path, name: str
) -> None:
    orders = lines(
        f"Order No.,Date,{name},Amount",
        lambda n: f"{n},2026-01-{1 + n % 28:02d},p{n % 30}@x.example,{10 + n}.50",
    )
    found = proposed(tmp_path, orders=orders, contacts=CONTACTS).sources
    assert [[*each.spec.identifiers] for each in found] == [["email"], ["email"]]


def test_beside_an_email_column_addresses_stay_what_the_name_says(tmp_path: Path) -> None:
    found = roles(
        tmp_path,
        lines("Customer ID,Email,City,Amount,Order No.,Date", lambda n: f"u{n % 30}@shop.example,"
              f"p{n % 30}@x.example,Ulm,{n}.50,{n},2026-01-{1 + n % 28:02d}"),
    )  # fmt: skip
    assert (found["Customer ID"], found["Email"]) == ("customer_id", "email")


@pytest.mark.parametrize("name", ["Sales Rep", "Assigned to", "Seller", "Agent"])
def test_an_address_of_staff_or_a_seller_is_no_customers(tmp_path: Path, name: str) -> None:
    text = lines(
        f"Order No.,Date,Customer ID,{name},Amount",
        lambda n: f"{n},2026-01-{1 + n % 28:02d},C{n % 30},rep{n % 9}@shop.example,{10 + n}.50",
    )
    found = roles(tmp_path, text)
    assert found["Customer ID"] == "customer_id" and found[name] != "email"


@pytest.mark.parametrize("name", ["Contact", "Recipient", "Customer"])
@pytest.mark.parametrize(
    "number", ["+49 171 55500{:02d}", "(415) 555-01{:02d}", "0171 55500{:02d}"]
)
def test_numbers_to_call_are_phones_under_a_name_that_says_who(
    tmp_path: Path, name: str, number: str
) -> None:
    text = lines(f"{name},First Name,City", lambda n: f"{number.format(n)},Ada,Ulm")
    assert roles(tmp_path, text)[name] == "phone"


@pytest.mark.parametrize("code", ["{:06d}", "10{:05d}", "123-45-67{:02d}"])
def test_codes_of_digits_are_no_phones(tmp_path: Path, code: str) -> None:
    text = lines("Customer,First Name,City", lambda n: f"{code.format(n)},Ada,Ulm")
    assert roles(tmp_path, text)["Customer"] == "customer_id"


def test_an_empty_column_tells_nothing_of_people_and_takes_no_others_role(tmp_path: Path) -> None:
    text = lines(
        "Email,Shipping Street,Billing Street,Shipping Zip,First Name",
        lambda n: f"p{n}@x.example,,{n} Main St,,Ada",
    )
    found = roles(tmp_path, text)
    assert found["Shipping Street"] == found["Shipping Zip"] == "unknown"
    assert found["Billing Street"] == "street"


MAILED = ("Received Email", "Opened Email", "Clicked Email", "Unsubscribed from List",
          "Marked Email as Spam", "Bounced Email")  # fmt: skip


@pytest.mark.parametrize("name", ["metric", "activity", "action", "type", "typ", "x1"])
def test_a_column_of_what_emails_tell_names_the_event_and_refusals_are_heeded(
    tmp_path: Path, name: str
) -> None:
    mail = lines(
        f"Recipient,{name},datetime,campaign_name",
        lambda n: f"p{n}@x.example,{MAILED[n % 6]},2026-01-{1 + n % 28:02d} 10:00:00,June",
    )
    line = ran(tmp_path, mail=mail, contacts=CONTACTS)
    assert {each.event for each in line.definitions.sources["mail"].track} == {
        "email_sent", "email_opened", "email_clicked", "email_unsubscribed", "email_complained",
        "email_bounced",
    }  # fmt: skip
    assert fates(line)["mail", "loaded"] == 60
    refused = [row for row in read(line, "staged_consents") if row["suppress"]]
    assert len(refused) == 20 and all(row["at"] for row in refused)


def test_known_names_of_events_are_events_under_any_name(tmp_path: Path) -> None:
    done = ("view", "add_to_cart", "purchase", "login")
    text = lines(
        "user,what,time", lambda n: f"U{n % 20},{done[n % 4]},2026-01-{1 + n % 28:02d} 10:00:00"
    )
    source = proposed(tmp_path, file=text).sources[0]
    assert {each.event for each in source.spec.track} == {
        "product_viewed", "product_added", "product_purchased", "logged_in"
    }  # fmt: skip


def test_orders_are_open_and_sent_as_well() -> None:
    assert mailed(["open", "sent", "delivered"]) == 0
    assert mailed(["open", "sent", "click"]) == 1
    assert mailed(["Opened Email", "Paid"]) == 0.5
    assert mailed([]) == 0
    assert known_event("Add to cart") and known_event("Unsubscribed from List")
    assert not known_event("shipped") and not known_event("open")


def opted(folder: Path, head: str, *cells: str, name: str = "people") -> list[dict[str, object]]:
    made = lines(f"Email,{head}", lambda n: f"p{n}@x.example,{cells[n % len(cells)]}", 20)
    return [row for row in read(ran(folder, **{name: made}), "staged_consents") if row["granted"]]


@pytest.mark.parametrize(
    "head", ["OPTIN_TIME", "Opt-in date", "Newsletter subscribed at", "Consent date"]
)
def test_a_time_of_opting_in_permits_from_then_on(tmp_path: Path, head: str) -> None:
    found = opted(tmp_path, head, "2025-03-04 10:00:00", "")
    assert [(row["channel"], str(row["at"])[:10]) for row in found] == [
        ("email", "2025-03-04")
    ] * 10


def test_an_agreement_to_be_confirmed_permits_once_it_is(tmp_path: Path) -> None:
    found = opted(
        tmp_path,
        "OPTIN_TIME,CONFIRM_TIME",
        "2025-03-04 10:00,2025-03-05 10:00",
        "2025-03-04 10:00,",
    )
    assert [str(row["at"])[:10] for row in found] == ["2025-03-05"] * 10


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("OPTIN_TIME,Status", ("2025-03-04 10:00,Active", "2025-03-05 10:00,Unsubscribed")),
        ("OPTIN_TIME,Email Refused", ("2025-03-04 10:00,yes", "2025-03-05 10:00,yes")),
        ("OPTIN_TIME,UNSUB_TIME", ("2025-03-04 10:00,2025-04-04 10:00",)),
        ("OPTIN_TIME,CLEAN_TIME", ("2025-03-04 10:00,2025-04-04 10:00",)),
        ("Subscribed at,City", ("2025-03-04 10:00,Ulm",)),
        ("Confirmed at,City", ("2025-03-04 10:00,Ulm",)),
        ("SMS opt-in date,City", ("2025-03-04 10:00,Ulm",)),
    ],
)
def test_no_time_permits_where_something_else_is_said(
    tmp_path: Path, head: str, cells: tuple[str, ...]
) -> None:
    assert not opted(tmp_path, head, *cells)


@pytest.mark.parametrize(
    "total", ["Total: Account,,,", ",Gesamt,,", "Summe,,EUR,", "grand total,,,"]
)
def test_the_closing_total_of_a_report_is_no_cost(tmp_path: Path, total: str) -> None:
    days = lines(
        "Day,Campaign,Currency,Impressions,Cost",
        lambda n: f"2026-01-{1 + n % 28:02d},{'Total: spring' if n % 2 else 'June'},EUR,{n},2.50",
    )
    line = ran(tmp_path, ads=f"{days}{total}1770,150.00\n")
    said = {(row["fate"], row["reason"]): row["rows"] for row in read(line, "accounting")}
    assert said["loaded", ""] == 60 and said["set aside", "total row"] == 1
    assert sum(row["amount"] for row in read(line, "costs")) == 150


@pytest.mark.parametrize(
    "name",
    ["SKU", "Lineitem sku", "Product SKU", "Item number", "Article no.", "Artikelnummer", "EAN"],
)
@pytest.mark.parametrize("rows", [5, 60])
@pytest.mark.parametrize(
    "codes", [("TEA", "MUG"), ("TEA-1", "MUG-2"), ("TEA 100 GR", "MUG BIG RED")]
)
def test_what_is_called_an_item_number_is_a_product_however_few_rows_there_are(
    tmp_path: Path, name: str, rows: int, codes: tuple[str, str]
) -> None:
    head = f"Order No,Email,Date,{name},Qty,Total"
    text = lines(
        head,
        lambda n: f"{n},p{n % 4}@x.example,2026-01-{1 + n % 28},{codes[n % 3 // 2]},1,5.50",
        rows,
    )
    assert roles(tmp_path, text)[name] == "product_id"


@pytest.mark.parametrize(
    "name", ["Purchase price", "purchase_price", "Einkaufspreis", "Prix d'achat"]
)
def test_what_the_business_paid_for_a_product_is_its_cost(tmp_path: Path, name: str) -> None:
    text = lines(f"SKU,Product name,{name},Price", lambda n: f"T-{n},Tea {n},{n + 1}.25,{n + 3}.50")
    found = roles(tmp_path, text)
    assert (found[name], found["Price"]) == ("unit_cost", "unit_price")


@pytest.mark.parametrize("name", ["Billing Company", "Shipping Company", "Company (Shipping)"])
def test_the_company_of_a_postal_address_is_nobodys_account(tmp_path: Path, name: str) -> None:
    head = f"Order No,Email,Date,{name},Total"
    text = lines(head, lambda n: f"{n},p{n}@x.example,2026-01-{1 + n % 28},Firm {n % 9},5.50")
    (source,) = proposed(tmp_path, orders=text).sources
    assert source.spec.account is None
    (source,) = proposed(tmp_path, orders=text.replace(name, "Company")).sources
    assert source.spec.account is not None


@pytest.mark.parametrize(
    ("bounces", "kinds", "dead"),
    [
        (("hard_bounce", "soft_bounce"), ("", ""), {0}),
        (("HardBounce", "Transient bounce"), ("", ""), {0}),
        (("bounce", "bounce"), ("Permanent", "Transient"), {0}),
        (("bounce", "bounce"), ("hard", "hard"), {0, 1}),
        (("bounce", "bounce"), ("", ""), set()),
        (("soft bounce", "soft bounce"), ("", ""), set()),
    ],
)
def test_an_address_that_bounced_for_good_is_written_to_no_more(
    tmp_path: Path, bounces: tuple[str, str], kinds: tuple[str, str], dead: set[int]
) -> None:
    def mail(n: int) -> str:
        event, kind = (bounces[n], kinds[n]) if n < 2 else (["open", "click", "sent"][n % 3], "")
        return f"p{n}@x.example,{event},2026-01-{1 + n % 28:02d} 10:00:00,{kind}"

    text = lines("Recipient,Event,Timestamp,Bounce type", mail)
    line = ran(tmp_path, mail=text, contacts=CONTACTS)
    found = [row["row"] for row in read(line, "staged_consents") if row["undeliverable"]]
    assert sorted(found) == [each + 1 for each in sorted(dead)]
    told = [row["rows"] for row in read(take(line, [Quality()]), "findings")
            if row["check"] == "undeliverable"]  # fmt: skip
    assert told == ([len(dead)] if dead else [])
    assert {each.event for each in line.definitions.sources["mail"].track} >= {"email_bounced"}


def test_the_third_bounce_that_does_not_tell_ends_writing_to_an_address(tmp_path: Path) -> None:
    bounced = {0: "p0", 1: "p1", 2: "p0", 3: "p1", 4: "p0"}

    def mail(n: int) -> str:
        who, event = bounced.get(n, f"p{n}"), "bounce" if n in bounced else ["open", "sent"][n % 2]
        return f"{who}@x.example,{event},2026-01-{1 + n % 28:02d} 10:00:00"

    line = ran(tmp_path, mail=lines("Recipient,Event,Timestamp", mail), contacts=CONTACTS)
    found = [row["row"] for row in read(line, "staged_consents") if row["undeliverable"]]
    assert found == [5]
