"""What a user wants drafted and gives for it, looked at before anything else is done."""

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal, get_args

from carpel.drafts import Brief
from carpel.drafts.links import link_of
from carpel.drafts.networks import network
from carpel.drafts.phrases import Language, Tone
from carpel.errors import CarpelError, NotFound
from carpel.specs import Project

Kind = Literal["email", "social", "ads"]
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")
"""What a campaign may be called in a link."""


@dataclass(frozen=True)
class Wish:
    """What is to be drafted, and what the user gives; raises NotFound for a kind or network that
    is not there."""

    kinds: Sequence[str] = ()
    networks: Sequence[str] = ()
    offer: str = ""
    link: str = ""
    language: str | None = None
    tone: str = "plain"
    campaign: str | None = None
    """`utm_campaign`; a code that tells nothing when left out."""
    about: Sequence[str] = ()
    """What to speak about, beside what evidence gives."""
    called: Mapping[str, str] = field(default_factory=dict)
    """By name of the data: what people call it."""
    reworded: bool = False
    """Whether the project's writer may put it in other words."""

    def __post_init__(self) -> None:
        """See the class."""
        for kind in self.kinds:
            _one_of("kind of draft", kind, get_args(Kind))
        for name in self.networks:
            network(name)

    def brief(self, project: Project) -> Brief:
        """Who speaks, how and with what; raises NotFound and CarpelError."""
        shop = project.label or project.name.replace("_", " ").capitalize()
        language = self.language or project.language
        return Brief(
            " ".join(re.sub(r"[{}]", " ", shop).split()),
            _one_of("language", language, get_args(Language)),  # type: ignore[arg-type]
            _one_of("tone", self.tone, get_args(Tone)),  # type: ignore[arg-type]
            _spelled(self.offer),
            link_of(self.link) if self.link else "",
        )

    @property
    def names(self) -> dict[str, str]:
        """What the user calls names of the data; raises CarpelError."""
        return {name: _spelled(each) for name, each in self.called.items()}

    @property
    def topics(self) -> list[str]:
        """What the user wants to speak about; raises CarpelError."""
        return list(filter(None, map(_spelled, self.about)))

    def code(self, key: bytes, segment: str) -> str:
        """What stands in links: people see it, so it never says which segment they are in."""
        if self.campaign is not None and not CODE.fullmatch(self.campaign):
            raise CarpelError(
                f"{self.campaign!r} cannot stand in a link.", action="Say --campaign spring_2027."
            )
        secret = hmac.new(key, f"draft {segment}".encode(), sha256)
        return self.campaign or f"c{secret.hexdigest()[:8]}"


def _spelled(text: str) -> str:
    """What a user gives as one line; raises CarpelError where Liquid would read a field in it."""
    if "{" in text or "}" in text:
        raise CarpelError(
            f"{text!r} holds braces: messages would read a field in it.",
            action="Say it without; a campaign's own offer is put in by itself.",
        )
    return " ".join(text.split())


def _one_of(kind: str, name: str, names: Sequence[str]) -> str:
    if name not in names:
        raise NotFound(kind, name, names)
    return name
