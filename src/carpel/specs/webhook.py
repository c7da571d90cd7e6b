"""A web address that takes messages as JSON."""

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from carpel.specs.base import Names, Spec
from carpel.specs.senders import Secret, Speaking


def _web(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise ValueError("is no web address: https://hooks.shop.example/messages")
    if re.search(r"[\s\x00-\x1f\x7f]|[^\x21-\x7e]", url) or parts.fragment or not _port(url):
        raise ValueError("is no plain web address: only ASCII, no blank and no #")
    return url


def _port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


class Hook(Spec):
    """Where requests go, how they are signed and how long an answer may take."""

    url: Annotated[str, AfterValidator(_web)]
    secret: Secret
    """Signs each request, so that the receiver knows who it is from (Standard Webhooks)."""
    allow_inner: bool = False
    """Whether the address may be on this machine or in a network of one's own."""
    per_request: int = Field(default=1, ge=1, le=1000)
    """So many people in a request."""
    timeout_seconds: float = Field(default=30, gt=0, le=600)

    @model_validator(mode="after")
    def _unreadable(self) -> "Hook":
        if urlsplit(self.url).scheme == "http" and not self.allow_inner:
            raise ValueError("what is sent would be readable on the way: write https")
        return self


class Webhook(Speaking, Hook):
    """A service of one's own, or one that sends text messages or notifications."""

    kind: Literal["webhook"]
    medium: Literal["email", "sms", "phone", "push"] = "email"
    values: Names = ()
    """Traits that are told of each person, besides the message."""
