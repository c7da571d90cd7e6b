"""Numbers as people write them: decimal signs, thousands, currency, brackets for minus."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from carpel.engine.query import Tree, query
from carpel.reading.shapes import Shape

_COMMA = re.compile(r",9{1,2}(?!9)[^9,.]*$|,9{4,}[^9,.]*$|9\.999,9|\.999\.999")
_POINT = re.compile(r"\.9{1,2}(?!9)[^9,.]*$|\.9{4,}[^9,.]*$|9,999\.9|,999,999")
_EITHER = re.compile(r"[.,]999[^9,.]*$")
_PLAIN = re.compile(r"^-?9*\.?9+$|^-?9+\.$|^-?9*\.?9+a[-+]?9+$")
_SIGN = "[$€£¥₹₽₺₩₪₴₫฿₦]"
_NUMBER = re.compile(
    rf"^['’(+−-]*\s?(a\.?|\w{{0,3}}{_SIGN}\w?)?\s?[-+−]?\s?"
    rf"9[9.,'’ \u00a0\u202f]*(a[-+]?9+)?\s?(a\.?|{_SIGN}|%)?\s?[-)]?$|^'?[-+]?\.9+$"
)
MISSING = ("", "-", "--", "?", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "\\n", ".")
"""How files say that there is no value, in lower case."""


@dataclass(frozen=True)
class Numbers:
    """How a column writes its numbers."""

    decimal: Literal[".", ","]
    plain: bool
    """Whether all of them are digits, a sign and a point only."""
    ambiguous: bool = False
    """Whether `1,234` could as well be one and a bit, and nothing in the column tells."""


def numbers(found: Iterable[Shape], given: Literal[".", ","] | None = None) -> Numbers:
    """Decide from the whole column which sign is the decimal one."""
    found = [each for each in found if each.example.lower() not in MISSING]
    comma = sum(each.rows for each in found if _COMMA.search(each.shape))
    point = sum(each.rows for each in found if _POINT.search(each.shape))
    either = any(_EITHER.search(each.shape) for each in found)
    decimal = given or ("," if comma > point else ".")
    plain = decimal == "." and all(
        _PLAIN.match(each.shape) and (each.shape.isascii() and "a" not in each.shape)
        for each in found
    )
    return Numbers(decimal, plain, either and given is None and comma == point)


def looks_numeric(shape: str) -> bool:
    """Whether a value of this shape can be a number with its dress."""
    return bool(_NUMBER.match(shape))


def dresses(word: str) -> bool:
    """Whether a word beside digits leaves them a number: an exponent or money; no `Item 5`."""
    from carpel.values.currency import normal

    return word.lower() in ("e", "kr", "tl", "lv") or normal(word).value is not None


def number(said: Tree, how: Numbers) -> Tree:
    """A DOUBLE from text, null where it is no number; brackets and a sign behind mean minus."""
    if how.plain:
        return query("TRY_CAST(:v AS DOUBLE)", v=said)
    away, point = (",", ".") if how.decimal == "." else (".", ",")
    # One list of one, so that the text is undressed once and not at each place that looks at it.
    return query(
        "list_transform([:bare], lambda b: CASE WHEN regexp_matches(b, :pattern) THEN "
        "TRY_CAST(replace(replace(regexp_replace(b, '[-+()%]*([0-9.,]+([eE][-+]?[0-9]+)?).*', "
        "'\\1'), :away, ''), :point, '.') AS DOUBLE) "
        "* CASE WHEN regexp_matches(b, '^[(]?-|^[(].*[)]$|-$') THEN -1 ELSE 1 END "
        "/ CASE WHEN contains(b, '%') THEN 100 ELSE 1 END END)[1]",
        bare=_bare(said),
        pattern=_pattern(how.decimal),
        away=away,
        point=point,
    )


def _bare(said: Tree) -> Tree:
    """Without blanks, thousands written as apostrophes, signs and names of currencies."""
    plain = query(
        r"regexp_replace(replace(:v, '−', '-'), "
        r"'[$€£¥₹₽₺₩₪₴₫฿₦\s\x{00A0}\x{202F}''’_]', '', 'g')",
        v=said,
    )
    return query(
        r"regexp_replace(regexp_replace(:v, '^([(+-]*)[^-0-9.,(+]{1,3}\.?([-+]?[0-9.,])', "
        r"'\1\2'), '([0-9.,])[^-0-9.,)%]{1,3}\.?([-)]?)$', '\1\2')",
        v=plain,
    )


def _pattern(decimal: str) -> str:
    """What an undressed number looks like; thousands count only where all of them are set apart."""
    thousands, point = (",", r"\.") if decimal == "." else (r"\.", ",")
    grouped = rf"[0-9]{{1,3}}(?:{thousands}[0-9]{{2,3}})*{thousands}[0-9]{{3}}(?:{point}[0-9]*)?"
    plain = rf"[0-9]+{point}?[0-9]*|{point}[0-9]+"
    return rf"^[(]?[-+]?(?:{plain}|{grouped})(?:[eE][-+]?[0-9]+)?%?[-)]?$"
