"""Message files: what the specs read, what lint lets through, what people see."""

import pytest

from carpel.drafts import Brief
from carpel.drafts.mail import mails
from carpel.manifest.yaml import read
from carpel.messages import compiled
from carpel.messages.lint import lint
from carpel.specs import Message

from .said import SENTENCES, bought, made

WAY_OUT = "https://shop.example/out?a=1&b=2"
GIVEN = {"unsubscribe_url": WAY_OUT, "postal_address": "Main Street 1"}
NASTY = "a*b_c [x](y) `z` <i> & # 茶"


def rendered(mail, tmp_path, **values):
    file = tmp_path / "draft.yml"
    file.write_text(mail.file, encoding="utf-8")
    found = read(file, "messages/draft.yml")
    assert not found.problems
    message = Message.model_validate({"name": "draft", **found.data})
    made_ready = compiled(
        message.subject, markdown=message.markdown, preheader=message.preheader,
        unsubscribe=message.unsubscribe_text, fallbacks={**message.fallbacks, "offer": ""},
    )  # fmt: skip
    return made_ready.render({**GIVEN, **values})


@pytest.mark.parametrize("language", ["de", "en", "nl"])
@pytest.mark.parametrize("tone", ["plain", "warm"])
@pytest.mark.parametrize("traits", [(), ("first_name",)])
def test_a_message_an_angle_passes_lint_and_renders(tmp_path, language, tone, traits):
    brief = Brief("Corner Shop", language, tone, "10 % off", "https://shop.example/tea?a=1&b=2")
    found = list(mails(made(brief), brief, traits))
    assert [each.angle for each in found] == ["topic", "time", "new"]
    for each in found:
        read_by = rendered(each, tmp_path)
        assert list(lint(read_by, WAY_OUT)) == []
        assert "10 % off" in read_by.text and "https://shop.example/tea?a=1&b=2" in read_by.text
        assert ("Ada" in rendered(each, tmp_path, first_name="Ada").text) is bool(traits)


def test_names_and_offers_are_shown_as_they_are(tmp_path):
    brief = Brief(NASTY, offer=f"{NASTY} 10 %", link="https://shop.example")
    for each in mails(made(brief, bought("crème & café")), brief, ()):
        text = rendered(each, tmp_path).text
        assert text.count(NASTY) == 2
        assert f"{NASTY} 10 %" in text and "crème & café" in text
        assert NASTY in each.shown


def test_without_an_offer_that_of_the_campaign_stands_there(tmp_path):
    brief = Brief("Corner Shop")
    (mail, *_) = mails(made(brief), brief, ())
    assert "Ten off" in rendered(mail, tmp_path, offer="Ten off").text
    assert "**" not in rendered(mail, tmp_path).text and "{%" not in mail.shown


def test_evidence_stands_in_a_comment_and_nowhere_else(tmp_path):
    brief = Brief("Corner Shop")
    for mail in mails(made(brief), brief, ()):
        comment, rest = mail.file.split("version: 1", 1)
        assert "312 people" in comment and all(it.startswith("# ") for it in comment.splitlines())
        assert "312" not in rest and "everybody" not in rest
        shown = rendered(mail, tmp_path)
        assert "312" not in shown.html + shown.text + shown.subject


def test_a_name_too_long_for_a_subject_gives_way():
    brief = Brief("The shop of the corner of the street with the longest name in town")
    (mail,) = mails(
        made(brief, bought("things with length in a name that is read slowly")), brief, ()
    )
    assert len(mail.subject) <= 60


def test_a_message_names_what_they_buy_each_by_its_own_evidence(tmp_path):
    brief = Brief("Corner Shop")
    sentences = [*bought("tea", "cups", "cake", "books"), *SENTENCES]
    topic, time, _ = mails(made(brief, sentences), brief, ())
    for mail in (topic, time):
        assert "– Tea\n– Cups\n– Cake\n" in mail.shown and "ooks" not in mail.shown
        assert "- Tea\n- Cups\n- Cake\n" in rendered(mail, tmp_path).text
    assert len(topic.because) == 3 and len(time.because) == 4
    assert "in the last 365 days" in topic.because[2] and "weekday" in time.because[0]


@pytest.mark.parametrize("offer", ["1. tea", "- tea", "+ tea", "2) tea", "# tea", "> tea"])
def test_what_looks_like_mark_up_is_text(tmp_path, offer):
    brief = Brief(offer, offer=offer)
    (mail,) = mails(made(brief, bought("tea")), brief, ())
    shown = rendered(mail, tmp_path)
    assert shown.text.count(offer) == 2 and "<ol" not in shown.html and "<ul" not in shown.html
