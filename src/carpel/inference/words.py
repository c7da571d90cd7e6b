"""What a name says: its words, and the concepts they stand for in seven languages."""

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files


def listed(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


SHORTEST_PART = 3
"""Letters a word needs to be found inside a compound (`kundennummer`)."""
_SHORT_PARTS = frozenset({"id", "no", "nr", "at", "qty", "uid", "ip", "kd"})
_LINKING = ("", "s", "n", "en", "es")
"""Letters German puts between the parts of a compound."""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_JOINED = tuple(
    (re.compile(rf"(?i)(?<![a-z]){apart}(?![a-z])"), joined)
    for apart, joined in (
        ("e[-_ ]?mails?", "Email"),
        ("check(?:ed)?[-_ ]in", "Checkin"),
        ("check(?:ed)?[-_ ]out", "Checkedout"),
        ("opt(?:ed)?[-_ ]in", "Optin"),
        ("opt(?:ed)?[-_ ]out", "Optout"),
        ("do[-_ ]?not[-_ ](?:contact|e?-?mail|mail|market|disturb)", "Donotcontact"),
        ("sign(?:ed)?[-_ ]up", "Signup"),
        ("time[-_ ]stamp", "Timestamp"),
        ("date[-_ ]?time", "Datetime"),
        ("post[-_ ]?code", "Postcode"),
        ("pseudo[-_ ]id", "Cookie"),
        ("distinct[-_ ]id", "User Id"),
        ("u[. ]?st", "Ust"),
        ("how old", "Age"),
        ("(?:no[.]?|number|num|nr[.]?) of", "Count"),
        ("raz[oó]n social", "Company"),
    )
)
"""Words that people write apart or together."""
ALONE = dict.fromkeys(("purchase", "purchases", "sale", "achat", "kauf", "compra"), "amount")
"""Words that are a figure when a name says nothing else: a `purchase date` is an order's."""
NUMBERS = listed("sku skus asin isbn upc ean gtin gtin13 ean13")
"""Words for the number of what is sold, whatever it looks like."""
_INTERVALS = ("day", "daily", "week", "month", "quarter", "half", "semi", "year", "annual")
"""How words for what one amount pays for begin."""
_WITHIN = re.compile(
    r"(?i)(?:(?:properties|props|context|traits|attributes|user_properties|event_properties"
    r"|person_properties|event_params|ecommerce|payload|data|fields)[.])+[$]?(?=.)"
)
"""Where a nested field stands, which says nothing of what it is: `properties.revenue`."""
_OPAQUE = re.compile(
    r"^(unnamed( \d+)?|column ?\d*|col ?\d*|field ?\d*|var(iable)? ?\d*|[a-z]{1,2} ?\d+"
    r"|[a-z]|feature ?\d+|\d+|c ?\d+)?$"
)


_ASKING = listed(
    "what which how may we can is are do does your you our us to send the please tell enter "
    "wie lautet ist sind ihr ihre dein deine welche welcher durfen wir sie du "
    "quel quelle est etes votre vos vous ton ta"
)
"""Words around what a question asks for."""


def folded(text: str) -> str:
    """Lower case, without accents; ß as ss."""
    bare = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(each for each in bare if not unicodedata.combining(each)).lower()


def bare(name: str) -> str:
    """A nested field's own name: `plan` for `properties.plan`; any other name as it is."""
    return _WITHIN.sub("", name, count=1) if _WITHIN.match(name) else name


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """The words of a name written in snake, camel or kebab case or with spaces, folded.

    `E-Mail` is one word however it is written; what stands in brackets is left out, and so are
    the words around what a question asks for, and where a nested field stands.
    """
    text = re.sub(r"\(.*?\)|\[.*?\]", " ", bare(name)).replace("'s ", " ").replace("%", " Percent ")
    text = _CAMEL.sub(" ", re.sub(r"IDs\b", "Ids", re.sub(r"^\s*#\s*$", "record number", text)))
    for apart, joined in _JOINED:
        text = apart.sub(joined, text)
    said = re.findall(r"[^\W\d_]+|\d+", folded(text))
    asks = text.rstrip().endswith("?")
    return tuple(each for each in said if not (asks and each in _ASKING))


def snake(name: str) -> str:
    """A name as Carpel's files write it; `column` when nothing of it is left."""
    text = "_".join(re.findall(r"[a-z0-9]+", folded(_CAMEL.sub(" ", re.sub(r"\(.*?\)", "", name)))))
    text = text or "_".join(re.findall(r"[a-z0-9]+", folded(name)))
    return (text if text[:1].isalpha() else f"column_{text}".rstrip("_"))[:80]


@lru_cache(maxsize=4096)
def opaque(name: str) -> bool:
    """Whether a name says nothing: `V12`, `col_3`, `Unnamed: 0`, one letter."""
    return _OPAQUE.match(" ".join(words(name))) is not None


@lru_cache(maxsize=1)
def lexicon() -> dict[str, str]:
    """Concept by word; the first line that lists a word wins."""
    known: dict[str, str] = {}
    text = files("carpel.inference").joinpath("lexicon.txt").read_text("utf-8")
    for line in text.splitlines():
        concept, colon, listed = line.partition(":")
        for word in listed.split() if colon and not line.startswith("#") else ():
            known.setdefault(word, concept)
    return known


@lru_cache(maxsize=4096)
def concepts(name: str) -> tuple[str, ...]:
    """What the words of a name stand for, in order; a word nobody knows stands as `?word`."""
    said = words(name)
    if len(said) == 1 and said[0] in ALONE:
        return (ALONE[said[0]],)
    found = [each for word in said if not word.isdigit() for each in _of_word(word)]
    if found[:1] == ["number"] and (said[-1].isdigit() or _several(said[1:2])):
        found[0] = "count"
    return tuple(_without_repeats(found))


def interval_of(text: str) -> str:
    """`month` for `monatlich`; what begins with such an English word as it is; empty for others."""
    plain = folded(text).strip().replace(" ", "_").replace("-", "_")
    if plain.startswith(_INTERVALS):
        return plain
    return next((each for each in concepts(text) if each in _INTERVALS), "")


def only_interval(text: str) -> bool:
    """Whether a text is a word for an interval and nothing else: `basic monthly` is more."""
    said = concepts(text)
    return bool(said) and all(each.startswith(_INTERVALS) for each in said)


def _several(word: tuple[str, ...]) -> bool:
    """Whether a known thing stands in the plural: `num products` counts, `num product` is one."""
    return bool(word) and word[0].endswith("s") and word[0][:-1] in lexicon()


def _of_word(word: str) -> list[str]:
    known = lexicon()
    if word in NUMBERS:
        return ["product", "id"]
    if word in known:
        return [known[word]]
    if word.endswith("s") and word[:-1] in known:
        return [known[word[:-1]]]
    parts = _compound(word)
    return [known[part] for part in parts] if parts else [f"?{word}"]


LONGEST = 60
"""Letters of a word that is taken apart; nobody writes longer ones."""


@lru_cache(maxsize=4096)
def _compound(word: str) -> tuple[str, ...] | None:
    """The known words that a word is put together from, all of it; the longest first part wins."""
    known = lexicon()
    if len(word) > LONGEST:
        return None
    for cut in range(len(word), 1, -1):
        first = word[:cut]
        if first not in known or (cut < SHORTEST_PART and first not in _SHORT_PARTS):
            continue
        if cut == len(word):
            return (first,)
        for link in _LINKING:
            if word[cut:].startswith(link) and (rest := _compound(word[cut + len(link) :])):
                return (first, *rest)
    return None


def _without_repeats(found: list[str]) -> list[str]:
    return [each for at, each in enumerate(found) if at == 0 or each != found[at - 1]]


def numbered(name: str) -> int:
    """The number at the end of a name: 2 for `Address 2`, 0 for none."""
    last = words(name)[-1:]
    digits = [each for each in words(name) if each.isdigit()]
    return int(last[0]) if digits and digits == list(last) and len(last[0]) < 3 else 0
