"""Whose a row is and what it says of them: identifiers, traits, companies, permissions."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from carpel.inference.draft import YES, Draft, Plain
from carpel.inference.kind import COMPANY, PERSON
from carpel.inference.relations import constant_within
from carpel.inference.roles import roles
from carpel.inference.words import concepts, folded, listed, snake

KEYS = re.compile(r"\s*[\w-]+(\s*;\s*[\w-]+)+\s*;?\s*")
"""Several keys in one cell, as sales tools write what a row is associated with."""
CHANNELS = ("email", "sms", "mail", "phone")
REFUSES = listed("yes y true t 1 1.0 on ja oui si sim vero x ✓ unsubscribed optout opted_out out")
"""What a column of refusals writes for one; anything else there permits nothing."""


def identify(draft: Draft, *, one_row: bool = False) -> None:
    """Who a row is about: every identifier there is; else, with `one_row`, the row's number."""
    identifiers: Plain = {}
    for role in PERSON:
        if (name := draft.column(role)) is not None:
            kind = snake(name) if role == "further_id" else role
            if role == "customer_id" and draft.own_people:
                kind = f"{draft.name}_{kind}"
                draft.notes.append(
                    "No other file has these customer ids: they are taken as numbers of their own."
                )
            identifiers[kind] = several(draft, name)
            if identifiers[kind] != draft.value(name):
                draft.notes.append(f"Where {name} holds several, the first is whose the row is.")
            draft.use(name, f"identifier {kind}")
    record = draft.column("record_id")
    if one_row and record and not any(kind in identifiers for kind in ("customer_id", "crm_id")):
        kind = snake(record)
        identifiers[kind] = record
        draft.use(record, f"identifier {kind}")
    if not identifiers:
        identifiers.update(_numbered(draft) if one_row else _by_name(draft))
    draft.data["identifiers"] = identifiers


def _numbered(draft: Draft) -> Plain:
    """People by the row they stand on, which is said."""
    number = draft.column("row_number")
    how = f"numbered by {number}" if number else "by its place and content"
    draft.notes.append(f"No column says who a person is: each row is taken as one person, {how}.")
    if number is None:
        return {}
    draft.use(number, "identifier row_number")
    return {"row_number": number}


def _by_name(draft: Draft) -> Plain:
    """People by their name alone, where nothing better says whose a row is."""
    name = draft.column("full_name")
    if name is None:
        draft.notes.append("No column says whose the rows are: they make nobody a customer.")
        return {}
    draft.notes.append("People are told apart by their name alone: nothing else says who they are.")
    draft.use(name, "identifier full_name")
    return {"full_name": name}


def describe_people(draft: Draft, *, everything: bool) -> None:
    """Traits: roles that are about people, and with `everything` all other understood columns."""
    traits: Plain = draft.data.setdefault("traits", {})
    for name in draft.rest():
        role = draft.readings[name].role
        if _own_key(draft, name):
            continue
        about = role in roles() and roles()[role].group == "trait"
        if about or (everything and role not in PERSON):
            key = draft.name_of(name, traits)
            traits[key] = draft.value(name)
            draft.use(name, f"trait {key}")


def _own_key(draft: Draft, name: str) -> bool:
    """Whether a column only numbers the rows' own things, which tells nothing about people."""
    own = draft.readings[name].role in ("property", "trait", "survey_answer")
    return own and draft.look(name).unique and concepts(name)[-1:] in (("id",), ("key",))


def constant_traits(draft: Draft) -> None:
    """In a file of what people did, own columns that never differ within a person are traits."""
    person = draft.column(*PERSON)
    own = [
        name
        for name in draft.rest()
        if draft.readings[name].role == "property"
        and draft.look(name).distinct > 1
        and not _own_key(draft, name)
    ]
    if person is None or not own or (draft.joined and person in draft.joined.lent):
        return
    traits: Plain = draft.data.setdefault("traits", {})
    for name in sorted(constant_within(draft.engine, draft.sample, person, own), key=own.index):
        key = draft.name_of(name, traits)
        traits[key] = draft.value(name)
        draft.readings[name] = replace(
            draft.readings[name],
            role="trait",
            reason=(f"{draft.readings[name].reason}; it never differs within one {person}"),
        )
        draft.use(name, f"trait {key}")


def place_in_account(draft: Draft) -> None:
    """The company a person belongs to, or each of several, where columns name one."""
    key = draft.column(*COMPANY)
    if key is None:
        return
    account: Plain = {"key": several(draft, key)}
    draft.use(key, "account key")
    if (name := draft.column("account_name")) is not None:
        account["name"] = name
        draft.use(name, "account name")
    traits: Plain = {}
    for role in ("industry", "employees", "domain"):
        if (column := draft.column(role)) is not None and column != key:
            traits[role] = draft.value(column)
            draft.use(column, f"account trait {role}")
    draft.data["account"] = {**account, **({"traits": traits} if traits else {})}


def several(draft: Draft, name: str) -> Any:
    """A column as specs name it, with what parts the keys where cells hold more than one."""
    values = draft.look(name).values
    keys = [each for each in values if KEYS.fullmatch(each)]
    return {"column": name, "separator": ";"} if keys else draft.value(name)


def permit(draft: Draft, at: str | None = None) -> None:
    """Permissions that columns of the row state, a channel each, as of the row's time if given.

    Without one they are a state of the person's, which has no day.
    """
    dated: Plain = {"at": at} if at is not None else {}
    permits = draft.data.setdefault("permit", [])
    for channel in CHANNELS:
        for role, stated, use in (
            (f"{channel}_consent", granted, "permission"),
            (f"{channel}_refusal", refused, "refusal"),
            (f"{channel}_refused_at", refused_on, "refusal"),
        ):
            if (name := draft.column(role)) is not None and draft.look(name).values:
                permits.append({"channel": {"constant": channel}, **dated, **stated(draft, name)})
                draft.use(name, f"{use} {channel}")


def granted(draft: Draft, name: str) -> Plain:
    """What the column writes, and whether it means yes or no."""
    return {"granted": _meant(draft, name, lambda each: "yes" if each in YES else "no")}


def refused(draft: Draft, name: str) -> Plain:
    """Who is on the do-not-contact list; to have refused nothing is no permission."""
    meant = _meant(draft, name, lambda each: "no" if each in REFUSES else None)
    return {"granted": meant, "suppress": True}


def refused_on(_: Draft, name: str) -> Plain:
    """Who is on the do-not-contact list from a day on; an empty cell says nothing."""
    return {
        "granted": {"constant": False},
        "at": name,
        "suppress": True,
        "when": {name: {"is_set": True}},
    }


def _meant(draft: Draft, name: str, of: Callable[[str], str | None]) -> Plain:
    values = sorted(draft.look(name).values)
    meant = {each: of(folded(each).replace(" ", "_")) for each in values}
    return {"column": name, "type": "boolean", "values": meant}
