"""Files about what people do, hold, say and cost beside buying, and about people themselves."""

import re
from collections.abc import Callable, Iterable, Mapping

from carpel.inference.draft import Draft, Plain, moment
from carpel.inference.event_names import MOST_EVENTS, email_event_name, event_name, visit_name
from carpel.inference.holding import HELD, begun, hold, holds
from carpel.inference.opted_in import opted_in
from carpel.inference.whose import (
    constant_traits,
    describe_people,
    granted,
    identify,
    permit,
    place_in_account,
)
from carpel.inference.words import folded
from carpel.specs.source import REFUSING
from carpel.values.attendance import attendance

LASTING = re.compile(r"hard|perm|invalid|no such|unknown|not.?exist|dauerhaft|definitiv|duur")
"""Words for a bounce that will not change: the address is none."""
BRIEF = re.compile(r"soft|trans|temp|full|block|defer|throttl|voruber|tijdelijk|undetermined|spam")
"""Words for one that may pass."""
SEVERAL = 3
"""Bounces that do not tell, after which an address counts as one that takes no mail any more."""


def people(draft: Draft) -> None:
    """Identifiers, and every understood column a trait, but those of a contract beside them."""
    identify(draft, one_row=True)
    _know(draft)
    if holds(draft.have):
        hold(draft)
        draft.notes.append("Each row also says what the person holds: a contract.")
    else:
        opted_in(draft)
    describe_people(draft, everything=True)


def _know(draft: Draft) -> None:
    """Permissions, the company, and since and until when a person is known."""
    permit(draft)
    place_in_account(draft)
    if (seen := draft.column("updated_at", "last_seen_at")) and draft.look(seen).values:
        draft.data["seen_at"] = seen
    if (known := draft.column("created_at", "first_seen_at")) and draft.look(known).values:
        draft.data["known_since"] = known


def subscriptions(draft: Draft) -> None:
    """A contract a row."""
    identify(draft)
    permit(draft)
    place_in_account(draft)
    hold(draft, HELD)
    begun(draft)
    describe_people(draft, everything=True)


def check_ins(draft: Draft) -> None:
    """`checked_in` a row; where a status tells who came, for them only."""
    at, state = moment(draft, "checked_in_at"), draft.column("attendance")
    if at is None or state is None:
        _single(draft, "checked_in", at)
        return
    draft.use(state, "event")
    told = any(attendance(each) == "came" for each in draft.look(state).values)
    _by_value(draft, state, at, lambda text: visit_name(text, told=told))
    tracks = draft.data["track"]
    away = [each["event"] for each in tracks if each["event"] != "checked_in"]
    if not told and draft.look(state).filled < draft.look(state).rows:
        tracks.append({**tracks[0], "event": "checked_in", "when": {state: {"is_missing": True}}})
    if away:
        draft.notes.append(f"By their {state} some rows are no visits: {', '.join(away)}.")


def tickets(draft: Draft) -> None:
    """`ticket_opened` a row, and `ticket_resolved` where a time says so."""
    solved = draft.column("solved_at")
    _single(draft, "ticket_opened", moment(draft, "created_at"), {"solved_at": "resolved_at"})
    if solved:
        draft.use(solved, "property resolved_at")


def survey_answers(draft: Draft) -> None:
    """`survey_answered` a row; without a time the answers are traits."""
    at = moment(draft) or draft.column("solved_at")
    if at is None:
        people(draft)
        return
    _single(draft, "survey_answered", at, {"rating": "satisfaction"})


def _single(draft: Draft, event: str, at: str | None, called: Mapping[str, str] = {}) -> None:
    identify(draft)
    if at is not None:
        draft.use(at, "time")
    describe_people(draft, everything=False)
    constant_traits(draft)
    place_in_account(draft)
    properties = _properties(draft, called)
    if draft.data.get("traits"):
        draft.data["seen_at"] = at
    draft.data["track"] = [{"event": event, "at": at, "properties": properties}]


def _properties(draft: Draft, called: Mapping[str, str] = {}) -> Plain:
    properties: Plain = {}
    for name in draft.rest():
        role = draft.readings[name].role
        key = called.get(role) or draft.name_of(name, properties)
        properties[key] = draft.value(name)
        draft.use(name, f"property {key}")
    return properties


def email_engagement(draft: Draft) -> None:
    """One event for each thing done with an e-mail; figures without times are traits."""
    if (name := draft.column("email_event")) and (at := moment(draft, "sent_at")):
        draft.use(name, "event")
        _by_value(draft, name, at, email_event_name)
        return
    times = {
        event: draft.column(role)
        for role, event in (
            ("sent_at", "email_sent"),
            ("opened_at", "email_opened"),
            ("clicked_at", "email_clicked"),
        )
    }
    if not any(times.values()):
        people(draft)
        return
    identify(draft)
    describe_people(draft, everything=False)
    for event, at in times.items():
        if at:
            draft.use(at, f"time of {event}")
    properties = _properties(draft)
    draft.data["track"] = [
        {"event": event, "at": at, "when": {at: {"is_set": True}}, "properties": properties}
        for event, at in times.items()
        if at
    ]


