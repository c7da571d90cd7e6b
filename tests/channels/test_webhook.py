"""Messages over a real web server: signed, told apart, and never to an address inside."""

import hmac
import json
import socket
from base64 import b64decode, b64encode
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.channels import Outcome, Person
from carpel.channels.guarded import is_outside
from carpel.channels.webhook import WebhookCarrier, became, signed, signing_key
from carpel.messages import Rendered
from carpel.specs import Webhook

from .receiver import Receiver, web_server

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "whsec_" + b64encode(b"a key of twenty-four byt").decode()


def carrier(receiver: Receiver | str, **more: object) -> WebhookCarrier:
    url = receiver if isinstance(receiver, str) else receiver.url
    said = {"name": "hook", "kind": "webhook", "url": url, "secret": "${HOOK}"}
    inner = {"allow_inner": True, "timeout_seconds": 0.2}
    spec = Webhook.model_validate({**said, **inner, "values": ["city"], **more})
    return WebhookCarrier(spec, "spring", SECRET)


def person(number: int = 0, address: str = "ada@mail.example") -> Person:
    words = Rendered("Hello", "<p>Grüße</p>", "Grüße\n")
    mark = f"{number:02d}".replace("0", "a").replace("1", "b").ljust(48, "c")
    way_out, values = "https://shop.example/u/TOKEN", {"city": "Utrecht"}
    return Person(f"k{number}", address, "a", NOW, words, way_out, "TOKEN", mark, values)


def sent(one: WebhookCarrier, people: int = 1) -> list[Outcome]:
    with closing(one):
        return list(one.send([one.render(person(n)) for n in range(people)]))


def states(outcomes: Sequence[Outcome]) -> list[tuple[str, str, bool]]:
    return [(each.state, each.reason, each.passing) for each in outcomes]


