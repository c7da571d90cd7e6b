"""Signatures that receivers can check, and what the DNS says, asked of a real name server."""

import shutil
import socketserver
import subprocess
import threading
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager

import dkim
import dns.message
import dns.resolver
import dns.rrset
import pytest
from dkim.crypto import parse_pem_private_key

from carpel.channels.dns_records import Said, by, records
from carpel.channels.signing import modulus_of, signer
from carpel.channels.smtp import SmtpCarrier
from carpel.errors import ChannelError, Refused
from carpel.specs import Smtp

from .mailbox import mail_server
from .test_smtp import person

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the keys")
KEYS: dict[int, str] = {}


def key(bits: int = 2048, number: int = 0) -> str:
    """A private key in PEM; made once."""
    if bits + number not in KEYS:
        made = subprocess.run(["openssl", "genrsa", str(bits)], capture_output=True, check=True)
        KEYS[bits + number] = made.stdout.decode()
    return KEYS[bits + number]


def record(pem: str) -> str:
    """The public half as it stands in the DNS."""
    asked = ["openssl", "rsa", "-pubout", "-outform", "DER"]
    made = subprocess.run(asked, input=pem.encode(), capture_output=True, check=True)
    return f"v=DKIM1; k=rsa; p={b64encode(made.stdout).decode()}"


def spec(**more: object) -> Smtp:
    said = {
        "name": "news",
        "kind": "smtp",
        "host": "127.0.0.1",
        "security": "none",
        "sender": "Shop <hello@shop.example>",
        "unsubscribe_url": "https://shop.example/u/{token}",
        "dkim": {"selector": "one", "key": "${KEY}"},
    }
    return Smtp.model_validate({**said, **more})


def holds(content: bytes, told: str, name: bytes = b"one._domainkey.shop.example.") -> bool:
    def answer(asked: bytes, timeout: float = 5) -> bytes:
        assert asked == name
        return told.encode()

    return bool(dkim.verify(content, dnsfunc=answer))


def test_a_message_over_a_real_server_carries_a_signature_that_holds():
    with mail_server() as mailbox:
        carried = spec(port=mailbox.port)
        one = SmtpCarrier(carried, "spring", None, signer(carried, key()))
        with closing(one):
            assert [e.state for e in one.send([one.render(person("ada@mail.example"))])] == ["sent"]
    content = mailbox.arrived[0][1]
    assert holds(content, record(key()))
    assert not holds(content.replace(b"Subject: Hello", b"Subject: Hullo"), record(key()))
    out = content.replace(b"https://shop.example/u/", b"https://evil.example/u/", 1)
    assert not holds(out, record(key()))
    assert not holds(content, record(key(number=1)))
    head = content.partition(b"\r\n\r\n")[0].lower()
    assert b"list-unsubscribe-post" in head.partition(b"h=")[2].partition(b";")[0]


def test_a_key_may_stand_on_one_line_and_another_domain_may_sign():
    carried = spec(dkim={"selector": "two", "key": "${KEY}", "domain": "mail.shop.example"})
    sign = signer(carried, key().replace("\n", "\\n"))
    signed = sign(b"From: hello@shop.example\r\nSubject: Hi\r\n\r\nHello\r\n")
    assert holds(signed, record(key()), b"two._domainkey.mail.shop.example.")


@pytest.mark.parametrize("text", ["", "open sesame", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n"])
def test_what_is_no_key_says_how_to_make_one(text):
    with pytest.raises(Refused, match="no private RSA key") as told:
        signer(spec(), text)
    assert "openssl" in str(told.value) and "sesame" not in str(told.value)


def test_both_halves_of_a_key_are_known_to_belong_together():
    assert modulus_of(key()) == parse_pem_private_key(key().encode())["modulus"]


class Names(socketserver.BaseRequestHandler):
    """Answers questions for TXT records over UDP."""

    zone: Mapping[str, list[str]]

    def handle(self) -> None:
        data, socket = self.request
        asked = dns.message.from_wire(data)
        name = asked.question[0].name
        answer = dns.message.make_response(asked)
        texts = self.zone.get(name.to_text(omit_final_dot=True))
        if texts is None:
            answer.set_rcode(3)
        elif texts:
            parts = [
                " ".join(f'"{t[at : at + 200]}"' for at in range(0, len(t), 200)) for t in texts
            ]
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *parts))
        socket.sendto(answer.to_wire(), self.client_address)


