"""Texts as words that can be counted: folded, without endings, without those that say nothing."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
SHORTEST, STEM = 3, 4
ENDINGS = (
    "ies",
    "ings",
    "ing",
    "ern",
    "est",
    "ed",
    "es",
    "en",
    "er",
    "em",
    "ly",
    "s",
    "e",
    "n",
    "y",
)
"""What words of English and German end in without being another word; cut once, if enough stays."""
SAYING_NOTHING = """
about above after again all also always and any are aren because been before being below between
both but can can't could did didn do does doesn doing don don't down during each else ever every
few for from further get gets getting give given gives go goes going got had has hasn have haven
having her here hers him his how i'd i'll i'm i've into isn it's its just let like lot made make
many may me might more most much must my need never nor not now off on once one only onto or other
our ours out over own please put quite really same say see she should since so some still such take
than that the their theirs them then there these they thing things this those though through to too
under until up upon us use used very was wasn way we well were what when where which while who whom
why will with within without won would yes yet you your yours
aber alle allem allen aller alles als also am an auch auf aus bei beim bin bis bist da dabei damit
dann das dass dein dem den denn der des dich die dies diese diesem diesen dieser dieses dir doch
dort durch ein eine einem einen einer eines er es etwas euch für gab ganz gar gegen gewesen hab
habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer immer in
ist ja jede jedem jeden jeder jetzt kann kein keine keinem keinen konnte können könnte man mehr
mein meine meinem meinen meiner mich mir mit muss nach nicht nichts noch nun nur ob oder ohne schon
sehr sein seine seinem seinen seiner seit sich sie sind so sollte sondern über um und uns unser
unsere unter viel vom von vor wann war waren warum was weil weiter welche wenn wer werden wie
wieder will wir wird wo wurde wurden zu zum zur zwar
ainsi alors au aussi aux avait avec avoir bien car ce cela ces cet cette chez comme dans de depuis
des deux donc dont du elle elles en encore est et était être eu fait il ils je la le les leur leurs
lui ma mais me même mes moi mon ne nos notre nous on ont ou où par pas peu peut plus pour pourquoi
quand que quel quelle qui sa sans se sera ses si son sont sous sur ta te tes toi ton tous tout
toute très trop tu un une va vos votre vous y
al algo aunque cada como con cual cuando de del desde donde dos el ella ellos en entre era es esa
ese eso esta está estaba este esto fue ha había han hasta hay la las le les lo los me mi mis más
muy nada ni no nos nosotros o otra otro para pero poco por porque que qué se ser si sido sin sobre
son su sus también te tiene todo todos tu un una uno unos usted ya yo
"""
IDLE = frozenset(SAYING_NOTHING.split())
"""Words of English, German, French and Spanish that tell of no subject."""


def words(text: str) -> list[str]:
    """The words of a text as they stand, those that tell of no subject left out."""
    return [each for each in WORD.findall(text) if len(each) >= SHORTEST and _tells(each)]


def term(word: str) -> str:
    """A word as it is counted: small letters, no accents, one ending cut off."""
    plain = unicodedata.normalize("NFKD", word.casefold().replace("’", "'").split("'")[0])
    folded = "".join(each for each in plain if not unicodedata.combining(each))
    for ending in ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= STEM:
            return folded.removesuffix(ending)
    return folded


def spoken(texts: Iterable[Iterable[str]]) -> dict[str, str]:
    """How each term is written most often, in small letters."""
    seen: dict[str, Counter[str]] = {}
    for text in texts:
        for word in text:
            seen.setdefault(term(word), Counter())[word.lower()] += 1
    return {each: forms.most_common(1)[0][0] for each, forms in seen.items()}


def _tells(word: str) -> bool:
    whole = word.casefold().replace("’", "'")
    return whole not in IDLE and whole.split("'")[0] not in IDLE
