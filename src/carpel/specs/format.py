"""What a source reads, and how a file is written where its own signs do not decide it."""

import codecs
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator, Field, StringConstraints

from carpel.specs.base import Names, Spec


def _encoding(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError:
        raise ValueError(f"there is no encoding {name!r}, such as utf-8 or cp1252") from None
    return name


def _delimiter(sign: str) -> str:
    if len(sign) != 1 and sign != " +":
        raise ValueError('is one sign such as ; or "\\t" (" +" for any run of blanks)')
    return sign


Sign = Annotated[str, StringConstraints(min_length=1, max_length=1)]


class Format(Spec):
    """How a file is written, where its own signs do not decide it."""

    kind: Literal["csv", "parquet", "jsonl", "xlsx", "database"] | None = None
    encoding: Annotated[str, AfterValidator(_encoding)] | None = None
    delimiter: Annotated[str, AfterValidator(_delimiter)] | None = None
    quote: Sign | None = None
    header: bool = True
    columns: tuple[str, ...] = ()
    """Names of the columns where the file has no header."""
    skip_rows: int = Field(default=0, ge=0)
    decimal: Literal[".", ","] | None = None
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    sheet: str | int | None = None
    table: str | None = None
    """Table to read, for a database."""


def _readable(read: tuple[str, ...]) -> tuple[str, ...]:
    for each in filter(lambda each: "://" in each, read):
        try:
            parts = urlsplit(each)
        except ValueError:
            raise ValueError(
                "is no database URL: postgresql://USER:${NAME}@HOST/DATABASE"
            ) from None
        if parts.scheme not in ("postgresql", "postgres"):
            raise ValueError("reads files and PostgreSQL (postgresql://…); download the file first")
        said = [parts.password or "", *dict(parse_qsl(parts.query)).get("password", "").split()]
        if any(each and not each.startswith("${") for each in said):
            raise ValueError("a password stands here: write ${NAME} and set NAME outside")
    return read


Reads = Annotated[Names, AfterValidator(_readable)]
"""Paths or globs relative to the project, or a database URL; a secret in it stands as `${NAME}`."""
