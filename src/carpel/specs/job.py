"""A job: what is done by itself, and when."""

import re
from datetime import time
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from carpel.specs.base import Name, Spec

_FIELD = r"(\*|[\w]+(-[\w]+)?)(/\d+)?"
CRON = re.compile(rf"{_FIELD}(,{_FIELD})*")


def _cron(text: str) -> str:
    parts = text.split()
    if len(parts) != 5 or not all(CRON.fullmatch(each) for each in parts):
        raise ValueError(
            f"{text!r} is no schedule: minute, hour, day, month, weekday, such as `0 3 * * 1-5`"
        )
    return " ".join(parts)


class Job(Spec):
    """Done when its time comes, once, whoever else keeps the time as well."""

    do: Literal["run", "send", "report"]
    """Update the project; take every approved campaign as far as it is due; write the report."""
    campaign: Name | None = None
    """The one campaign that is sent; else all that are approved."""
    at: time | None = None
    """Every day at this time, on the project's clocks."""
    every_minutes: int | None = Field(default=None, ge=1, le=24 * 60)
    """So often, counted from midnight in UTC."""
    cron: Annotated[str, AfterValidator(_cron)] | None = None
    """As crontabs say it, on the project's clocks; 0 and 7 are Sunday."""

    @model_validator(mode="after")
    def _one_schedule(self) -> "Job":
        if sum(each is not None for each in (self.at, self.every_minutes, self.cron)) != 1:
            raise ValueError("say when: `at`, `every_minutes` or `cron`, one of them")
        if self.campaign is not None and self.do != "send":
            raise ValueError("`campaign` goes with `do: send`")
        return self

    @property
    def told(self) -> str:
        """When, in words."""
        if self.at is not None:
            return f"every day at {self.at:%H:%M}"
        return f"every {self.every_minutes} minutes" if self.every_minutes else f"cron {self.cron}"
