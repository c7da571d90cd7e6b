"""What people write where they have nothing to write."""

import re

from carpel.values.base import fold

WORDS = frozenset(
    fold(word)
    for word in (
        "n/a",
        "na",
        "n.a.",
        "#n/a",
        "none",
        "null",
        "nil",
        "nan",
        "nat",
        "undefined",
        "unknown",
        "unk",
        "not available",
        "not applicable",
        "not known",
        "not given",
        "not provided",
        "not specified",
        "not set",
        "no data",
        "no value",
        "missing",
        "empty",
        "blank",
        "void",
        "tbd",
        "tba",
        "tbc",
        "test",
        "tester",
        "testing",
        "test test",
        "dummy",
        "fake",
        "sample",
        "example",
        "asdf",
        "asdfgh",
        "qwerty",
        "qwertz",
        "xx",
        "xxx",
        "xxxx",
        "anonymous",
        "anon",
        "guest",
        "no name",
        "noname",
        "deleted",
        "redacted",
        "removed",
        "invalid",
        "withheld",
        "unbekannt",
        "keine",
        "keine angabe",
        "k.a.",
        "nicht vorhanden",
        "gast",
        "anonym",
        "inconnu",
        "inconnue",
        "aucun",
        "aucune",
        "non renseigné",
        "néant",
        "anonyme",
        "invité",
        "desconocido",
        "desconocida",
        "ninguno",
        "ninguna",
        "no disponible",
        "sin datos",
        "s/d",
        "no aplica",
        "anónimo",
        "desconhecido",
        "nenhum",
        "nenhuma",
        "não informado",
        "sem dados",
        "sconosciuto",
        "nessuno",
        "nessuna",
        "non disponibile",
        "onbekend",
        "geen",
        "n.v.t.",
        "okänd",
        "ukjent",
        "ukendt",
        "tuntematon",
        "ingen",
        "nieznany",
        "brak",
        "brak danych",
        "neznámý",
        "žádný",
        "ismeretlen",
        "nincs",
        "necunoscut",
        "bilinmiyor",
        "yok",
        "неизвестно",
        "нет",
        "нет данных",
        "не указано",
        "невідомо",
        "άγνωστο",
        "不明",
        "なし",
        "未知",
        "无",
        "無",
        "알 수 없음",
        "없음",
        "غير معروف",
        "لا يوجد",
        "לא ידוע",
    )
)
_NOTHING = re.compile(r"[\W_]*|0+(\.0+)?|-1|0{4}-00-00([ T][0:.]+)?|(.)\3{3,}", re.DOTALL)
_ALIKE = re.compile(r"(\d)\1{5,}")
_COUNTING = "01234567890123456789", "98765432109876543210"


def is_placeholder(text: str) -> bool:
    """Whether a value stands for nothing: a word for it, signs only, zeros, one letter repeated.

    Of zeros is also the day that a database writes where there is none: 0000-00-00.
    """
    if text.isdigit():
        return text.strip("0") == ""
    return _NOTHING.fullmatch(text) is not None or fold(text) in WORDS


def is_filler(digits: str) -> bool:
    """Whether the digits of a phone number were made up: all alike, or counting up or down."""
    alike = _ALIKE.fullmatch(digits) or _ALIKE.fullmatch(digits[-7:])
    return bool(alike) or (len(digits) >= 7 and any(digits in run for run in _COUNTING))
