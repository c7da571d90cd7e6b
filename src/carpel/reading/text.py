"""Bytes of a file as UTF-8 text: compression, byte order marks and encodings dealt with."""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from uuid import uuid4

from carpel.errors import SourceError
from carpel.reading.located import Located
from carpel.specs.words import counted

CHUNK = 1 << 20
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Byte order marks and what they say; the longer one of two that begin alike comes first."""

NO_TEXT = [bytes([code]) for code in range(32) if code not in (9, 10, 12, 13, 26, 27)]
"""Bytes that text of one byte a sign has no use for."""
OTHERS = {
    b"PK": "a zip archive or workbook",
    b"PAR1": "Parquet",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8": "a picture",
    b"SQLite": "a SQLite database",
    b"\xd0\xcf\x11\xe0": "an old workbook or document",
}
"""How files begin that people take for text."""
_DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)

CANDIDATES = [
    "cp1250",
    "cp1251",
    "cp1252",
    "cp1253",
    "cp1254",
    "cp1257",
    "cp932",
    "gb18030",
    "big5",
    "euc_kr",
    "mac_roman",
    "cp437",
    "koi8_r",
]
"""Encodings that exports of business software come in."""


MIXED = "mixed"
"""What lines are in of which some are UTF-8 and some are not."""


@dataclass(frozen=True)
class Recoded:
    """Lines of a file that are not UTF-8, and what they were read as."""

    file: str
    lines: int
    first: int
    """The first such line; the file's first is 1."""
    encoding: str
    among: bool
    """Whether other lines are UTF-8 beyond ASCII, so that the file mixes encodings."""

    def __str__(self) -> str:
        return (
            f"{self.file} mixes two encodings: {counted(self.lines, 'line')} not in UTF-8 like the "
            f"others, read as {self.encoding}; the first is line {self.first:,}."
        )


@dataclass(frozen=True)
class Text:
    """A file's text in UTF-8, and what had to be done for it."""

    path: Path
    recoded: tuple[Recoded, ...] = ()


def compressed(path: Path) -> bool:
    """Whether the file is a gzip, whatever its name says."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def opened(path: Path) -> BufferedReader | gzip.GzipFile:
    """The file's bytes, decompressed where it is a gzip."""
    return gzip.open(path) if compressed(path) else path.open("rb")


def must_be_text(file: Located, given: str | None) -> None:
    """Raise SourceError for a picture, an archive or the like under the name of a text file."""
    start = _start(file.path)
    if given or start.startswith(tuple(MARKS)):
        return
    odd = sum(start.count(byte) for byte in NO_TEXT)
    if odd > 3 + 0.02 * len(start):  # a short text with a slip is still one
        kind = next((kind for mark, kind in OTHERS.items() if start.startswith(mark)), None)
        raise SourceError(
            "This is no text file" + (f" but {kind}, by its first bytes." if kind else "."),
            place=file.shown,
            action="Export it as CSV, or give it the ending of what it is; if it is text, "
            "set `format: {encoding: …}`.",
        )


def _start(path: Path) -> bytes:
    """The first bytes of the text, decompressed; none of a gzip that is damaged there."""
    with opened(path) as file:
        try:
            return file.read1(4096)
        except _DAMAGED:
            return b""


def encoding(file: Located) -> str:
    """The encoding the file is written in; `mixed` when its lines do not agree on one.

    A mark that says UTF-8 is no proof: what somebody pasted in below it may be something else.
    """
    start = _start(file.path)
    marked = next((name for mark, name in MARKS.items() if start.startswith(mark)), "utf-8")
    if marked not in ("utf-8", "utf-8-sig"):
        return marked
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in _chunks(file):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return MIXED
    return marked


def as_utf8(file: Located, given: str | None, scratch: Path) -> Text:
    """The same text in UTF-8 without mark: the file itself, or a copy in `scratch`.

    A file that is called UTF-8 and is not is read as a mixed one.
    """
    must_be_text(file, given)
    kind = encoding(file) if given is None or _utf8(given) else given
    if not compressed(file.path) and _utf8(kind):
        return Text(file.path)
    recoded = _recoded(file) if kind == MIXED else None
    copy = scratch / f"{uuid4().hex}.txt"
    with copy.open("w", encoding="utf-8", newline="", errors="replace") as target:
        target.writelines(_by_line(file, recoded.encoding) if recoded else _decoded(file, kind))
    return Text(copy, (recoded,) if recoded else ())


def _utf8(kind: str) -> bool:
    return kind.lower().replace("_", "-") in ("utf-8", "utf8", "ascii")


def _decoded(file: Located, kind: str) -> Iterator[str]:
    """The text piece by piece."""
    decoder = codecs.getincrementaldecoder(kind)(errors="replace")
    for chunk in _chunks(file):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _by_line(file: Located, other: str) -> Iterator[str]:
    """The text line by line, in the other encoding where a line is not UTF-8."""
    with opened(file.path) as lines:
        for number, line in enumerate(lines):
            text = line.removeprefix(codecs.BOM_UTF8) if number == 0 else line
            yield text.decode("utf-8") if _is_utf8(text) else text.decode(other, errors="replace")


def _recoded(file: Located) -> Recoded:
    """The lines that are not UTF-8; their encoding is guessed from a megabyte of them."""
    bad, size, count, first, others = [], 0, 0, 0, False
    with opened(file.path) as lines:
        for number, line in enumerate(lines, start=1):
            if _is_utf8(line):
                others = others or not line.isascii()
                continue
            count, first = count + 1, first or number
            if size < CHUNK:
                bad.append(line)
                size += len(line)
    return Recoded(file.shown, count, first, _guess(b"".join(bad)), others)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _guess(raw: bytes) -> str:
    """Western where that gives letters, and few of them accented; else what the bytes resemble."""
    from charset_normalizer import from_bytes

    western = raw.decode("cp1252", errors="replace")
    letters = [sign for sign in western if sign.isalpha()]
    odd = [sign for sign in western if not sign.isascii()]
    if all(sign.isalpha() or sign in "€£°´’‘“”–—…®©«»¿¡½ª \u00a0" for sign in odd) and (
        len(odd) < 0.3 * len(letters)
    ):
        return "cp1252"
    best = from_bytes(raw, cp_isolation=CANDIDATES).best()
    return best.encoding if best else "cp1252"


def _chunks(file: Located) -> Iterator[bytes]:
    done = 0
    try:
        with opened(file.path) as source:
            while chunk := source.read1(CHUNK):
                done += chunk.count(b"\n")
                yield chunk
    except _DAMAGED as error:
        far = f"it can be read up to line {done}" if done else "not one line of it can be read"
        raise SourceError(
            f"The compressed file ends too early or is damaged: {far}.",
            place=file.shown,
            action="Copy or export the file again.",
        ) from error
