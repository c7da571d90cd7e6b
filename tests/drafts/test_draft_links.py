"""Links keep what they have and say nothing about who follows them."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.drafts.links import link_of, with_utm
from carpel.errors import CarpelError

UTM = {"source": "x", "medium": "social", "campaign": "c1", "content": "post_1"}
WORD = st.text("ab1.-_~%20", min_size=1, max_size=8).filter(lambda it: "%" not in it)
PAIRS = st.lists(st.tuples(WORD, WORD), max_size=4)


@given(PAIRS, WORD)
def test_query_and_fragment_stay(pairs, fragment):
    query = "&".join(f"{name}={value}" for name, value in pairs)
    link = f"https://shop.example/a/b{f'?{query}' if query else ''}#{fragment}"
    led = urlsplit(with_utm(link, **UTM))
    assert led.fragment == fragment and led.path == "/a/b" and led.query.startswith(query)
    told = parse_qsl(led.query)
    assert told == [*pairs, *((f"utm_{name}", each) for name, each in UTM.items())]


def test_what_the_user_set_is_left_alone():
    led = with_utm("https://shop.example/?utm_campaign=spring&utm_source=", **UTM)
    assert dict(parse_qsl(urlsplit(led).query, keep_blank_values=True)) == {
        "utm_campaign": "spring", "utm_source": "", "utm_medium": "social", "utm_content": "post_1",
    }  # fmt: skip


def test_what_needs_it_is_escaped():
    assert with_utm("https://s.example", **{**UTM, "campaign": "a b&c"}).endswith(
        "?utm_source=x&utm_medium=social&utm_campaign=a%20b%26c&utm_content=post_1"
    )


@pytest.mark.parametrize(
    "text",
    ["shop.example", "javascript:alert(1)", "https://", "http://shop", "https://s.example/{{x}}",
     "https://s.example/a b", 'https://s.example/"', "ftp://s.example/x", ""],
)  # fmt: skip
def test_what_is_no_link_is_an_error(text):
    with pytest.raises(CarpelError):
        link_of(text)
