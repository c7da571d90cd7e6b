"""German: plain says Sie, warm says du."""

from collections.abc import Mapping

from carpel.drafts.phrases import Phrases

WHEN: Mapping[str, str] = {
    "monday": "Montag",
    "tuesday": "Dienstag",
    "wednesday": "Mittwoch",
    "thursday": "Donnerstag",
    "friday": "Freitag",
    "saturday": "Samstag",
    "sunday": "Sonntag",
    "weekend": "das Wochenende",
    "morning": "den Morgen",
    "afternoon": "den Nachmittag",
    "evening": "den Abend",
}
PLAIN = Phrases(
    hooks={
        "topic": ("{topic} bei {shop}", "Auf der Suche? {topic}", "Für Sie: {topic}"),
        "time": ("Pläne für {when}?", "Ideen für {when}", "{shop}: Ideen für {when}"),
        "new": ("Entdecken Sie: {topic}", "Wie wäre es damit: {topic}", "Eine Idee: {topic}"),
    },
    bodies={
        "topic": (
            "Schauen Sie, was wir für Sie haben: {topic}.",
            "Das finden Sie bei {shop}: {topic}.",
            "Wählen Sie, was zu Ihnen passt: {topic}.",
        ),
        "time": (
            "Schauen Sie sich um und planen Sie {when}, wie es Ihnen gefällt.",
            "Ideen für {when} gesucht? Schauen Sie bei {shop} vorbei.",
            "Finden Sie, was für {when} passt.",
        ),
        "new": (
            "Eine Idee für Ihre Liste: {topic}.",
            "Haben Sie daran gedacht? {topic}.",
            "Entdecken Sie bei {shop}: {topic}.",
        ),
    },
    headlines=("Schauen Sie vorbei", "Sehen Sie selbst", "Finden Sie, was passt", "Für Sie"),
    lines=(
        "Schauen Sie sich um und finden Sie, was passt.",
        "Wählen Sie, was Ihnen gefällt.",
        "Nehmen Sie sich Zeit und sehen Sie selbst.",
    ),
    calls=("Schauen Sie vorbei", "Sehen Sie selbst", "Finden Sie, was passt"),
    profile="Der Link steht in unserem Profil.",
    greeting="Guten Tag",
    stranger="und willkommen",
    unsubscribe="Abbestellen",
    when=WHEN,
)
WARM = Phrases(
    hooks={
        "topic": ("Schau mal: {topic}", "Zeit dafür: {topic}", "Lust darauf? {topic}"),
        "time": ("Lust auf {when}?", "Bereit für {when}?", "Etwas Schönes für {when}"),
        "new": ("Neugierig? {topic}", "Probier mal: {topic}", "Etwas für dich? {topic}"),
    },
    bodies={
        "topic": (
            "Mach es dir gemütlich und schau dich um: {topic}.",
            "Komm vorbei und lass dir Zeit: {topic}.",
            "Für dich oder jemanden, den du magst: {topic}.",
        ),
        "time": (
            "Schau dich um und finde etwas Schönes für {when}.",
            "Nimm dir Zeit für {when} und schau bei {shop} vorbei.",
            "Etwas Schönes für {when}? Komm und schau.",
        ),
        "new": (
            "Folge deiner Neugier und schau: {topic}.",
            "Probier es aus, wenn du Lust hast: {topic}.",
            "Komm und entdecke bei {shop}: {topic}.",
        ),
    },
    headlines=("Schau vorbei", "Lass dir Zeit", "Finde, was du magst", "Komm und schau"),
    lines=(
        "Komm vorbei und schau dich um.",
        "Lass dir Zeit und finde, was du magst.",
        "Mach es dir gemütlich und schau dich um.",
    ),
    calls=("Komm und schau", "Schau dich um", "Schau vorbei"),
    profile="Der Link steht in unserem Profil.",
    greeting="Hallo",
    stranger="und willkommen",
    unsubscribe="Abbestellen",
    when=WHEN,
)
TONES: Mapping[str, Phrases] = {"plain": PLAIN, "warm": WARM}
