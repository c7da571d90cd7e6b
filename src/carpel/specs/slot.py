"""A slot: a place on a web site of one's own, and what stands there for whom."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from carpel.specs.base import Document, Name, Spec
from carpel.specs.campaign import ALONE, HOLDOUT
from carpel.specs.shares import Share, shared_out

ANONYMOUS = "anonymous"
"""In place of a segment: visitors of whom it is not known who they are."""
FALLBACK = "fallback"
"""What it is called where no rule holds."""
_ADDRESS = re.compile(r"(?:\w+_)?(?:url|image)")
_SAFE = re.compile(r"(?:https?://[^\s\"<>\\]+|/(?![/\\])[^\s\"<>\\]*)")


def _safe(content: dict[str, str]) -> dict[str, str]:
    for field, said in content.items():
        if _ADDRESS.fullmatch(field) and not _SAFE.fullmatch(said):
            raise ValueError(f"{field} is no address: https://shop.example/tea, or /tea")
    return content


Line = Annotated[str, StringConstraints(max_length=1000)]
Content = Annotated[dict[Name, Line], AfterValidator(_safe)]
"""By name of the field: its text, never markup. `url`, `image` and what ends with `_url` or
`_image` are addresses: http, https, or a path of the site."""


class ContentVariant(Spec):
    """One of several contents that people of a rule are given by chance, the same one always."""

    name: Name
    share: Share
    content: Content


class SlotRule(Spec):
    """What the people of one segment see."""

    segment: str = Field(min_length=1)
    """A segment, a place such as `rfm.champions`, or `anonymous`."""
    content: Content | None = None
    variants: tuple[ContentVariant, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> "SlotRule":
        if (self.content is None) == (not self.variants):
            raise ValueError("give one `content`, or `variants` with one each")
        shared_out(self.variants, {HOLDOUT, FALLBACK}, "those are called who see the fallback")
        return self

    @property
    def arms(self) -> tuple[ContentVariant, ...]:
        """The variants; one called `all` where there is a content alone."""
        return self.variants or (ContentVariant(name=ALONE, share=1, content=self.content or {}),)


class Slot(Document):
    """A place on a site: the first rule that holds says what stands there, else the fallback."""

    name: Name
    label: str = ""
    rules: tuple[SlotRule, ...] = ()
    fallback: Content = Field(default_factory=dict)
    """What everybody else sees; left out, what stands in the page stays."""
    holdout: float = Field(default=0, ge=0, lt=1)
    """The share of the people of each rule who see the fallback, to compare with."""

    @model_validator(mode="after")
    def _apart(self) -> "Slot":
        named = [each.segment for each in self.rules]
        if twice := [each for each in named if named.count(each) > 1]:
            raise ValueError(f"two rules are about {twice[0]!r}: the second would never hold")
        return self
