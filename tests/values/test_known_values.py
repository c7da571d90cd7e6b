"""Known answers: what people write, and what it is."""

import pytest

from carpel.values import KINDS, full_name, meant, normal

ANSWERS = [
    ("email", None, " A.B@Example.com ", "a.b@example.com", "case"),
    ("email", None, "mailto:Foo@bar.org?subject=x", "foo@bar.org", "form"),
    ("email", None, '"Joe B" <Joe@foo.com>', "joe@foo.com", "form"),
    ("email", None, "foo @ bar.com", "foo@bar.com", "spaces"),
    ("email", None, "foo@bar.com.;", "foo@bar.com", "form"),
    ("email", None, "joe+shop@foo.com", "joe+shop@foo.com", ""),
    ("email", None, "mu\u0308ller@bücher.de", "müller@bücher.de", "form"),
    ("email", None, "ann@xn--bcher-kva.de", "ann@bücher.de", "form"),
    ("phone", "US", "(212) 456-7890", "+12124567890", "form"),
    ("phone", "US", "1-212-456-7890", "+12124567890", "form"),
    ("phone", "US", "2124567890 x12", "+12124567890;ext=12", "form"),
    ("phone", "US", "0049 30 901820", "+4930901820", "form"),
    ("email", None, "a@x.nl", "a@x.nl", ""),
    ("email", None, "info@abc.com", "info@abc.com", ""),
    ("email", None, "test@123.nl", "test@123.nl", ""),
    ("phone", "US", "+44 20 7946 0958", "+442079460958", "spaces"),
    ("phone", "US", "2124567890.0", "+12124567890", "form"),
    ("phone", "DE", "+49 (0)30 901820", "+4930901820", "form"),
    ("phone", "DE", "Tel.: 0151 23456789", "+4915123456789", "form"),
    ("phone", "IT", "06 6982 1234", "+390669821234", "form"),
    ("phone", None, "030 901820", "030901820", "form without country"),
    ("country", None, "USA", "US", "form"),
    ("country", None, "276", "DE", "form"),
    ("country", None, "Deutschland", "DE", "form"),
    ("country", None, "ALLEMAGNE", "DE", "form"),
    ("country", None, "cote d'ivoire", "CI", "form"),
    ("country", None, "日本", "JP", "form"),
    ("country", None, "Niemcy", "DE", "form"),
    ("country", None, "U.K.", "GB", "form"),
    ("country", None, "nl", "NL", "case"),
    ("country", None, "NA", "NA", ""),
    ("country", None, "NO", "NO", ""),
    ("currency", None, "€", "EUR", "form"),
    ("currency", "CA", "$", "CAD", "form"),
    ("currency", "SE", "kr", "SEK", "form"),
    ("currency", None, "Schweizer Franken", "CHF", "form"),
    ("currency", None, "US dollars", "USD", "form"),
    ("currency", None, "eur", "EUR", "case"),
    ("language", None, "en_GB", "en", "form"),
    ("language", None, "deu", "de", "form"),
    ("language", None, "anglais", "en", "form"),
    ("gender", None, "Frau", "female", "form"),
    ("gender", None, "MÄNNLICH", "male", "form"),
    ("gender", None, "non-binary", "other", "form"),
    ("boolean", None, "Oui", "true", "form"),
    ("boolean", None, "nein", "false", "form"),
    ("boolean", None, "✓", "true", "form"),
    ("name", None, "JOHN SMITH", "John Smith", "case"),
    ("name", None, "mary o'brien-mcdonald", "Mary O'Brien-McDonald", "case"),
    ("name", None, "LUDWIG VAN BEETHOVEN", "Ludwig van Beethoven", "case"),
    ("name", None, "van der Berg", "van der Berg", ""),
    ("name", None, "MÃ¼ller", "Müller", "characters"),
    ("name", None, "Dr. Anna  Müller", "Anna Müller", "form"),
    ("name", None, "Don Johnson", "Don Johnson", ""),
    ("name", None, "Na", "Na", ""),
    ("postcode", "US", "02134", "02134", ""),
    ("postcode", "US", "123456789", "12345-6789", "form"),
    ("postcode", "GB", "sw1a1aa", "SW1A 1AA", "form"),
    ("postcode", "DE", "D-01067", "01067", "form"),
    ("postcode", "NL", "1234ab", "1234 AB", "form"),
    ("postcode", "SE", "12345", "123 45", "spaces"),
    ("postcode", None, "01067", "01067", ""),
    ("identifier", None, "0017", "0017", ""),
    ("identifier", None, "1111", "1111", ""),
    ("text", None, "CafÃ©", "Café", "characters"),
]
REFUSED = [
    ("email", None, "none@none.com", "placeholder"),
    ("email", None, "test@test", "placeholder"),
    ("email", None, "test@example.com", "placeholder"),
    ("email", None, "x@x.nl", "placeholder"),
    ("email", None, "n/a", "placeholder"),
    ("email", None, "nobody.home", "no @"),
    ("email", None, "a@b", "not an address"),
    ("email", None, "foo@bar..com", "not an address"),
    ("email", None, "a@b.com; c@d.com", "more than one address"),
    ("email", None, "joe@home.invalid", "not an address"),
    ("phone", "US", "keine Angabe", "placeholder"),
    ("phone", "US", "inconnu", "placeholder"),
    ("phone", "US", "000-000-0000", "placeholder"),
    ("phone", "US", "1234567890", "placeholder"),
    ("phone", "US", "12", "no such phone number"),
    ("phone", "US", "call me", "not a phone number"),
    ("phone", None, "12", "not a phone number"),
    ("country", None, "Narnia", "no country of this name"),
    ("country", None, "unknown", "placeholder"),
    ("currency", None, "kr", "a currency several countries share"),
    ("currency", None, "beans", "no currency of this name"),
    ("language", None, "Klingonese", "no language of this name"),
    ("gender", None, "U", "placeholder"),
    ("gender", None, "1", "no gender of this name"),
    ("boolean", None, "maybe", "neither yes nor no"),
    ("name", None, "Test", "placeholder"),
    ("name", None, "Mr.", "a title only"),
    ("name", None, "a@b.com", "an address, not a name"),
    ("name", None, "1234", "no letters"),
    ("postcode", "US", "SW1A 1AA", "not a postcode of US"),
    ("identifier", None, "0000", "placeholder"),
    ("identifier", None, "-1", "placeholder"),
    ("identifier", None, "Unbekannt", "placeholder"),
    ("text", None, "---", "placeholder"),
    ("text", None, "0000-00-00", "placeholder"),
    ("text", None, "0000-00-00 00:00:00", "placeholder"),
]


