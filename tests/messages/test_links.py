"""Links say which campaign they are of, and still lead where they led."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.messages import compiled
from carpel.messages.links import led_by, told_apart

TAGS = {"utm_source": "news", "utm_medium": "email"}
MARKED = "utm_source=news&utm_medium=email"
SITES = ("shop.example",)


@pytest.mark.parametrize(
    ("url", "becomes"),
    [
        ("https://shop.example", f"https://shop.example?{MARKED}"),
        ("https://shop.example/tea", f"https://shop.example/tea?{MARKED}"),
        ("https://www.Shop.example:8443/tea?", f"https://www.Shop.example:8443/tea?{MARKED}"),
        ("https://shop.example/?a=1&b=%20#top", f"https://shop.example/?a=1&b=%20&{MARKED}#top"),
        ("https://shop.example/?a=1&", f"https://shop.example/?a=1&{MARKED}"),
        ("https://shop.example/#/tea?a=1", f"https://shop.example/?{MARKED}#/tea?a=1"),
        (
            "https://shop.example/?UTM_Source=x",
            "https://shop.example/?UTM_Source=x&utm_medium=email",
        ),
        ("https://shop.example/?utm_source=", "https://shop.example/?utm_source=&utm_medium=email"),
        ("https://shop.example/?c=LIQUID0X", f"https://shop.example/?c=LIQUID0X&{MARKED}"),
    ],
)
def test_what_a_link_says_besides_stays(url, becomes):
    assert told_apart(url, TAGS, SITES) == becomes


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example/tea",
        "https://myshop.example/tea",
        "https://shop.example.evil.test/",
        "https://shop.example@evil.test/",
        "https://[broken/",
        "https://shop.example/LIQUID0X",
        f"https://shop.example/?{MARKED}",
    ],
)
def test_other_links_are_left_as_they_are(url):
    assert told_apart(url, TAGS, SITES) == url


WORDS = st.text("ab%20=+;é/", max_size=8)


@given(WORDS, st.lists(st.tuples(st.sampled_from(["a", "utm_source", "é"]), WORDS)), WORDS)
def test_every_parameter_stays_in_its_order_and_none_comes_twice(path, said, place):
    query = "&".join(f"{name}={value}" for name, value in said)
    url = f"https://shop.example/{path}?{query}#{place}"
    new = urlsplit(told_apart(url, TAGS, SITES))
    assert new.query.startswith(query) and (new.path, new.fragment) == (f"/{path}", place)
    names = [name for name, _ in parse_qsl(new.query, keep_blank_values=True)]
    assert names.count("utm_medium") == 1 and "utm_source" in names
    assert told_apart(new.geturl(), TAGS, SITES) == new.geturl()


def test_html_and_text_lead_to_the_same_place_and_fields_stay_fields():
    body = (
        "[Tea](https://shop.example/tea?a=1&b=2) [{{ city }}](https://shop.example/?c={{ city }})"
    )
    tags = {"utm_content": "{{ version }}"}
    made = compiled("Hi", markdown=body, led=lambda url: told_apart(url, tags, SITES))
    known = {"city": "Utrecht", "version": "long", "postal_address": "Main Street 1"}
    found = made.render({**known, "unsubscribe_url": "https://shop.example/u/x"})
    assert 'href="https://shop.example/tea?a=1&amp;b=2&amp;utm_content=long"' in found.html
    assert "Tea (https://shop.example/tea?a=1&b=2&utm_content=long)" in found.text
    assert "https://shop.example/?c=Utrecht&utm_content=long" in found.text
    assert 'href="https://shop.example/u/x"' in found.html


def test_only_addresses_that_the_page_says_are_led():
    led = []
    led_by(
        '<a href="{{ unsubscribe_url }}"><a href="https://a.example/">',
        lambda u: led.append(u) or u,
    )
    assert led == ["https://a.example/"]
