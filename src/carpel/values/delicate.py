"""Things that tell something private of whoever is spoken to of them, by what they are called.

Somebody who is written to about such a thing, since people like them bought it, may be told on: in
front of their family, their employer, or themselves. No such list is complete.
"""

import re
import unicodedata
from collections.abc import Mapping

from carpel.values.sensitive import special

WORDS: Mapping[str, str] = {
    "health": "medic* pharma* drug drugs health* disease* diabet* cancer pill pills supplement* "
    "vitamin* flu cough* colds allerg* asthma pain headache* laxative* antacid* first_aid cold_and "
    "cold_remed* remedy remedies therap* prescription* incontinen* menopaus* acne hair_loss "
    "denture* hearing wheelchair* mobility diet* slimming weight obes* plus_size "
    "apothek* arznei* medika* gesundheit* tabletten schmerz* erkältung* inkontinen* diät* abnehm* "
    "geneesmiddel* medicij* gezondheid* pijn* verkoud* afslank* dieet*",
    "intimacy": "contracepti* condom* fertil* feminine sanitary tampon* sex sex* erotic* adult "
    "lingerie intim* lgbt* gay pride verhütung* kondom* monatshygiene anticoncep* condooms "
    "maandverband",
    "family": "pregnan* matern* baby babies infant* toddler* nappy nappies diaper* nursing "
    "schwanger* säugling* windel windeln zwanger* luier*",
    "age": "senior* elderly funeral* bestattung* uitvaart*",
    "faith": "kosher halal religi* church bible* quran jewish muslim christian ramadan eid "
    "hanukkah passover koscher kirche* koran kerk* joods moslim*",
    "origin": "hispanic* latino* latina* latin asian asia african africa arab* oriental* ethnic* "
    "turkish indian chinese mexican russian polish asiatisch* afrikan* türkisch* indisch* "
    "chinesisch* mexikan* russisch* polnisch* aziatisch* turks* poolse chinees*",
    "views": "politic* union unions gewerkschaft* politik* politiek vakbond*",
    "vices": "alcohol* beer beers wine wines liquor* spirits tobacco cigar* vape vapes vaping "
    "cannabis cbd gambl* lotter* casino weapon* gun guns ammunition alkohol* bier* wein weine "
    "spirituosen tabak* zigar* waffen wijn* sterke_drank sigar* wapens",
    "need": "loan loans debt* credit kredit* schulden lening* krediet*",
}
"""By what they tell of: words in English, German and Dutch; `*` is any end, `_` a blank."""


def _pattern(words: str) -> str:
    return "|".join(
        re.escape(each).replace(r"\*", r"\w*").replace("_", " ") for each in words.split()
    )


_DELICATE = re.compile(
    rf"(?<![^\W\d_])({'|'.join(map(_pattern, WORDS.values()))})(?![^\W\d_])", re.IGNORECASE
)


def delicate(name: str) -> bool:
    """Whether to be spoken to of a thing of this name would tell on somebody."""
    bare = unicodedata.normalize("NFKC", name).replace("_", " ")
    return bool(_DELICATE.search(bare)) or special(bare.lower().replace(" ", "_"))
