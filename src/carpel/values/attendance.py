"""What the status of a booked visit says: whether the person came."""

import re
from functools import lru_cache

from carpel.values.base import fold
from carpel.values.statuses import meaning

_CAME = re.compile(
    r"(?:signed|checked|logged)[\s_-]*in|attended|present|arrived|showed( up)?|show"
    r"|anwesend|erschienen|teilgenommen|eingecheckt|presente|venue?s?|asistio|aanwezig"
    r"|presenca|participou"
)
_AWAY = re.compile(
    r"no[\s_-]*show(ed)?( up)?|missed|absent|dna|did(n.?t| not) (attend|come|show)( up)?"
    r"|not (attended|present|arrived)|nicht (erschienen|anwesend|teilgenommen)|abwesend|gefehlt"
    r"|absente?|ausente|assente|afwezig|niet (verschenen|aanwezig)|no asistio|faltou"
)
_OFF = re.compile(r"(?:late|early|same[\s_-]*day)[\s_-]*cancel\w*")


@lru_cache(maxsize=4096)
def attendance(value: str) -> str:
    """What a status says of a visit: `came`, `missed`, `cancelled`, or `unknown`."""
    said = re.sub(r"\(.*?\)", " ", fold(value)).strip(" .!")
    if _AWAY.fullmatch(said):
        return "missed"
    if _CAME.fullmatch(said):
        return "came"
    return "cancelled" if _OFF.fullmatch(said) or meaning(value) == "undone" else "unknown"


def of_a_visit(value: str) -> bool:
    """Whether only a visit's status says this: an order is cancelled too, and never a no-show."""
    said = attendance(value)
    return said in ("came", "missed") or bool(_OFF.fullmatch(fold(value).strip()))
