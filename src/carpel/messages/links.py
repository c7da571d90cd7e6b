"""Links of a message led elsewhere, or told apart by what their address says further."""

import re
from collections.abc import Callable, Collection, Mapping
from html import escape, unescape
from urllib.parse import parse_qsl, quote, urlsplit

from carpel.messages.holding import MARK, Held

_LINK = re.compile(r'href="(https?://[^"{}]+)"')


def led_by(html: str, led: Callable[[str], str]) -> str:
    """A page whose links lead where `led` says; Liquid in an address is a mark there, see `Held`.

    An address that is a field as a whole, as that to unsubscribe, stays as it is.
    """
    held = Held(html)
    return held.back(
        _LINK.sub(lambda found: f'href="{escape(led(unescape(found[1])))}"', held.text)
    )


def is_personal(url: str) -> bool:
    """Whether a field has a part in an address, as `led_by` gives it."""
    return MARK.search(url) is not None


def told_apart(url: str, tags: Mapping[str, str], sites: Collection[str]) -> str:
    """An address of one of these sites, or of a site below one, with parameters added to it.

    Those that it has already, its other ones and what stands behind `#` stay as they are. So does
    an address whose path says a field, since that may bring a `?` or `#` of its own. Values of
    `tags` stand there as they are.
    """
    address, fence, place = url.partition("#")
    path, _, asked = address.partition("?")
    if not _is_of(path, sites) or is_personal(path):
        return url
    said = {name.lower() for name, _ in parse_qsl(asked, keep_blank_values=True)}
    new = "&".join(f"{quote(k)}={each}" for k, each in tags.items() if k not in said)
    whole = "&".join(filter(None, (asked.rstrip("&"), new)))
    return f"{path}?{whole}{fence}{place}" if new else url


def _is_of(path: str, sites: Collection[str]) -> bool:
    try:
        host = urlsplit(path).hostname or ""
    except ValueError:
        return False
    return any(host == each or host.endswith(f".{each}") for each in sites)
