"""`access` in carpel.yml: who may do what; everybody may do everything while nobody is named."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from carpel.specs.base import Spec

Role = Literal["marketer", "approver", "admin"]


def _one_or_many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class Access(Spec):
    """Who acts here, and as what; who is not named, once anybody is, may look and no more."""

    actors: dict[str, Annotated[tuple[Role, ...], BeforeValidator(_one_or_many)]] = Field(
        default_factory=dict
    )
    """By name: `marketer` plans, tests and sends, `approver` approves, `admin` does it all."""
    approve_own: bool = False
    """Whether the owner of a campaign may approve it too."""
