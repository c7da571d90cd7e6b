"""Links that say where somebody came from, by UTM, and nothing about who follows them."""

from urllib.parse import quote, urlsplit

from carpel.errors import CarpelError
from carpel.messages.links import told_apart


def link_of(text: str) -> str:
    """A link as it can stand in mail and posts; raises CarpelError where it is none."""
    parts = urlsplit(text.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or "." not in parts.hostname:
        raise CarpelError(f"{text!r} is no link.", action="Say --link https://shop.example/tea")
    if any(each in text for each in "{}<>\"'\\") or any(each.isspace() for each in text.strip()):
        raise CarpelError(
            f"{text!r} holds characters that no link has.", action="Write them in per cents."
        )
    return text.strip()


def with_utm(link: str, *, source: str, medium: str, campaign: str, content: str) -> str:
    """The link with UTM; its query and fragment stay, and so does any `utm_…` it has already.

    `campaign` is seen by whoever follows it: a code, never the name of a segment.
    """
    said = {"source": source, "medium": medium, "campaign": campaign, "content": content}
    tags = {f"utm_{name}": quote(each, safe="") for name, each in said.items()}
    return told_apart(link, tags, (urlsplit(link).hostname or "",))
