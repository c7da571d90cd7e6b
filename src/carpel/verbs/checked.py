"""What a build's own checks found, in words and as a list."""

from collections.abc import Iterator, Mapping
from typing import Any

from carpel.specs import Check, Definitions
from carpel.specs.words import counted
from carpel.stages.quality.checks import listed

Notes = Mapping[str, Mapping[str, Any]]
"""What the stages noted that judge checks, by stage."""
JUDGING = ("quality", "segments")


def missed(notes: Notes, definitions: Definitions, how: str) -> list[str]:
    """The checks that did not hold and `failed`, or only `warned`, each as a sentence."""
    return [
        _told(name, definitions.checks.get(name), notes[stage].get("checks", {}).get(name))
        for stage in JUDGING
        for name in notes[stage].get(how, [])
    ]


def _told(name: str, check: Check | None, found: Mapping[str, Any] | None) -> str:
    if not found:  # builds of older versions do not tell more
        return f"check {name} failed"
    broken, of = _broken(found)
    some = f"{broken:,} of {_all(found)} ({share(broken, of)}) {'does' if broken == 1 else 'do'}"
    asked = f"; at least {share(check.at_least, 1)} must" if check and check.at_least < 1 else ""
    where = f", such as {listed(found['places'])}" if found.get("places") else ""
    return f"check {name}: {some} not hold to it{where}{asked}"


def _all(found: Mapping[str, Any]) -> str:
    return (
        counted(found["of"], "row") if "rows" in found else counted(found["of"], "person", "people")
    )


def _broken(found: Mapping[str, Any]) -> tuple[int, int]:
    """How many rows or people break a check, and of how many."""
    of = found["of"]
    return (found["rows"] if "rows" in found else of - found["people"]), of


def share(some: float, of: float) -> str:
    """A share that is never rounded to none or to all: `5 %`, `0.4 %`, `99.98 %`."""
    part = 100 * some / of if of else 0.0
    digits = next((n for n in range(6) if round(part, n) not in (0, 100)), 6)
    return f"{part:.{digits}f} %" if 0 < part < 100 else f"{part:.0f} %"


def listing(notes: Notes, definitions: Definitions) -> Iterator[dict[str, Any]]:
    """A row a check: what it is about, how many break it, and whether it holds."""
    for stage in JUDGING:
        noted = notes[stage]
        for name, found in sorted(noted.get("checks", {}).items()):
            broken, of = _broken(found)
            check = definitions.checks.get(name)
            yield {
                "check": name,
                "label": check.label if check else "",
                "of": (check.source or "people") if check else "",
                "broken": broken,
                "judged": of,
                "at_least": check.at_least if check else None,
                "holds": name not in (*noted.get("failed", []), *noted.get("warned", [])),
                "places": listed(found.get("places", [])),
            }
