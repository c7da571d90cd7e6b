"""What names say, in several languages and spellings."""

import pytest

from carpel.inference.look import DATES, number
from carpel.inference.roles import roles
from carpel.inference.words import concepts, lexicon, opaque, snake, words


@pytest.mark.parametrize(("name", "said"), [
    ("InvoiceNo", ("order", "number")), ("CustomerID", ("person", "id")), ("qty", ("quantity",)),
    ("Bestellnummer", ("order", "number")), ("Kundennr.", ("person", "number")),
    ("e-mail-adresse", ("email", "address")), ("E_Mail", ("email",)),
    ("montant_ttc", ("amount", "total")), ("fecha_pedido", ("date", "order")),
    ("Codice cliente", ("number", "person")), ("código postal", ("number", "postcode")),
    ("Geburtsdatum", ("birth",)), ("achternaam", ("last",)), ("userid", ("person", "id")),
    ("Bestelnr", ("order", "number")), ("user_pseudo_id", ("person", "cookie")),
    ("Check-in Time", ("checkin", "time")), ("HasOptedOut", ("flag", "refusal")),
    ("Data do pedido", ("date", "?do", "order"))])  # fmt: skip
def test_a_name_says_concepts(name: str, said: tuple[str, ...]) -> None:
    assert concepts(name) == said


@pytest.mark.parametrize(("nested", "flat"), [
    ("properties.revenue", "revenue"), ("context.traits.email", "email"),
    ("properties.$revenue", "revenue"), ("event_params.page_location", "page_location"),
    ("traits.firstName", "firstName")])  # fmt: skip
def test_where_a_nested_field_stands_says_nothing_of_it(nested: str, flat: str) -> None:
    assert concepts(nested) == concepts(flat)
    assert concepts("seller.city") != concepts("city")


@pytest.mark.parametrize(("name", "written"), [
    ("Sub-Category", "sub_category"), ("AnnualIncome (k$)", "annual_income"), ("Straße", "strasse"),
    ("2nd phone", "column_2nd_phone"), ("MonthlyCharges", "monthly_charges")])  # fmt: skip
def test_a_name_in_snake_case(name: str, written: str) -> None:
    assert snake(name) == written


@pytest.mark.parametrize("name", ["V12", "col_3", "Unnamed: 0", "x", "field7", "column_1"])
def test_names_that_say_nothing(name: str) -> None:
    assert opaque(name)


def test_camel_words_come_apart() -> None:
    assert words("orderHTTPStatusIDs") == ("order", "http", "status", "ids")


def test_every_pattern_is_of_concepts_that_words_lead_to() -> None:
    known = {*lexicon().values(), "row"}
    asked = {each for role in roles().values() for pattern in role.patterns
             for each in pattern.asked if not each.startswith("?")}  # fmt: skip
    assert asked <= known


@pytest.mark.parametrize(
    ("text", "value"),
    [("$1,234.50", 1234.5), ("-3", -3.0), ("(12.00)", -12.0), ("5%", 5.0), ("€ 7", 7.0)],
)
def test_figures_are_read(text: str, value: float) -> None:
    assert number(text) == value


def test_a_decimal_comma_is_read() -> None:
    assert number("1.234,50 €", ",") == 1234.5


@pytest.mark.parametrize("text", ["#1001", "CG-12520", "'6000", "2024-01-01", "abc"])
def test_codes_are_no_figures(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize(("form", "text"), [
    ("ymd", "2024-01-31"), ("ymd", "2024-01-31T10:00:00+01:00"), ("compact", "19970112"),
    ("parts", "31.01.2024 9:05"), ("parts", "1/31/24 9:05 PM"), ("named", "Jan 5, 2021"),
    ("named", "Jan-05-21"), ("named", "5 March 2021"), ("epoch", "1609459200")])  # fmt: skip
def test_dates_are_recognised(form: str, text: str) -> None:
    assert DATES[form].match(text)
