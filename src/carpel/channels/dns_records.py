"""What the DNS says about who may send for a domain: SPF, DKIM and DMARC."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from carpel.channels.signing import modulus_of, public_modulus, signing_domain
from carpel.errors import ChannelError, MissingExtra
from carpel.specs.channel import Smtp
from carpel.specs.senders import domain_of

Txt = Callable[[str], list[str]]
"""The TXT records of a name; none where there are none."""
LOOKUPS = 10
"""An SPF record may make receivers ask so often (RFC 7208, section 4.6.4)."""
_ASKING = re.compile(r"^[+?~-]?(?:include:|a\b|mx\b|ptr\b|exists:)|^redirect=", re.IGNORECASE)


@dataclass(frozen=True)
class Said:
    """One record: where it stands, whether it is as it should be, and what to do about it."""

    record: str
    name: str
    sound: bool
    told: str


def records(spec: Smtp, key: str | None, txt: Txt) -> Iterator[Said]:
    """What receivers will find; asks the DNS. `key` is the private one, where messages are signed.

    Raises ChannelError where no name server answers.
    """
    envelope = domain_of(spec.bounces.address) if spec.bounces else domain_of(spec.sender)
    yield _spf(envelope, txt)
    yield _dkim(spec, key, txt)
    known = (envelope, signing_domain(spec)) if spec.dkim else (envelope,)
    yield _dmarc(domain_of(spec.sender), known, txt)


def _spf(domain: str, txt: Txt) -> Said:
    found = [each for each in txt(domain) if each.lower().split(" ")[0] == "v=spf1"]

    def said(sound: bool, told: str) -> Said:
        return Said("SPF", domain, sound, told)

    if not found:
        return said(False, "there is none: a TXT record such as v=spf1 include:YOUR-SERVER -all")
    if len(found) > 1:
        return said(False, f"there are {len(found)}, and receivers take none of them: keep one")
    terms = found[0].split()[1:]
    asked = sum(bool(_ASKING.match(each)) for each in terms)
    if asked > LOOKUPS:
        return said(False, f"it asks {asked} names, and receivers stop after {LOOKUPS}")
    last = next((each.lower() for each in terms if each.lower().endswith("all")), "")
    if last in ("+all", "all", "?all"):
        return said(False, f"it ends with {last}: anybody may send in this name; write -all")
    if not last and not any(each.lower().startswith("redirect=") for each in terms):
        return said(False, "it has no end: write -all or ~all behind it")
    return said(True, found[0])


def _dkim(spec: Smtp, key: str | None, txt: Txt) -> Said:
    if spec.dkim is None:
        return Said("DKIM", "", False, "not signed here, so the server has to: see `dkim`")
    name = f"{spec.dkim.selector}._domainkey.{signing_domain(spec)}"
    found = [each for each in txt(name) if "p=" in each]
    if not found:
        return Said("DKIM", name, False, "there is no key: receivers cannot check what is signed")
    public = public_modulus(found[0])
    if public is None:
        return Said("DKIM", name, False, "it holds no RSA key")
    if key is not None and public != modulus_of(key):
        return Said("DKIM", name, False, "it is not the key of this channel: signatures would fail")
    bits = public.bit_length()
    return Said("DKIM", name, bits >= 1024, f"an RSA key of {bits} bits")


def _dmarc(domain: str, known: Sequence[str], txt: Txt) -> Said:
    """Of the sender's domain, else of the one above it; `known` are return path and signature."""
    for asked in _upwards(domain):
        name = f"_dmarc.{asked}"
        found = [each for each in txt(name) if each.lower().replace(" ", "").startswith("v=dmarc1")]
        if found:
            break
    else:
        return Said(
            "DMARC", f"_dmarc.{domain}", False, "there is none: begin with v=DMARC1; p=none"
        )
    if len(found) > 1:
        return Said("DMARC", name, False, "there are several, and receivers take none: keep one")
    policy = re.search(r"\bp\s*=\s*(\w+)", found[0], re.IGNORECASE)
    if policy is None or policy[1].lower() not in ("none", "quarantine", "reject"):
        return Said("DMARC", name, False, "it has no policy: p=none, p=quarantine or p=reject")
    if not any(_aligned(domain, each) for each in known):
        return Said("DMARC", name, False, "neither return path nor signature is of the sender")
    return Said("DMARC", name, True, found[0])


def _upwards(domain: str) -> Iterator[str]:
    labels = domain.split(".")
    yield from (".".join(labels[at:]) for at in range(max(1, len(labels) - 1)))


def _aligned(domain: str, other: str) -> bool:
    """Whether one is the other or below it, as relaxed alignment allows it (RFC 7489, 3.1)."""
    return domain == other or domain.endswith(f".{other}") or other.endswith(f".{domain}")


def asked(timeout: float = 5.0) -> Txt:
    """Asks the name servers of this machine."""
    try:
        import dns.resolver
    except ModuleNotFoundError as error:
        raise MissingExtra("campaigns", "Asking the DNS") from error
    return by(dns.resolver.Resolver(), timeout)


def by(resolver: object, timeout: float = 5.0) -> Txt:
    """Asks through a resolver of dnspython."""
    import dns.exception
    import dns.resolver

    def txt(name: str) -> list[str]:
        try:
            found = resolver.resolve(name, "TXT", lifetime=timeout)  # type: ignore[attr-defined]
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.DNSException as error:
            raise ChannelError(
                f"No name server answers about {name}: {type(error).__name__}.",
                action="See whether this machine is connected, and try again.",
            ) from error
        return [b"".join(each.strings).decode("utf-8", "replace") for each in found]

    return txt