def events(draft: Draft) -> None:
    """One event for each name in the column that names them; pages where there is none."""
    at = moment(draft)
    name = draft.column("event_name")
    if at is None or name is None or draft.look(name).distinct > MOST_EVENTS:
        _single(draft, _unnamed(draft), at)
        return
    draft.use(name, "event")
    _by_value(draft, name, at, event_name)


def _unnamed(draft: Draft) -> str:
    """What rows tell of where no column names it."""
    told = {"feature": "feature_used", "url": "page_viewed"}
    return next((event for role, event in told.items() if draft.column(role)), "acted")


def _by_value(draft: Draft, name: str, at: str, event: Callable[[str], str]) -> None:
    identify(draft)
    draft.use(at, "time")
    describe_people(draft, everything=False)
    properties = _properties(draft)
    called: dict[str, list[str]] = {}
    for value in sorted(draft.look(name).values):
        called.setdefault(event(value), []).append(value)
    _heed(draft, called)
    _bury(draft, name, at, called.get("email_bounced", []))
    draft.data["track"] = [
        {
            "event": each,
            "at": at,
            "when": {name: values if len(values) > 1 else values[0]},
            "properties": _paid(properties) if each == "product_purchased" else properties,
        }
        for each, values in called.items()
    ]


def _heed(draft: Draft, events: Iterable[str]) -> None:
    """Say what becomes of those who do not want to be written to."""
    if refused := sorted(filter(REFUSING.fullmatch, events)):
        draft.notes.append(
            f"Whoever is told of by {' or '.join(refused)} is on the do-not-contact list from then "
            "on."
        )


def _bury(draft: Draft, name: str, at: str, bounced: list[str]) -> None:
    """What becomes of addresses whose mail bounced: those that refuse it for good are dead.

    The event's own name tells which bounces are, or a column beside it.
    """
    if not bounced:
        return
    lasting = [each for each in bounced if LASTING.search(folded(each))]
    plain = [each for each in bounced if not BRIEF.search(folded(each)) and each not in lasting]
    whens: list[Plain] = [{name: lasting}] if lasting else []
    for other in draft.readings if plain else ():
        values = (
            sorted(draft.look(other).values) if draft.look(other).distinct <= MOST_EVENTS else []
        )
        if other != name and _tells_bounces(values):
            dead = [each for each in values if LASTING.search(folded(each))]
            whens.append({name: plain, other: dead})
            plain = []
    if whens:
        draft.notes.append("An address whose mail bounced for good is written to no more.")
    if plain:
        draft.notes.append(
            f"Nothing tells whether {', '.join(plain)} is for good: after {SEVERAL} of them an "
            "address is written to no more (`after` under `permit`)."
        )
    told = [*((when, 1) for when in whens), *([({name: plain}, SEVERAL)] if plain else [])]
    draft.data.setdefault("permit", []).extend(
        {
            "channel": {"constant": "email"},
            "granted": {"constant": False},
            "at": at,
            "undeliverable": True,
            **({"after": after} if after > 1 else {}),
            "when": when,
        }
        for when, after in told
    )


def _tells_bounces(values: list[str]) -> bool:
    """Whether the values tell bounces for good from others, or are all for good."""
    lasting = [each for each in values if LASTING.search(folded(each))]
    return bool(lasting) and all(
        BRIEF.search(folded(each)) for each in values if each not in lasting
    )


def _paid(properties: Plain) -> Plain:
    """What a purchase among other events cost: its price, where there is no amount or quantity."""
    if "unit_price" not in properties or {"amount", "quantity"} & properties.keys():
        return properties
    return {**properties, "amount": properties["unit_price"]}


def consents(draft: Draft) -> None:
    """A permission a row."""
    identify(draft)
    name = draft.column("email_consent", "sms_consent", "mail_consent", "phone_consent")
    assert name is not None
    one: Plain = {"channel": {"constant": "email"}, **granted(draft, name)}
    draft.use(name, "permission granted")
    draft.put(one, "channel", "consent_channel", "permission channel")
    draft.put(one, "purpose", "consent_purpose", "permission purpose")
    draft.put(one, "proof", "consent_proof", "permission proof")
    if at := moment(draft, "consented_at"):
        one["at"] = at
        draft.use(at, "permission at")
    draft.data["permit"] = [one]
    describe_people(draft, everything=False)


def spend(draft: Draft) -> None:
    """A cost a row."""
    cost: Plain = {}
    draft.put(cost, "amount", "spend", "cost amount")
    draft.put(cost, "currency", "currency", "cost currency")
    draft.put(cost, "channel", "cost_channel", "cost channel")
    draft.put(cost, "campaign", "campaign", "cost campaign")
    if at := moment(draft):
        cost["at"] = at
        draft.use(at, "cost at")
    draft.data["costs"] = [cost]
