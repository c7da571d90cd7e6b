"""A source spec in the making: every column is put to one use, and the use is written down."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from carpel.engine.base import Engine
from carpel.inference.kinds import MOMENT, PERSON
from carpel.inference.look import Look
from carpel.inference.reading import OWN, Reading, spread
from carpel.inference.relations import constant_within
from carpel.inference.roles import roles
from carpel.inference.sample import Sample
from carpel.inference.words import concepts, folded, listed, snake
from carpel.specs.source import OURS

if TYPE_CHECKING:
    from carpel.inference.joins import Joined

YES = listed(
    "yes y true t 1 1.0 on subscribed opted_in opted-in opt-in in granted confirmed active ja "
    "oui si sim accepted consented single_opt_in confirmed_opt_in"
)
REFUSING = frozenset(
    ["unsubscribed", "unsubscribe", "optout", "opt_out", "suppressed", "donotcontact"]
)
"""Words in a column's name that turn a yes into a no."""
Plain = dict[str, Any]


@dataclass
class Draft:
    """What is known of a file, and the spec as far as it has come."""

    sample: Sample
    engine: Engine
    readings: dict[str, Reading]
    name: str = "source"
    joined: "Joined | None" = None
    """The file that says who and when for this one."""
    own_people: bool = False
    """Whether no other file knows this one's customer ids although others have some."""
    superseded: bool = False
    """Whether another file has the lines of these orders, and this one no amounts."""
    ordered: bool = False
    """Whether the orders behind these rows come from their lines in another file."""
    data: Plain = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    """What a person should know about the source, in sentences."""

    def __post_init__(self) -> None:
        if self.joined:
            self.readings.update(self.joined.lent)
            self.data["joins"] = [
                {"read": str(self.joined.other.path), "on": {self.joined.ours: self.joined.theirs}}
            ]
            self.notes.append(
                f"Who and when come from {self.joined.other.path.name}, "
                f"joined by {self.joined.ours}."
            )

    @property
    def have(self) -> Mapping[str, Reading]:
        return spread(self.readings)

    def column(self, *wanted: str) -> str | None:
        """The column that has the first of these roles that any has."""
        have = self.have
        return next((have[role].column for role in wanted if role in have), None)

    def look(self, name: str) -> Look:
        """The column's values, in this file or the one that is joined."""
        lent = self.joined is not None and name in self.joined.lent
        sample = self.joined.other if self.joined and lent else self.sample
        return sample.look(name)

    def use(self, name: str, use: str) -> None:
        """Write down where a column goes; a second use is added to the first."""
        reading = self.readings[name]
        told = f"{reading.use}, {use}" if reading.use and use not in reading.use else use
        self.readings[name] = replace(reading, use=told)

    def put(self, place: Plain, key: str, role: str, use: str) -> None:
        """Give `place[key]` the column of a role, if a column has it."""
        if (name := self.column(role)) is not None:
            place[key] = self.value(name)
            self.use(name, use)

    def value(self, name: str) -> Any:
        """A column as specs name it, with its type where its values do not decide it."""
        role = self.readings[name].role
        if role == "female":
            return {
                "column": name,
                "values": {
                    each: "female" if folded(each) in YES else "male"
                    for each in sorted(self.look(name).values)
                },
            }
        if kind := self.type(name):
            return {"column": name, "type": kind}
        return name

    def type(self, name: str) -> str | None:
        """The type a spec has to state: dates, and codes that look like numbers."""
        look, role = self.look(name), self.readings[name].role
        group = roles()[role].group if role in roles() else ""
        form, _ = look.date
        if group == "time" or role in ("birth_date", "time"):
            timed = any(":" in each for each in look.values) or form == "epoch"
            return "instant" if timed and role != "birth_date" else "date"
        if (
            role in ("postcode", "coupon", "street_number", "store", "line_id")
            and look.numeric > 0.5
        ):
            return "text"
        return None

    def rest(self, *, but: str = "") -> list[str]:
        """Columns that have no use yet and are understood."""
        return [
            name
            for name, each in self.readings.items()
            if each.known
            and not each.use
            and name != but
            and each.role not in ("row_number", "ip", "photo")
        ]

    def name_of(self, column: str, taken: Mapping[str, Any]) -> str:
        """The name a column goes by: its role's, or its own in snake case; never one taken."""
        reading = self.readings[column]
        name = snake(column) if reading.role in OWN else reading.role
        if reading.role == "survey_answer":
            name = f"survey_{name}"
        if reading.role == "female":
            name = "gender"
        if reading.role == "at":
            name = snake(column)
        if reading.role == "gender" and self.look(column).numeric == 1:
            name = "gender_code"
        if name in OURS:
            name = f"{name}_stated"
        number, base = 2, name
        while name in taken:
            name, number = f"{base}_{number}", number + 1
        return name


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
            draft.put(identifiers, kind, role, f"identifier {kind}")
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
        about = role in roles() and roles()[role].group == "trait"
        if about or (everything and role not in PERSON):
            key = draft.name_of(name, traits)
            traits[key] = draft.value(name)
            draft.use(name, f"trait {key}")


def constant_traits(draft: Draft) -> None:
    """In a file of what people did, own columns that never differ within a person are traits."""
    person = draft.column(*PERSON)
    own = [
        name
        for name in draft.rest()
        if draft.readings[name].role == "property" and draft.look(name).distinct > 1
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
    """The company a person belongs to, where columns name one."""
    key = draft.column("account_id", "account_name", "domain")
    if key is None:
        return
    account: Plain = {"key": key}
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


def permit(draft: Draft) -> None:
    """Permissions that columns of the row state, a channel each."""
    permits = draft.data.setdefault("permit", [])
    for role, channel in (
        ("email_consent", "email"),
        ("sms_consent", "sms"),
        ("mail_consent", "mail"),
        ("phone_consent", "phone"),
    ):
        if (name := draft.column(role)) is not None and draft.look(name).values:
            permits.append({"channel": {"constant": channel}, "granted": granted(draft, name)})
            draft.use(name, f"permission {channel}")


def granted(draft: Draft, name: str) -> Plain:
    """What the column writes, and whether it means yes or no."""
    asked = set(concepts(name)) | {each.lstrip("?") for each in concepts(name)}
    turned = bool(asked & REFUSING) or any(
        word in folded(name).replace(" ", "_") for word in REFUSING
    )
    values = {
        each: ("yes" if (folded(each).replace(" ", "_") in YES) != turned else "no")
        for each in sorted(draft.look(name).values)
    }
    return {"column": name, "type": "boolean", "values": values}


def moment(draft: Draft, *first: str) -> str | None:
    """The column with the time of what the row says: the asked roles, the usual, then any."""
    usual = draft.column(*first, *MOMENT, "started_at", "sent_at", "updated_at")
    own = [name for name, each in draft.readings.items() if each.role == "time"]
    return usual or (own[0] if own else None)
