"""Regular expressions: people write RE2, as DuckDB reads it; other engines read other letters."""

import re
from collections.abc import Iterator, Mapping

from carpel.errors import CarpelError

_TOKEN = re.compile(
    r"\\(?:x\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|[pP](?:\{\^?\w+\}|\w)|.)"
    r"|\[:\^?\w+:\]|\(\?P?<|\(\?[a-zA-Z-]*[:)]|\[\^?\]?|.",
    re.DOTALL,
)
_CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": r"\t\n\f\r "}
_POSIX = {
    "alpha": "A-Za-z", "digit": "0-9", "alnum": "0-9A-Za-z", "upper": "A-Z", "lower": "a-z",
    "space": r"\t\n\x0b\f\r ", "word": "0-9A-Za-z_", "xdigit": "0-9A-Fa-f", "punct": None,
}  # fmt: skip
_W = "[0-9A-Za-z_]"
_EDGE = f"(?:(?<={_W})(?!{_W})|(?<!{_W})(?={_W}))"
"""The edge of an ASCII word, for Java, whose own knows letters of all scripts."""
_NO_EDGE = f"(?:(?<={_W})(?={_W})|(?<!{_W})(?!{_W}))"
_EDGES: Mapping[str, Mapping[str, str]] = {
    "postgres": {"$": r"\Z", "^": r"\A", "A": r"\A", "z": r"\Z", "b": r"\y", "B": r"\Y"},
    "spark": {"$": r"\z", "^": "^", "A": r"\A", "z": r"\z", "b": _EDGE, "B": _NO_EDGE},
}
_LINE = {"postgres": r"[^\n]", "spark": r"[^\n]"}


def translated(pattern: str, engine: str) -> str:
    """The same pattern as another engine reads it.

    A dot is any character but a line's end, `^` and `$` are the ends of the whole text, classes
    such as `\\d` are ASCII. Raises CarpelError for what the engine has no equal of.
    """
    return "".join(_pieces(pattern, engine))


def _pieces(pattern: str, engine: str) -> Iterator[str]:
    inside = False
    for match in _TOKEN.finditer(pattern):
        token = match[0]
        if inside:
            yield _within(token, pattern, engine)
            inside = token != "]"
        else:
            inside = token.startswith("[") and not token.startswith("[:")
            yield _outside(token, pattern, engine)


def _outside(token: str, pattern: str, engine: str) -> str:
    if token == ".":
        return _LINE[engine]
    if token in ("^", "$"):
        return _EDGES[engine][token]
    if token.startswith("\\"):
        return _escaped(token[1:], pattern, engine)
    if token.startswith("(?") and token != "(?:":
        raise _none(token, pattern, engine)
    return token.replace("]", r"\]") if token in ("[]", "[^]") else token


def _escaped(letter: str, pattern: str, engine: str) -> str:
    if letter.lower() in _CLASSES:
        negated = "^" if letter.isupper() else ""
        return f"[{negated}{_CLASSES[letter.lower()]}]"
    if letter in _EDGES[engine]:
        return _EDGES[engine][letter] if letter not in "^$" else f"\\{letter}"
    return _character(letter, pattern, engine)


def _within(token: str, pattern: str, engine: str) -> str:
    """A piece between brackets."""
    if token.startswith("[:"):
        named = _POSIX.get(token[2:-2])
        if named is None:
            raise _none(token, pattern, engine)
        return named
    if token.startswith("\\"):
        if token[1:] in _CLASSES:
            return _CLASSES[token[1:]]
        return _character(token[1:], pattern, engine)
    return token.replace("[", r"\[").replace("&", r"\&") if engine == "spark" else token


def _character(letter: str, pattern: str, engine: str) -> str:
    """An escaped character that stands for one character."""
    if letter[0] == "x" and len(letter) > 1:
        code = int(letter.strip("x{}"), 16)
        return f"\\U{code:08X}" if engine == "postgres" else f"\\x{{{code:X}}}"
    if letter in "tnrfv" or not letter.isalnum():
        return f"\\{letter}" if letter != "v" else r"\x0B"
    raise _none(f"\\{letter}", pattern, engine)


def _none(token: str, pattern: str, engine: str) -> CarpelError:
    return CarpelError(
        f"The pattern {pattern!r} holds `{token}`, which the engine {engine} does not know.",
        action="Write it without, or use `contains`, `starts_with` or `in`.",
    )
