"""Gender and yes-or-no, in several languages; one letter is read with its whole column."""

from collections.abc import Iterable, Mapping

from carpel.values.base import EMPTY, Normal, fold, kept, refused, tidy
from carpel.values.placeholders import is_placeholder


def _index(words: Mapping[str, str]) -> Mapping[str, str]:
    return {fold(word): meaning for meaning, said in words.items() for word in said.split(", ")}


_GENDER = _index(
    {
        "female": "f, female, woman, women, girl, lady, fem, feminine, mrs, ms, miss, w, weiblich, "
        "frau, femme, féminin, mme, femenino, mujer, femenina, feminino, mulher, femminile, "
        "donna, v, vrouw, vrouwelijk, kvinna, kvinde, kvinne, nainen, kobieta, žena, nő, "
        "femeie, kadın, женский, женщина, ж, жіноча, γυναίκα, 女, 女性, 여, 여성, أنثى, נקבה",
        "male": "m, male, man, men, boy, masc, masculine, mr, männlich, mann, herr, homme, "
        "masculin, masculino, hombre, varón, homem, maschile, uomo, mannelijk, mand, mies, "
        "mężczyzna, muž, férfi, bărbat, erkek, мужской, мужчина, м, чоловіча, άνδρας, 男, 男性, "
        "남, 남성, ذكر, זכר",
        "other": "other, o, x, d, nb, non-binary, nonbinary, enby, diverse, divers, genderqueer, "
        "agender, third gender, autre, otro, outro, altro, anders, annat, andet, annet, inne",
    }
)
_LETTERS = {
    "m": {("h", "m"): "female"},
    "h": {("h", "m"): "male", ("h", "f"): "male"},
    "k": {("k", "m"): "female", ("e", "k"): "female"},
    "e": {("e", "k"): "male"},
    "n": {("f", "n"): "male"},
}
"""Letters that mean something only beside their opposite: Spanish h/m, Polish k/m, Turkish e/k."""
_BOOLEAN = _index(
    {
        "true": "true, t, yes, y, 1, 1.0, on, ok, x, ja, j, wahr, oui, vrai, sí, si, s, sim, vero, "
        "verdadero, verdadeiro, waar, sant, kyllä, tak, prawda, ano, áno, igen, da, evet, да, ναι, "
        "はい, 是, 예, نعم, כן, opt-in, opted in, optin, subscribed, subscribe, granted, given, "
        "active, enabled, confirmed, consented, agreed, accepted",
        "false": "false, f, no, n, 0, 0.0, off, nein, falsch, non, faux, não, nao, falso, nee, "
        "onwaar, nej, nei, falskt, ei, nie, fałsz, ne, nem, nu, hayır, нет, ні, "
        "όχι, いいえ, 否, 아니요, "
        "لا, לא, opt-out, opted out, optout, unsubscribed, unsubscribe, denied, withdrawn, "
        "inactive, disabled, revoked, refused, declined, rejected",
    }
)
_SIGNS = {"✓": "true", "✔": "true", "☑": "true", "✗": "false", "✘": "false", "☐": "false"}
_UNSAID = frozenset(
    fold(word)
    for word in (
        "u",
        "undisclosed",
        "prefer not to say",
        "prefer not to answer",
        "not stated",
        "unspecified",
    )
)


def genders(distinct: Iterable[str]) -> list[Normal]:
    """`female`, `male` or `other`; a code that nobody explained stays unknown."""
    texts = list(distinct)
    together = {fold(text) for text in texts}
    return [_gender(text, together) for text in texts]


def _gender(text: str, together: set[str]) -> Normal:
    key = fold(text)
    for pair, meaning in _LETTERS.get(key, {}).items():
        if together.issuperset(pair) and not (key == "m" and "f" in together):
            return kept(text, meaning)
    return _word(text, key, _GENDER, "no gender of this name")


def booleans(distinct: Iterable[str]) -> list[Normal]:
    """`true` or `false`."""
    return [
        Normal(_SIGNS[text.strip()], "form")
        if text.strip() in _SIGNS
        else _word(text, fold(text), _BOOLEAN, "neither yes nor no")
        for text in distinct
    ]


def _word(text: str, key: str, meanings: Mapping[str, str], otherwise: str) -> Normal:
    if not tidy(text):
        return EMPTY
    if key in meanings:
        return kept(text, meanings[key])
    return refused("placeholder" if key in _UNSAID or is_placeholder(text) else otherwise)
