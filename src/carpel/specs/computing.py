"""`engine` in carpel.yml: what computes the segments."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from carpel.specs.base import SECRET, Name, Spec


def _url(url: str) -> str:
    password = urlsplit(url).password
    if password and not SECRET.fullmatch(password):
        raise ValueError("a password stands here: write ${NAME} and set NAME outside")
    return url


class Computing(Spec):
    """An engine, where it is, and the tables of your own that stand for Carpel's."""

    kind: Literal["duckdb", "postgres", "spark"]
    url: Annotated[str, AfterValidator(_url)] | None = None
    """PostgreSQL's database, or Spark's master; `${NAME}` keeps a secret out of the file."""
    tables: dict[Name, str] = Field(default_factory=dict)
    """By Carpel's name of a table: `schema.table` of the engine's own, read where it is."""

    @model_validator(mode="after")
    def _whole(self) -> "Computing":
        if self.kind == "postgres" and not self.url:
            raise ValueError("postgres needs the `url` of a database: ${NAME}")
        if self.kind == "duckdb" and (self.url or self.tables):
            raise ValueError("duckdb runs inside Carpel: it has neither `url` nor `tables`")
        return self


def computing(said: str | Computing) -> Computing:
    """The engine that a project names, shortly or in full."""
    return said if isinstance(said, Computing) else Computing(kind=said)  # type: ignore[arg-type]
