"""When somebody opted in: a permission from that moment, where nothing says otherwise."""

from carpel.inference.draft import Draft, Plain
from carpel.inference.look import Look
from carpel.inference.words import concepts, words

_CONFIRMED = ("confirm", "bestatig", "conferma")
_AGREED = ("optin", "opt", "consent", "consens", "einwillig", "toestemm", "permission", "erlaub")
"""Beginnings of words for an agreement; who `subscribed` may have bought a subscription."""
_LETTERS = frozenset({"email", "newsletter", "marketing"})
_ELSEWHERE = frozenset({"phone", "address", "?sms", "?whatsapp", "?push", "?post", "?call"})
"""Concepts that name another channel than e-mail."""
_LEFT = (
    *("unsub", "clean", "bounc", "optout", "suppress", "withdraw", "revoke", "refus", "declin"),
    *("denied", "donotcontact", "abgemeld", "widerruf", "desab", "disiscri", "afgemeld"),
)
"""Beginnings of words that say somebody is no longer to be written to."""


def opted_in(draft: Draft) -> None:
    """Permit e-mails from when somebody opted in, the confirmation where one is asked for.

    Nothing is permitted where a column states permissions or refusals itself, or says of some
    that they left.
    """
    name = _moment(draft)
    if name is None or draft.data.get("permit") or _some_left(draft):
        return
    permit: Plain = {
        "channel": {"constant": "email"},
        "granted": {"constant": True},
        "at": name,
        "when": {name: {"is_set": True}},
    }
    draft.data["permit"] = [permit]
    draft.use(name, "permission email")
    draft.notes.append(
        f"Whoever has a {name} is taken to allow e-mails from then on; an empty cell says nothing."
    )


def _moment(draft: Draft) -> str | None:
    """The column of the confirmation, else of the agreement."""
    times = [look for look in draft.sample.looks if look.values and look.date[1] > 0.9]
    agreed = [look.name for look in times if _says_agreed(look.name)]
    confirmed = [look.name for look in times if _begins(look.name, _CONFIRMED)]
    sure = [name for name in confirmed if agreed or _LETTERS & set(concepts(name))]
    return next(iter([*sure, *agreed]), None)


def _says_agreed(name: str) -> bool:
    said = set(concepts(name))
    plain = _begins(name, _AGREED) or bool(_LETTERS & said)
    return "consent" in said and plain and not _ELSEWHERE & said


def _some_left(draft: Draft) -> bool:
    named = [draft.sample.path.stem, *(each.name for each in draft.sample.looks if each.values)]
    return any(_begins(each, _LEFT) for each in named) or any(map(_says_left, draft.sample.looks))


def _says_left(look: Look) -> bool:
    """Whether a column of few values says of some people that they left."""
    return look.distinct <= 8 and any(_begins(each, _LEFT) for each in look.values)


def _begins(text: str, words_of: tuple[str, ...]) -> bool:
    return any(word.startswith(words_of) for word in words(text))
