"""HTML as plain text, for those who read mail without it."""

import re
from html.parser import HTMLParser

BLOCKS = frozenset(
    {"blockquote", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "table", "tr", "ul"}
)
UNSEEN = frozenset({"style", "script", "head", "title"})


def plain_text(html: str) -> str:
    """The words of a page, a paragraph a block; a link's address stands behind its words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen: list[str] = []
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in UNSEEN or (tag == "div" and "display:none" in (said.get("style") or "")):
            self._unseen.append(tag)
        elif tag == "a":
            self._links.append((said.get("href") or "", len(self.parts)))
        elif tag == "img" and not self._unseen:
            self.parts.append(said.get("alt") or "")
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in BLOCKS:
            self.parts.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if self._unseen and tag == self._unseen[-1]:
            self._unseen.pop()
        elif tag == "a" and self._links:
            address, at = self._links.pop()
            words = "".join(self.parts[at:])
            if address and address != words.strip():
                self.parts.append(f" ({address})")
        elif tag in BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(re.sub(r"\s+", " ", data))
