"""What holds for every value: nothing raises, results are stable, shortcuts equal the libraries."""

import random

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from carpel.values import KINDS, email, normal
from carpel.values.localized import FIRST
from carpel.values.phone import _quick, _region, _thorough

SIGNS = st.text(st.sampled_from("abZ019@._+- ,<>\"'éÃ¼ß日\u200b\ufeff()/&;x"), max_size=24)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.one_of(st.text(max_size=20), SIGNS), max_size=4))
def test_any_text_gives_a_value_or_a_reason_and_a_value_is_final(kind, texts):
    for given_text, found in zip(texts, normal(kind, texts, "US"), strict=True):
        assert (found.value is None) == bool(found.reason)
        if found.value is not None:
            assert found.value and (found.fix or found.value == given_text)
            assert normal(kind, [found.value], "US") == [(found.value, "", "")]


@pytest.mark.parametrize("text", ["; A", ";, mr. ; dr A,", "mr ;dr. A"])
def test_what_stands_around_a_name_is_no_part_of_it(text):
    assert normal("name", [text], "US")[0].value == "A"


def test_a_name_may_have_any_number_of_titles():
    assert normal("name", ["dr. " * 5_000 + "A"], "US")[0].value == "A"


LABEL = st.text(st.sampled_from("ab9-"), min_size=1, max_size=5)


@settings(max_examples=300, deadline=None)
@given(
    local=st.text(st.sampled_from("abz09._+-"), min_size=1, max_size=8),
    domain=st.lists(LABEL, min_size=1, max_size=3).map(".".join),
    last=st.sampled_from(["com", "de", "invalid", "local", "c0m", "c", "arpa", "1"]),
)
def test_the_short_way_for_addresses_equals_the_library(local, domain, last):
    address = f"{local}@{domain}.{last}"
    try:
        expected = validate_email(address, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        expected = None
    found = email.normal(address)
    # the short way may mend what the library refuses: signs around the whole
    if found.reason != email.PLACEHOLDER and not found.fix:
        assert found.value == expected


@pytest.mark.parametrize(
    "country",
    [
        "US",
        "GB",
        "DE",
        "FR",
        "ES",
        "IT",
        "NL",
        "SE",
        "PL",
        "BR",
        "IN",
        "JP",
        "AU",
        "MX",
        "ZA",
        "AT",
        "CH",
        "TR",
    ],
)
def test_the_short_way_for_phones_equals_the_library(country):
    dice = random.Random(country)
    prefix = (_region(country).prefix if _region(country) else "") or ""
    example = phonenumbers.national_significant_number(phonenumbers.example_number(country))
    taken = 0
    for _ in range(150):
        kept = dice.randint(1, len(example))
        digits = example[:kept] + "".join(
            dice.choice("0123456789")
            for _ in range(len(example) - kept + dice.choice((-1, 0, 0, 0, 1)))
        )
        code = phonenumbers.country_code_for_region(country)
        for text in (digits, prefix + digits, f"+{code}{digits}", f"+{code} {prefix}{digits}"):
            quick = _quick(text, country)
            if quick is not None:
                taken += 1
                assert quick == _thorough(text, country), text
    assert taken > 50 or _region(country) is None


def test_every_country_is_found_by_its_name_in_the_common_languages():
    from babel import Locale

    codes = [
        code
        for code in Locale("en").territories
        if len(code) == 2 and code not in ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ")
    ]
    meanings = {}
    for language in (*FIRST, "pl", "ru", "ja", "tr"):
        for code, name in Locale.parse(language).territories.items():
            if code in codes:
                meanings.setdefault(name, set()).add(code)
    wrong = {
        name: found.value
        for (name, meant), found in zip(
            meanings.items(), normal("country", list(meanings)), strict=True
        )
        if found.value not in meant
    }
    assert wrong == {} and len(meanings) > 1000
