"""A list of people for an advertising platform, which knows them by hashes."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from carpel.specs.base import Document, Name
from carpel.specs.senders import Medium

Platform = Literal["google", "meta", "linkedin"]
LEAST: Mapping[Platform, int] = {"google": 100, "meta": 100, "linkedin": 300}
"""Fewer people than these are no audience to the platform."""


class AudienceExport(Document):
    """Files of hashes: who is to be added to a platform's list, who removed, who is on it."""

    name: Name
    kind: Literal["audience_export"]
    platform: Platform
    least: int = Field(default=0, ge=0)
    """The smallest list that is written; never smaller than the platform takes."""

    @property
    def medium(self) -> Medium:
        """People give permission for advertisements apart from letters."""
        return "ads"

    @property
    def smallest(self) -> int:
        """The smallest list that is written."""
        return max(self.least, LEAST[self.platform])
