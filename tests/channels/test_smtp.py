"""E-mail over a real server: each answer means what it says, and nothing gets into a header."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from carpel.channels import Outcome, Person
from carpel.channels.mail import is_address
from carpel.channels.smtp import SmtpCarrier
from carpel.messages import Rendered
from carpel.specs import Smtp

from .mailbox import Mailbox, mail_server

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MARK = "abcdefgh" * 6
HTML = "<p>Grüße</p>\n.\n<p>a line of one dot stands above</p>"


def carrier(mailbox: Mailbox, **more: object) -> SmtpCarrier:
    said = {
        "name": "news",
        "kind": "smtp",
        "host": "127.0.0.1",
        "port": mailbox.port,
        "security": "none",
        "sender": "Corner Shop <hello@shop.example>",
        "unsubscribe_url": "https://shop.example/u/{token}",
        "unsubscribe_mailto": "leave@shop.example",
        "timeout_seconds": 0.5,
    }
    return SmtpCarrier(Smtp.model_validate({**said, **more}), "win_back", None)


def person(address: str, subject: str = "Hello", number: int = 0) -> Person:
    way_out = "https://shop.example/u/TOKEN"
    message = Rendered(subject, HTML, "Grüße\n.\nand a dot\n")
    return Person(f"{number:040x}", address, "a", NOW, message, way_out, "TOKEN", MARK)


def sent(one: SmtpCarrier, *addresses: str) -> list[Outcome]:
    ready = [one.render(person(each, number=n)) for n, each in enumerate(addresses)]
    with closing(one):
        return list(one.send(ready))


def states(outcomes: Sequence[Outcome]) -> list[tuple[str, str, bool]]:
    return [(each.state, each.reason, each.passing) for each in outcomes]


def test_a_message_arrives_whole_with_both_bodies_and_the_way_out():
    with mail_server() as mailbox:
        assert states(sent(carrier(mailbox), "ada@mail.example")) == [("sent", "", False)]
    mail = mailbox.message("ada@mail.example")
    assert mail["To"] == "ada@mail.example" and mail["From"] == "Corner Shop <hello@shop.example>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"] == (
        "<https://shop.example/u/TOKEN>, <mailto:leave@shop.example?subject=TOKEN>"
    )
    assert mail["Message-ID"] == f"<{MARK}.win_back@shop.example>"
    html, text = mail.get_body(["html"]), mail.get_body(["plain"])
    assert html and html.get_content().splitlines() == HTML.splitlines()
    assert text and text.get_content().splitlines() == ["Grüße", ".", "and a dot"]


@pytest.mark.parametrize(
    ("said", "state", "reason", "passing"),
    [
        ("550 5.1.1 <ada@mail.example> unknown", "failed", "550 5.1.1", False),
        ("451 try later", "failed", "451", True),
        ("452 4.2.2 full", "failed", "452 4.2.2", True),
        ("421 too many", "failed", "421", True),
        ("drop", "failed", "the connection broke", True),
        ("hang", "failed", "no answer in time", True),
    ],
)
def test_what_is_refused_before_the_message_never_left(said, state, reason, passing):
    """And the next one arrives: a bad address holds nobody up."""
    with mail_server(on_rcpt=lambda it: said if it.startswith("ada") else "250 ok") as mailbox:
        outcomes = states(sent(carrier(mailbox), "ada@mail.example", "bob@mail.example"))
    assert outcomes == [(state, reason, passing), ("sent", "", False)]
    assert mailbox.addresses == ["bob@mail.example"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("drop", "the connection broke after the message"),
        ("hang", "no answer in time after the message"),
    ],
)
def test_silence_after_the_message_is_uncertain(said, reason):
    with mail_server(on_data=lambda it: said if it.startswith("ada") else "250 ok") as mailbox:
        outcomes = states(sent(carrier(mailbox), "ada@mail.example", "bob@mail.example"))
    assert outcomes == [("uncertain", reason, False), ("sent", "", False)]
    assert mailbox.addresses == ["ada@mail.example", "bob@mail.example"]


def test_bounces_go_where_the_channel_says_and_name_the_delivery():
    with mail_server() as mailbox:
        back = {"address": "bounces+{token}@shop.example"}
        assert states(sent(carrier(mailbox, bounces=back), "ada@mail.example"))[0][0] == "sent"
        sent(carrier(mailbox), "bob@mail.example")
    assert mailbox.return_paths == [f"bounces+{MARK}@shop.example", "hello@shop.example"]


def test_only_a_no_to_the_address_itself_makes_it_undeliverable():
    codes = ["550 5.1.1 nobody", "550 5.7.1 spam", "550 no", "450 4.1.1 later", "550 5.2.2 full"]
    for said, gone in zip(codes, [True, False, False, False, False], strict=True):
        with mail_server(on_rcpt=lambda _, said=said: said) as mailbox:
            (outcome,) = sent(carrier(mailbox), "ada@mail.example")
        assert outcome.undeliverable == gone, said


def test_a_no_after_the_message_is_a_no():
    with mail_server(on_data=lambda _: "554 5.7.1 spam") as mailbox:
        assert states(sent(carrier(mailbox), "ada@mail.example")) == [
            ("failed", "554 5.7.1", False)
        ]


def test_without_a_server_nothing_was_handed_over():
    with mail_server() as mailbox:
        pass
    outcomes = sent(carrier(mailbox), "ada@mail.example", "bob@mail.example")
    assert states(outcomes) == [("unsent", "it refuses connections", False)] * 2
    assert carrier(mailbox).check() == [
        f"no mail server answers at 127.0.0.1:{mailbox.port}: it refuses connections"
    ]


def test_nobody_is_written_to_who_could_not_unsubscribe():
    with mail_server() as mailbox, closing(carrier(mailbox)) as sound:
        assert sound.check() == []
        with closing(carrier(mailbox, unsubscribe_url=None, unsubscribe_mailto=None)) as shut:
            assert "nobody could unsubscribe" in shut.check()[0]


@pytest.mark.parametrize(
    "address",
    [
        "ada@mail.example\r\nBcc: all@mail.example",
        "ada@mail.example, bob@mail.example",
        "<ada@mail.example>",
        "ada mail.example",
        "ada@mail.example\x00",
        "ada@mail.example\u2028",
        "",
    ],
)
def test_what_is_no_address_is_never_handed_over(address):
    assert not is_address(address)
    with mail_server() as mailbox:
        ready = carrier(mailbox).render(person(address))
    assert ready.problem == "not an e-mail address" and ready.payload is None


def test_a_subject_cannot_add_a_header():
    with mail_server() as mailbox:
        one = carrier(mailbox)
        ready = one.render(person("ada@mail.example", "Hi\r\nBcc: all@mail.example\x0bx"))
        with closing(one):
            assert [each.state for each in one.send([ready])] == ["sent"]
    mail = mailbox.message("ada@mail.example")
    assert mail["Bcc"] is None and mail["Subject"] == "Hi Bcc: all@mail.example x"


def test_a_long_link_out_stays_one_link():
    link = f"https://shop.example/u/{'x' * 400}"
    with mail_server() as mailbox:
        one = carrier(mailbox, sender="Grüße & Co <hello@shop.example>")
        long = replace(person("ada@mail.example", "ü" * 200), unsubscribe=link)
        with closing(one):
            assert [each.state for each in one.send([one.render(long)])] == ["sent"]
    raw = mailbox.arrived[0][1]
    assert f"List-Unsubscribe: <{link}>, <mailto:".encode() in raw
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    mail = mailbox.message("ada@mail.example")
    assert mail["Subject"] == "ü" * 200 and mail["From"].addresses[0].display_name == "Grüße & Co"


def test_only_so_many_a_minute():
    from time import monotonic

    with mail_server() as mailbox:
        began = monotonic()
        sent(carrier(mailbox, most_per_minute=600), *(f"p{n}@mail.example" for n in range(4)))
        assert 0.3 <= monotonic() - began < 2
