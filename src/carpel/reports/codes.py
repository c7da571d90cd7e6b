"""QR codes to print: each with its quiet zone, in a size that phones can read, its link below."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from carpel.errors import MissingExtra

QUIET = 4
"""Modules of white around a code: ISO/IEC 18004 asks for four."""
MODULE = 0.5
"""Millimetres a module has at least, and SMALLEST the whole code: below, phones fail."""
SMALLEST = 20.0
LETTER = 2.0
"""Height in millimetres of the letters of the link printed below; LINE from line to line."""
LINE = 2.6
WIDE = 0.56
"""How wide a letter is beside its height, at most on average."""


@dataclass(frozen=True)
class Code:
    """A code to print: what it is called, the address in it, and the one printed below."""

    name: str
    url: str
    printed: str


def svg(code: Code) -> str:
    """One code as SVG in millimetres; raises MissingExtra."""
    from markupsafe import escape

    path, modules = _drawn(code.url)
    side = max(SMALLEST, modules * MODULE)
    lines = _broken(code.printed, int(side / (LETTER * WIDE)))
    high = side + LINE * len(lines) + 1
    below = "".join(
        f'<text x="{side / 2:g}" y="{side + LINE * (at + 0.6):g}" text-anchor="middle" '
        f'font-family="sans-serif" font-size="{LETTER:g}">{escape(each)}</text>'
        for at, each in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side:g}mm" height="{high:g}mm" '
        f'viewBox="0 0 {side:g} {high:g}" role="img" '
        f'aria-label="QR code: {escape(code.printed)}">'
        f'<rect width="100%" height="100%" fill="#fff"/>'
        f'<g transform="scale({side / modules:g})"><path d="{path}" stroke="#000" fill="none"/></g>'
        f"{below}</svg>\n"
    )


def _broken(text: str, most: int) -> list[str]:
    """A link in lines of so many signs, broken where it may be: behind a sign that parts it."""
    lines = [""]
    for part in re.findall(r"[^/.?&=-]*[/.?&=-]?", text):
        if len(lines[-1]) + len(part) > most and lines[-1]:
            lines.append("")
        lines[-1] += part
    return [each[at : at + most] for each in lines for at in range(0, len(each), most)]


def sheet(title: str, codes: Sequence[Code]) -> str:
    """All codes as one page to print, nothing outside."""
    from markupsafe import escape

    cells = "\n".join(
        f"<figure>{svg(each)}<figcaption>{escape(each.name)}</figcaption></figure>"
        for each in codes
    )
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body {{ font: 10pt sans-serif; margin: 10mm; }}
main {{ display: flex; flex-wrap: wrap; gap: 8mm; }}
figure {{ margin: 0; break-inside: avoid; text-align: center; }}
figcaption {{ color: #555; font-size: 8pt; }}</style></head>
<body><h1>{escape(title)}</h1><main>
{cells}
</main></body></html>
"""


def _drawn(url: str) -> tuple[str, int]:
    """The dark modules as a path of strokes, and the modules of a side, the quiet zone included."""
    try:
        import segno
    except ModuleNotFoundError as error:
        raise MissingExtra("campaigns", "QR codes") from error
    made = segno.make(url, error="m", micro=False)
    out = BytesIO()
    made.save(out, kind="svg", border=QUIET, xmldecl=False, svgns=False, nl=False)
    path = out.getvalue().decode().split(' d="', 1)[1].split('"', 1)[0]
    return path, int(made.symbol_size(border=QUIET)[0])