@contextmanager
def name_server(zone: Mapping[str, list[str]]) -> Iterator[dns.resolver.Resolver]:
    handler = type("Handler", (Names,), {"zone": zone})
    with socketserver.UDPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], server.server_address[1]
        try:
            yield resolver
        finally:
            server.shutdown()
            thread.join()


def zone(**other: list[str]) -> dict[str, list[str]]:
    """Records as they should be, but for some."""
    sound = {
        "spf": ["v=spf1 include:mail.example -all", "unrelated=1"],
        "dkim": [record(key())],
        "dmarc": ["v=DMARC1; p=reject; rua=mailto:d@shop.example"],
    }
    said = {**sound, **other}
    return {
        "shop.example": said["spf"],
        "one._domainkey.shop.example": said["dkim"],
        "_dmarc.shop.example": said["dmarc"],
    }


def found(records_of: Mapping[str, list[str]], told: Smtp | None = None) -> dict[str, Said]:
    with name_server(records_of) as resolver:
        asked = records(told or spec(), key(), by(resolver, 2))
        return {each.record: each for each in asked}


def test_records_as_they_should_be():
    assert all(each.sound for each in found(zone()).values())
    said = found(zone())
    assert said["DKIM"].told == "an RSA key of 2048 bits" and said["SPF"].name == "shop.example"


@pytest.mark.parametrize(
    ("which", "texts", "told"),
    [
        ("SPF", [], "there is none"),
        ("SPF", ["v=spf1 -all", "v=spf1 ~all"], "there are 2"),
        ("SPF", ["v=spf1 +all"], "anybody may send"),
        ("SPF", ["v=spf1 include:a.example"], "no end"),
        ("SPF", ["v=spf1 " + "include:a.example " * 11 + "-all"], "asks 11 names"),
        ("DKIM", [], "no key"),
        ("DKIM", ["v=DKIM1; p="], "no RSA key"),
        ("DMARC", [], "there is none"),
        ("DMARC", ["v=DMARC1; rua=mailto:d@shop.example"], "no policy"),
        ("DMARC", ["v=DMARC1; p=none", "v=DMARC1; p=reject"], "several"),
    ],
)
def test_each_record_that_would_not_work_says_why(which, texts, told):
    said = found(zone(**{which.lower(): texts}))
    assert not said[which].sound and told in said[which].told
    assert all(each.sound for name, each in said.items() if name != which)


def test_a_key_of_somebody_else_is_noticed():
    said = found(zone(dkim=[record(key(number=1))]))["DKIM"]
    assert not said.sound and "not the key of this channel" in said.told


def test_the_policy_of_the_domain_above_counts_and_alignment_is_relaxed():
    below = spec(
        sender="Shop <hello@news.shop.example>",
        bounces={"address": "b+{token}@back.shop.example"},
        dkim={"selector": "one", "key": "${KEY}", "domain": "shop.example"},
    )
    more = {"back.shop.example": ["v=spf1 a ~all"]}
    said = found({**zone(), **more}, below)
    assert all(each.sound for each in said.values())
    strange = spec(bounces={"address": "b+{token}@other.example"}, dkim=None)
    unrelated = found({**zone(), "other.example": ["v=spf1 a ~all"]}, strange)
    assert "neither return path nor signature" in unrelated["DMARC"].told


def test_a_name_server_that_is_silent_is_told_apart_from_no_record():
    silent = dns.resolver.Resolver(configure=False)
    silent.nameservers, silent.port = ["127.0.0.1"], 9
    with pytest.raises(ChannelError, match="No name server answers"):
        list(records(spec(), key(), by(silent, 0.3)))
