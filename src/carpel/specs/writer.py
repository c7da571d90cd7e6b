"""`personas` in carpel.yml: who may word the sentences of personas; nobody unless it is written."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from carpel.specs.base import SECRET, Spec


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is no address: https://HOST/v1")
    if parts.password or parts.username or parts.query:
        raise ValueError("holds more than an address: write the key as `key: ${NAME}`")
    return url.rstrip("/")


def _named(key: str) -> str:
    if not SECRET.fullmatch(key):
        raise ValueError("a key stands here: write ${NAME} and set NAME outside")
    return key


class Writer(Spec):
    """A language model that may rephrase sentences; what it adds or changes is refused.

    Sent to it are sentences about groups of people and nothing else.
    """

    url: Annotated[str, AfterValidator(_address)]
    """Of any server that speaks as OpenAI's does: `…/v1`, without `/chat/completions`."""
    model: str = Field(min_length=1)
    key: Annotated[str, AfterValidator(_named)] | None = None
    most_seconds: float = Field(default=60, gt=0, le=600)
    """For one segment."""


class Personas(Spec):
    """How personas are written."""

    writer: Writer | None = None
