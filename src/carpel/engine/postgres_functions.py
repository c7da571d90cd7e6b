"""Carpel's own functions in PostgreSQL, written once into the schema `carpel`.

No extension is needed. Each says there what `meanings` wants of it.
"""

import sys
import unicodedata
from collections.abc import Iterator
from itertools import groupby

COLLATIONS = ("pg_c_utf8", "und-x-icu", "C.utf8", "C.UTF-8", "en_US.utf8")
"""Any of these knows the small letter of every letter; the first that a server has is used."""

_FIRST = """
CREATE OR REPLACE FUNCTION carpel_former(anyelement, anyelement) RETURNS anyelement
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT $1';
CREATE OR REPLACE AGGREGATE carpel_first(anyelement)
  (SFUNC = carpel_former, STYPE = anyelement, PARALLEL = SAFE);
"""
_NUMBERS = r"""
CREATE OR REPLACE FUNCTION carpel_round(x double precision, digits integer)
  RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN x IN ('Infinity', '-Infinity', 'NaN') OR abs(x) > 1e300 THEN x
    WHEN abs(y - trunc(y)) >= 0.5 THEN (trunc(y) + sign(y)) / power(10::float8, digits)
    ELSE trunc(y) / power(10::float8, digits) END
  FROM (SELECT CASE WHEN abs(x) > 1e300 THEN 0 ELSE x * power(10::float8, digits) END AS y) AS s
$$;
CREATE OR REPLACE FUNCTION carpel_mod(x bigint, y bigint) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT x % NULLIF(y, 0)';
CREATE OR REPLACE FUNCTION carpel_mod(x double precision, y double precision)
  RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS 'SELECT x - y * trunc(x / NULLIF(y, 0))';
CREATE OR REPLACE FUNCTION carpel_try_double(x text) RETURNS double precision
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN x IN ('NaN', 'Infinity', '-Infinity') THEN x::float8
    WHEN x !~ '^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?\s*$' THEN NULL
    WHEN x::numeric = 0 THEN 0
    WHEN abs(x::numeric) BETWEEN 1e-307 AND 1.7e308 THEN x::float8 END
$$;
"""
_TEXT = """
CREATE OR REPLACE FUNCTION carpel_lower(x text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT lower(x COLLATE "{collation}") COLLATE "C"';
CREATE OR REPLACE FUNCTION carpel_strip_accents(x text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN octet_length(x) = char_length(x) THEN x
    ELSE normalize(regexp_replace(normalize(x, NFD), '[{marks}]', '', 'g'), NFC) END
$$;
"""


def definitions(collation: str) -> str:
    """The statements that define all functions in the current schema; repeating them is fine."""
    return _FIRST + _NUMBERS + _TEXT.format(collation=collation, marks=_marks())


def _marks() -> str:
    """Every character that Unicode calls a mark, as ranges between brackets."""
    return "".join(f"\\U{first:08X}-\\U{last:08X}" for first, last in _ranges())


def _ranges() -> Iterator[tuple[int, int]]:
    marks = [at for at in range(sys.maxunicode) if unicodedata.category(chr(at)).startswith("M")]
    for _, run in groupby(enumerate(marks), key=lambda each: each[1] - each[0]):
        listed = [mark for _, mark in run]
        yield listed[0], listed[-1]
