"""Liquid kept out of the way while Markdown, MJML or CSS is worked on, and put back after."""

import re

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
MARK = re.compile(r"LIQUID(\d+)X")
ALONE = re.compile(r"<p>((?:\s*LIQUID\d+X\s*)+)</p>")


class Held:
    """A text whose Liquid is replaced by marks that no mark-up language changes."""

    def __init__(self, text: str) -> None:
        self.tags: list[str] = []
        self.text = TAG.sub(self._mark, text)

    def back(self, text: str) -> str:
        """The text with its Liquid again; a paragraph of nothing but `{% %}` is none."""
        bare = ALONE.sub(self._unwrapped, text)
        return MARK.sub(lambda found: self.tags[int(found[1])], bare)

    def _mark(self, found: re.Match[str]) -> str:
        self.tags.append(found[0])
        return f"LIQUID{len(self.tags) - 1}X"

    def _unwrapped(self, found: re.Match[str]) -> str:
        tags = [self.tags[int(each)] for each in MARK.findall(found[1])]
        return found[1] if all(each.startswith("{%") for each in tags) else found[0]
