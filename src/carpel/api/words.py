"""What pages say, in each language that they are written in."""

from collections.abc import Mapping
from types import MappingProxyType

_TOLD: Mapping[str, tuple[str, str, str]] = {
    "unsubscribe": ("Unsubscribe", "Abmelden", "Afmelden"),
    "what_stops": (
        "What should {project} stop sending you?",
        "Was soll {project} Ihnen nicht mehr schicken?",
        "Wat mag {project} u niet meer sturen?",
    ),
    "all_by": (
        "All messages by {medium}",
        "Alle Nachrichten per {medium}",
        "Alle berichten per {medium}",
    ),
    "this_kind": (
        "Messages of this kind only: {kind}",
        "Nur Nachrichten dieser Art: {kind}",
        "Alleen dit soort berichten: {kind}",
    ),
    "all": (
        "Everything, by whatever way",
        "Alles, auf welchem Weg auch immer",
        "Alles, langs welke weg dan ook",
    ),
    "email": ("e-mail", "E-Mail", "e-mail"),
    "sms": ("text message", "SMS", "sms"),
    "phone": ("phone", "Telefon", "telefoon"),
    "push": ("app message", "App-Nachricht", "app-bericht"),
    "marketing": ("offers and news", "Angebote und Neuigkeiten", "aanbiedingen en nieuws"),
    "done": ("You are unsubscribed", "Sie sind abgemeldet", "U bent afgemeld"),
    "done_kind": (
        "{project} sends you no more messages of this kind: {kind}.",
        "{project} schickt Ihnen keine Nachrichten dieser Art mehr: {kind}.",
        "{project} stuurt u dit soort berichten niet meer: {kind}.",
    ),
    "done_medium": (
        "{project} sends you no more messages by {medium}.",
        "{project} schickt Ihnen keine Nachrichten mehr per {medium}.",
        "{project} stuurt u geen berichten meer per {medium}.",
    ),
    "done_all": (
        "{project} does not contact you any more.",
        "{project} schreibt Ihnen nicht mehr.",
        "{project} neemt geen contact meer met u op.",
    ),
    "mistake": ("Was it a mistake?", "War das ein Versehen?", "Was het een vergissing?"),
    "take_back": ("Take it back", "Rückgängig machen", "Ongedaan maken"),
    "or_choose": (
        "Or choose what you get",
        "Oder wählen Sie, was Sie bekommen",
        "Of kies wat u krijgt",
    ),
    "save": ("Save", "Speichern", "Opslaan"),
    "saved": ("Saved.", "Gespeichert.", "Opgeslagen."),
    "by_medium": ("By {medium}", "Per {medium}", "Per {medium}"),
    "left_alone": (
        "You are on our do-not-contact list. What you choose here is kept, but only the sender can "
        "take you off that list: answer one of the messages.",
        "Sie stehen auf unserer Sperrliste. Ihre Wahl wird gespeichert, von der Liste nehmen kann "
        "Sie aber nur der Absender: Antworten Sie auf eine der Nachrichten.",
        "U staat op onze lijst om niet te benaderen. Uw keuze wordt bewaard, maar alleen de "
        "afzender kan u van die lijst halen: antwoord op een van de berichten.",
    ),
    "stop_all": ("Stop everything", "Alles abbestellen", "Alles stoppen"),
    "no_answer": ("No answer", "Keine Angabe", "Geen antwoord"),
    "send": ("Send", "Absenden", "Versturen"),
    "thanks": ("Thank you", "Vielen Dank", "Dank u wel"),
    "thanks_text": (
        "Your answers are kept.",
        "Ihre Antworten sind gespeichert.",
        "Uw antwoorden zijn bewaard.",
    ),
    "change": ("Change my answers", "Meine Antworten ändern", "Mijn antwoorden wijzigen"),
    "nps_low": ("not at all likely", "sehr unwahrscheinlich", "zeer onwaarschijnlijk"),
    "nps_high": ("very likely", "sehr wahrscheinlich", "zeer waarschijnlijk"),
    "satisfaction_low": ("very unhappy", "sehr unzufrieden", "zeer ontevreden"),
    "satisfaction_high": ("very happy", "sehr zufrieden", "zeer tevreden"),
    "no_link": (
        "This link is not whole",
        "Dieser Link ist nicht vollständig",
        "Deze link is niet volledig",
    ),
    "no_link_how": (
        "Open it again from the message it came with. If that does not help, answer that message: "
        "the sender can do it for you.",
        "Öffnen Sie ihn noch einmal aus der Nachricht, mit der er kam. Hilft das nicht, antworten "
        "Sie auf diese Nachricht: Der Absender kann es für Sie tun.",
        "Open hem nog eens vanuit het bericht waarmee hij kwam. Helpt dat niet, antwoord dan op "
        "dat bericht: de afzender kan het voor u doen.",
    ),
    "nothing_here": ("There is nothing here", "Hier ist nichts", "Hier is niets"),
    "too_much": ("That was too much", "Das war zu viel", "Dat was te veel"),
    "not_read": (
        "This could not be read",
        "Das war nicht zu lesen",
        "Dit kon niet worden gelezen",
    ),
    "later": (
        "Please try again later",
        "Bitte versuchen Sie es später",
        "Probeer het later nog eens",
    ),
    "later_how": (
        "Something does not work here. Nothing was changed.",
        "Hier geht etwas nicht. Es wurde nichts geändert.",
        "Er werkt hier iets niet. Er is niets veranderd.",
    ),
}
LANGUAGES = ("en", "de", "nl")


def words(language: str) -> Mapping[str, str]:
    """Every sentence in a language, some with names in braces to be filled."""
    at = LANGUAGES.index(language)
    return MappingProxyType({name: told[at] for name, told in _TOLD.items()})