@pytest.mark.parametrize(("kind", "country", "text", "value", "fix"), ANSWERS)
def test_a_value_becomes_regular_and_says_how(kind, country, text, value, fix):
    assert normal(kind, [text], country) == [(value, fix, "")]


@pytest.mark.parametrize(("kind", "country", "text", "reason"), REFUSED)
def test_a_value_that_is_none_says_why(kind, country, text, reason):
    assert normal(kind, [text], country) == [(None, "", reason)]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_empty_in_every_kind(kind):
    assert {each.reason for each in normal(kind, ["", "  ", "\u200b"])} <= {"empty"}


@pytest.mark.parametrize(("kind", "country", "_text", "value", "_fix"), ANSWERS)
def test_a_regular_value_stays_as_it_is(kind, country, _text, value, _fix):
    assert normal(kind, [value], country) == [(value, "", "")]


@pytest.mark.parametrize(
    ("column", "meanings"),
    [
        (["M", "F"], ["male", "female"]),
        (["H", "M"], ["male", "female"]),
        (["H", "F"], ["male", "female"]),
        (["K", "M"], ["female", "male"]),
        (["E", "K"], ["male", "female"]),
        (["M", "V"], ["male", "female"]),
        (["W", "M"], ["female", "male"]),
        (["M"], ["male"]),
        (["K"], [None]),
    ],
)
def test_one_letter_is_read_with_its_column(column, meanings):
    assert [each.value for each in normal("gender", column)] == meanings


def test_numbers_a_spreadsheet_gave_a_point_lose_it_together():
    padded = [each.value for each in normal("identifier", ["00000", "00417", "0000", "0"])]
    assert padded == ["00000", "00417", None, None], "the first of numbers filled up with zeros"
    assert [each.value for each in normal("identifier", ["00000", "12345"])] == [None, "12345"]
    assert [each.value for each in normal("identifier", ["17.0", "18.0"])] == ["17", "18"]
    assert [each.value for each in normal("identifier", ["17.0", "18.5"])] == ["17.0", "18.5"]


@pytest.mark.parametrize(
    ("column", "regular"),
    [
        (["2134", "90210", "501.0"], ["02134", "90210", "00501"]),
        (["2134", "90210", "02134"], [None, "90210", "02134"]),
        (["2134"], [None]),
    ],
)
def test_lost_zeros_come_back_where_the_whole_column_lost_them(column, regular):
    found = normal("postcode", column, "US")
    assert [each.value for each in found] == regular
    assert {each.reason for each in found if each.value is None} <= {"a leading zero seems lost"}


@pytest.mark.parametrize(
    ("domain", "provider"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("hotnail.com", "hotmail.com"),
        ("gmail.com", None),
        ("mail.com", None),
        ("ymail.com", None),
        ("example.com", None),
    ],
)
def test_a_slip_in_a_great_providers_name_is_proposed(domain, provider):
    assert meant(domain) == provider


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Smith, John", "John", "Smith"),
        ("SMITH, JOHN Q.", "John Q.", "Smith"),
        ("Dr. John Q. Smith Jr.", "John Q.", "Smith"),
        ("Ana de la Cruz", "Ana", "de la Cruz"),
        ("Ludwig van Beethoven", "Ludwig", "van Beethoven"),
        ("van Gogh, Vincent", "Vincent", "van Gogh"),
        ("John Smith, PhD", "John", "Smith"),
        ("Mr. & Mrs. Smith", "& Mrs.", "Smith"),
        ("Madonna", "Madonna", None),
        ("unknown", None, None),
        ("", None, None),
    ],
)
def test_a_whole_name_is_split(text, first, last):
    assert full_name(text) == (first, last)


@pytest.mark.parametrize("address", ["me@mail.com", "info@mail.com", "you@email.com"])
def test_anybody_at_a_provider_of_mail_is_somebody(address: str) -> None:
    assert normal("email", [address])[0].value == address
