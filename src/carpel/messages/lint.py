"""What is likely to go wrong with a message in people's hands, before anybody gets it."""

import re
from collections.abc import Iterator

from carpel.messages.compiled import Rendered

LONG_SUBJECT = 60
"""Characters from which many mail programs cut a subject off."""
CLIPPED = 102_000
"""Bytes of HTML from which Gmail shows the beginning only."""


def lint(message: Rendered, unsubscribe: str) -> Iterator[str]:
    """Weak points of a rendered message; `unsubscribe` is the address that has to be in it."""
    if len(message.subject) > LONG_SUBJECT:
        yield f"the subject has {len(message.subject)} characters: many read {LONG_SUBJECT} of them"
    if unsubscribe and unsubscribe.replace("&", "&amp;") not in message.html:
        yield "there is no link to unsubscribe: write {{ unsubscribe_url }} in the body"
    if (size := len(message.html.encode())) > CLIPPED:
        yield f"the body has {size // 1000:,} kB: Gmail shows the first 102"
    for tag in re.findall(r"<img\b[^>]*>", message.html):
        if not re.search(r'\balt="[^"]+"', tag):
            yield "an image has no text for those who do not see it: ![what it shows](address)"
            return
