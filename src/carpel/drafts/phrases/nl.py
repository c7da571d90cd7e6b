"""Dutch: plain says u, warm says je."""

from collections.abc import Mapping

from carpel.drafts.phrases import Phrases

WHEN: Mapping[str, str] = {
    "monday": "maandag",
    "tuesday": "dinsdag",
    "wednesday": "woensdag",
    "thursday": "donderdag",
    "friday": "vrijdag",
    "saturday": "zaterdag",
    "sunday": "zondag",
    "weekend": "het weekend",
    "morning": "de ochtend",
    "afternoon": "de middag",
    "evening": "de avond",
}
PLAIN = Phrases(
    hooks={
        "topic": ("{topic} bij {shop}", "Op zoek? {topic}", "Voor u: {topic}"),
        "time": ("Plannen voor {when}?", "Ideeën voor {when}", "{shop}: ideeën voor {when}"),
        "new": ("Ontdek: {topic}", "Wat dacht u hiervan: {topic}", "Een idee: {topic}"),
    },
    bodies={
        "topic": (
            "Kijk wat we voor u hebben: {topic}.",
            "Dit vindt u bij {shop}: {topic}.",
            "Kies wat bij u past: {topic}.",
        ),
        "time": (
            "Kijk rond en plan {when} zoals u wilt.",
            "Op zoek naar ideeën voor {when}? Kijk bij {shop}.",
            "Vind wat past voor {when}.",
        ),
        "new": (
            "Een idee voor op uw lijst: {topic}.",
            "Dacht u hier al aan? {topic}.",
            "Ontdek bij {shop}: {topic}.",
        ),
    },
    headlines=("Kijk rond", "Zie het zelf", "Vind wat bij u past", "Voor u"),
    lines=(
        "Kijk rond en vind wat bij u past.",
        "Kies wat u mooi vindt.",
        "Neem de tijd en kijk zelf.",
    ),
    calls=("Kijk zelf", "Kijk rond", "Vind wat past"),
    profile="De link staat in ons profiel.",
    greeting="Goedendag",
    stranger="en welkom",
    unsubscribe="Afmelden",
    when=WHEN,
)
WARM = Phrases(
    hooks={
        "topic": ("Kijk eens: {topic}", "Tijd voor iets moois: {topic}", "Zin in? {topic}"),
        "time": ("Zin in {when}?", "Klaar voor {when}?", "Iets moois voor {when}"),
        "new": ("Nieuwsgierig? {topic}", "Probeer eens: {topic}", "Iets voor jou? {topic}"),
    },
    bodies={
        "topic": (
            "Ga er even voor zitten en kijk rond: {topic}.",
            "Kom langs en neem je tijd: {topic}.",
            "Voor jou of voor iemand om wie je geeft: {topic}.",
        ),
        "time": (
            "Kijk rond en vind iets moois voor {when}.",
            "Neem de tijd voor {when} en kijk bij {shop}.",
            "Iets moois voor {when}? Kom kijken.",
        ),
        "new": (
            "Volg je nieuwsgierigheid en kijk: {topic}.",
            "Probeer het als je er zin in hebt: {topic}.",
            "Kom en ontdek bij {shop}: {topic}.",
        ),
    },
    headlines=("Kom langs", "Neem je tijd", "Vind wat je mooi vindt", "Kom kijken"),
    lines=(
        "Kom langs en kijk rond.",
        "Neem je tijd en vind wat je mooi vindt.",
        "Ga er even voor zitten en kijk rond.",
    ),
    calls=("Kom kijken", "Kijk rond", "Kom langs"),
    profile="De link staat in ons profiel.",
    greeting="Hallo",
    stranger="daar",
    unsubscribe="Afmelden",
    when=WHEN,
)
TONES: Mapping[str, Phrases] = {"plain": PLAIN, "warm": WARM}
