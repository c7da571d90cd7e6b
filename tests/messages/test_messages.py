"""Messages: strict, limited, escaped, with fallbacks; Liquid survives Markdown and MJML."""

import pytest

from carpel.messages import TemplateError, compiled, fields
from carpel.messages.lint import lint

INCLUDING = '<mj-head><mj-include path="/etc/hostname" /></mj-head><mj-body>'
KNOWN = {"unsubscribe_url": "https://u.example/?a=1&b=2", "postal_address": "Main Street 1"}


def rendered(markdown: str, subject: str = "Hi", fallbacks=None, **values: object):
    found = compiled(subject, markdown=markdown, fallbacks=fallbacks)
    return found.render({**KNOWN, **values})


def test_values_are_escaped_in_html_and_plain_in_text():
    found = rendered("Hello **{{ name }}**", "Hi {{ name }}", name="<b>Ada & Co</b>")
    assert "<strong>&lt;b&gt;Ada &amp; Co&lt;/b&gt;</strong>" in found.html
    assert "Hello <b>Ada & Co</b>" in found.text and found.subject == "Hi <b>Ada & Co</b>"


def test_mark_up_of_a_value_is_not_taken_for_markdown():
    found = rendered("Hello {{ name }}", name="[x](javascript:alert(1)) **bold**")
    assert '<a href="javascript' not in found.html and "<strong>" not in found.html


def test_what_is_not_known_gives_way_to_its_fallback():
    for unknown in (None, ""):
        assert "Hello there" in rendered("Hello {{ n }}", fallbacks={"n": "there"}, n=unknown).text
    assert "Hello 0" in rendered("Hello {{ n }}", fallbacks={"n": "there"}, n=0).text


def test_a_name_that_nobody_gave_is_an_error_and_not_a_gap():
    with pytest.raises(TemplateError, match="'nmae' is undefined"):
        rendered("Hello {{ nmae }}", name="Ada")


def test_conditions_and_loops_stand_around_paragraphs():
    parts = ("{% if vip %}", "Dear *guest*,", "{% endif %}")
    body = "\n\n".join((*parts, "{% for x in list %}", "- {{ x }}", "{% endfor %}"))
    found = rendered(body, vip=True, list=["a", "b"])
    assert "<em>guest</em>" in found.html and found.html.count("<li>") == 2
    assert "Dear" not in rendered(body, vip=False, list=[]).text
    assert "<p></p>" not in found.html.replace("\n", "")


def test_a_link_of_a_field_is_a_link():
    found = rendered("[Go]({{ url }})", url="https://x.example/?a=1&b=2")
    assert 'href="https://x.example/?a=1&amp;b=2"' in found.html
    assert "Go (https://x.example/?a=1&b=2)" in found.text


def test_styles_are_inlined_and_nothing_is_loaded():
    html = rendered("# Hello").html
    assert "<style" not in html and "<h1 style=" in html and "http-equiv" not in html


def test_mjml_keeps_its_liquid():
    body = (
        "<mjml><mj-body><mj-section><mj-column><mj-text>Hello {{ name }} "
        '<a href="{{ unsubscribe_url }}">out</a>'
        "</mj-text></mj-column></mj-section></mj-body></mjml>"
    )
    found = compiled("Hi", mjml=body).render({**KNOWN, "name": "Ada"})
    assert "Hello Ada" in found.html and "Hello Ada" in found.text
    assert list(lint(found, KNOWN["unsubscribe_url"])) == []
    assert "fonts" not in found.html
    for bad in ("<mjml><mj-bod", body.replace("<mj-body>", INCLUDING)):
        with pytest.raises(TemplateError, match="is no MJML"):
            compiled("Hi", mjml=bad)


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("one\n{{ a ", "expected '}}'", 1),
        ("one\ntwo {{ a | shout }}", "no filter 'shout'", 1),
        ("{% nosuch %}", "unexpected tag 'nosuch'", 0),
        ("one\n\n{% include 'secrets' %}", "would read another file", 2),
        ("{% render 'secrets' %}", "would read another file", 0),
    ],
)
def test_a_template_that_is_none_says_where(text, said, line):
    with pytest.raises(TemplateError, match=said) as found:
        fields(text)
    assert found.value.line == line


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in (1..100000000) %}x{% endfor %}",
        "{% for a in (1..900) %}{% for b in (1..900) %}x{% endfor %}{% endfor %}",
        "{% assign x = 'aaaa' %}{% for a in (1..60) %}{% assign x = x | append: x %}{% endfor %}",
    ],
)
def test_a_template_without_end_ends(text):
    with pytest.raises(TemplateError, match="limit"):
        rendered(text)


def test_fields_are_those_that_somebody_has_to_give():
    found = fields("{{ a }}\n{% assign b = 1 %}{{ b }}{% for c in list %}{{ c.d }}{% endfor %}")
    assert {(each.name, each.line) for each in found} == {("a", 0), ("list", 1)}


def test_a_value_is_data_and_never_code():
    """No attribute or method of what is handed over can be reached."""
    for reached in ("__class__", "keys", "pop"):
        with pytest.raises(TemplateError, match=f"name.{reached} is undefined"):
            rendered(f"{{{{ name.{reached} }}}}", name={"a": 1})


def test_an_empty_subject_is_refused():
    with pytest.raises(TemplateError, match="subject is empty"):
        rendered("Hello", "{{ offer }}", fallbacks={"offer": ""})


def test_weak_points_are_told():
    found = rendered("![](https://x.example/a.png)", "A" * 70)
    said = " ".join(lint(found, "https://other.example/"))
    assert "70 characters" in said and "no link to unsubscribe" in said and "no text" in said