def test_a_message_arrives_whole_and_its_signature_holds():
    with web_server() as receiver:
        assert states(sent(carrier(receiver))) == [("sent", "", False)]
    ((headers, body),) = receiver.arrived
    whole = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = b64decode(SECRET.removeprefix("whsec_"))
    made = b64encode(hmac.new(key, whole, sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{made}"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["idempotency-key"] == headers["webhook-id"] == person().mark
    (told,) = json.loads(body)["messages"]
    assert told["to"] == "ada@mail.example" and told["values"] == {"city": "Utrecht"}
    assert told["message"] == {"subject": "Hello", "text": "Grüße", "html": "<p>Grüße</p>"}
    assert (told["campaign"], told["variant"], told["id"]) == ("spring", "a", person().mark)


def test_the_signature_is_that_of_the_published_scheme():
    """The example that the specification of Standard Webhooks gives."""
    made = signed(
        signing_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
    )
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_text_message_has_no_html():
    with web_server() as receiver:
        sent(carrier(receiver, medium="sms"))
    (told,) = json.loads(receiver.arrived[0][1])["messages"]
    assert told["message"] == {"subject": "Hello", "text": "Grüße"} and told["medium"] == "sms"


def test_several_in_a_request_have_an_id_each_and_one_together():
    with web_server() as receiver:
        assert states(sent(carrier(receiver, per_request=2), 3)) == [("sent", "", False)] * 3
        sent(carrier(receiver, per_request=2), 3)
    told = [json.loads(body)["messages"] for _, body in receiver.arrived]
    assert [len(each) for each in told] == [2, 1, 2, 1]
    assert len({one["id"] for each in told[:2] for one in each}) == 3
    keys = [headers["idempotency-key"] for headers, _ in receiver.arrived]
    assert keys[:2] == keys[2:] and keys[0] != keys[1] == told[1][0]["id"]


@pytest.mark.parametrize(
    ("said", "state", "reason", "passing"),
    [
        (200, "sent", "", False),
        (302, "failed", "302 (no redirect is followed)", False),
        (400, "failed", "400", False),
        (404, "failed", "404", False),
        (408, "failed", "408", True),
        (425, "failed", "425", True),
        (429, "failed", "429", True),
        (500, "failed", "500", True),
        (503, "failed", "503", True),
        ("hang", "uncertain", "no answer in time after the message", False),
        ("drop", "uncertain", "the connection broke after the message", False),
    ],
)
def test_each_answer_means_what_it_says_and_the_next_one_arrives(said, state, reason, passing):
    first = [True]

    def answer(_: bytes) -> int | str:
        return said if first.pop() else 204

    with web_server(lambda body: answer(body) if first else 204) as receiver:
        receiver.headers = {"Location": f"http://127.0.0.1:{receiver.port}/elsewhere"}
        outcomes = states(sent(carrier(receiver), 2))
    assert outcomes == [(state, reason, passing), ("sent", "", False)]
    assert len(receiver.arrived) == 2


@given(st.integers(100, 599))
def test_no_status_is_left_without_a_meaning(status):
    state, _, passing = became(status)
    assert (state == "sent") == (200 <= status < 300)
    assert passing <= (state == "failed")


def test_a_signature_nobody_takes_and_a_door_nobody_opens_stop_the_sending():
    with web_server(lambda _: 401) as receiver:
        outcomes = sent(carrier(receiver), 2)
    assert [each.state for each in outcomes] == ["unsent"] * 2 and len(receiver.arrived) == 1
    assert states(sent(carrier(receiver), 2)) == [("unsent", "it refuses connections", False)] * 2
    assert "it refuses connections" in carrier(receiver).check()[0]


def test_a_receiver_that_asks_for_a_rest_gets_it():
    with web_server(lambda _: 429) as receiver:
        receiver.headers = {"Retry-After": "1"}
        from time import monotonic

        began = monotonic()
        sent(carrier(receiver), 2)
        assert 0.9 <= monotonic() - began < 3


INSIDE = [
    "127.0.0.1",
    "10.0.0.8",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "ff02::1",
]


@pytest.mark.parametrize("address", INSIDE)
def test_inside_is_inside_however_it_is_written(address):
    assert not is_outside(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f::1", "64:ff9b::5db8:d70e"])
def test_outside_is_outside(address):
    assert is_outside(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1"])
def test_an_address_inside_is_refused_unless_the_channel_allows_it(host):
    with web_server() as receiver:
        one = carrier(f"https://{host}:{receiver.port}/x", allow_inner=False)
        assert "leads inside" in one.check()[0]
        assert [each.state for each in sent(one)] == ["unsent"]
        assert receiver.arrived == [] and carrier(receiver).check() == []


def test_a_name_that_means_something_else_a_moment_later_changes_nothing(monkeypatch):
    """What was looked at is what is connected to: the name is asked about once."""
    with web_server() as receiver:
        asked: list[str] = []
        real = socket.getaddrinfo

        def turning(host, *rest, **more):
            asked.append(host)
            return real("127.0.0.1" if len(asked) == 1 else "10.255.255.1", *rest, **more)

        monkeypatch.setattr(socket, "getaddrinfo", turning)
        one = carrier(f"http://hooks.shop.example:{receiver.port}/x")
        assert states(sent(one, 2)) == [("sent", "", False)] * 2
    assert asked == ["hooks.shop.example"]
    assert receiver.arrived[0][0]["host"] == f"hooks.shop.example:{receiver.port}"


def test_a_server_that_never_reads_is_not_waited_for_ever():
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(1)
        outcomes = sent(carrier(f"http://127.0.0.1:{deaf.getsockname()[1]}/x"))
    assert states(outcomes) == [("uncertain", "no answer in time after the message", False)]


@pytest.mark.parametrize("address", ["", "  ", "a\nb", "a\x00b"])
def test_what_is_no_address_is_never_handed_over(address):
    ready = carrier("http://127.0.0.1:1/").render(person(address=address))
    assert ready.problem == "not an address" and ready.payload is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"url": "ftp://shop.example/x"}, "no web address"),
        ({"url": "https://user:word@shop.example/x"}, "no web address"),
        ({"url": "https://shop.example/x y"}, "no plain web address"),
        ({"url": "https://shop.example/x\r\nEvil: 1"}, "no plain web address"),
        ({"url": "https://shop.example:99999/"}, "no plain web address"),
        ({"url": "http://shop.example/x", "allow_inner": False}, "readable"),
        ({"secret": "open"}, r"\$\{NAME\}"),
    ],
)
def test_a_hook_that_could_not_be_safe_is_refused_when_it_is_written(said, why):
    with pytest.raises(ValueError, match=why):
        carrier("https://shop.example/", **said)
