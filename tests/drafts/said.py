"""Sentences of a made-up persona that give reason to speak, and words no draft may hold."""

import re
from dataclasses import replace

from carpel.drafts import Brief, Pieces, angles, pieces
from carpel.evidence import Evidence, Sentence

MORE = Evidence(
    "share", "bought_category", "Bought", 0.62, 0.57, 0.67, 312, 0.33, 2000, 0.22, 0.36, "more",
    part="COFFEE", unit="share",
)  # fmt: skip
LESS = replace(
    MORE, value=0.2, low=0.16, high=0.25, contrast=0.65, gap_low=-0.5, gap_high=-0.4,
    direction="less", part="Baked Goods",
)  # fmt: skip
DAY = replace(MORE, of="favourite_weekday", label="Favourite weekday", part="Saturday")
PART = replace(MORE, of="favourite_daypart", label="Favourite daypart", part="evening")
WEEKEND = replace(
    MORE, statistic="mean", of="weekend_share", label="Weekend share", part=None, unit="rate"
)
TOPIC, NEW = Sentence("told", MORE), Sentence("seldom", LESS)
TIMES = [Sentence("told", DAY), Sentence("told", PART), Sentence("told", WEEKEND)]
PRIVATE = [
    Sentence("told", replace(MORE, of=of, label=of.replace("_", " "), part=part))
    for of, part in (
        ("age_band", "65 to 74"),
        ("gender", "female"),
        ("income_band", "under 15K"),
        ("marital_status", "divorced"),
        ("city", "Neuburg"),
        ("plan", "basic"),
        ("nps_group", "detractor"),
        ("favourite_store", "Main Street"),
        ("survey_problem", "too dear"),
    )
]
"""What is told of people and is nothing to speak to them of."""
SENTENCES = [TOPIC, NEW, *TIMES, *PRIVATE]


def bought(*names: str) -> list[Sentence]:
    """More of them bought each of these."""
    return [Sentence("told", replace(MORE, part=name)) for name in names]


def made(brief: Brief, sentences: list[Sentence] = SENTENCES) -> list[Pieces]:
    """The pieces of every reason."""
    return [pieces(each, brief) for each in angles(sentences).in_turn()]


KNOWING = re.split(
    " ",
    # English
    "know noticed remember miss missed back again bought buy buys usually always often favourite "
    "last loyal valued income age lonely poor cheap cheaper afford because since customer member "
    # German
    "wissen weiß bemerkt vermissen vermisst zurück wieder gekauft kaufen meistens immer oft "
    "lieblings letzte treue einkommen alter weil kunde günstig billig "
    # Dutch
    "weten weet gemerkt missen gemist terug weer gekocht kopen meestal altijd vaak lievelings "
    "laatste trouwe inkomen leeftijd omdat klant goedkoop",
)
"""Words that show that something is known of who reads them."""
PROMISING = re.split(
    " ",
    "best bestseller sale free discount save cheap new now today only hurry limited exclusive "
    "guaranteed fresh quality organic premium top number popular everyone "
    "beste kostenlos gratis rabatt sparen neu jetzt heute nur schnell exklusiv garantiert frisch "
    "qualität beliebt korting besparen nieuw nu vandaag alleen snel exclusief gegarandeerd vers "
    "kwaliteit",
)
"""Words that praise, promise or hurry."""
