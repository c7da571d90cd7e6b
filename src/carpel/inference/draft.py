"""A source spec in the making: every column is put to one use, and the use is written down."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from carpel.engine.base import Engine
from carpel.inference.kind import MOMENT
from carpel.inference.look import Look
from carpel.inference.reading import OWN, Reading, spread
from carpel.inference.roles import roles
from carpel.inference.sample import Sample
from carpel.inference.words import bare, folded, listed, snake
from carpel.specs.source import OURS

if TYPE_CHECKING:
    from carpel.inference.joins import Joined

YES = listed(
    "yes y true t 1 1.0 on subscribed opted_in opted-in opt-in in granted confirmed active ja "
    "oui si sim vero x ✓ accepted consented single_opt_in confirmed_opt_in"
)
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
    keyed: str | None = None
    """In a file of companies, the column by which files of people call theirs."""
    data: Plain = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    """What a person should know about the source, in sentences."""

    def __post_init__(self) -> None:
        if names := self.sample.fill_down:
            self.data["fill_down"] = list(names)
            said = f"Given on the first line of an order only: {', '.join(names)}."
            self.notes.append(f"{said} Further lines take them from it.")
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
        return (self.joined.other if self.joined and self.lent(name) else self.sample).look(name)

    def lent(self, name: str) -> bool:
        """Whether a column is the joined file's; rows that it has no match for lack a value."""
        return self.joined is not None and name in self.joined.lent

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
        reading, own = self.readings[column], snake(bare(column))
        name = own if reading.role in OWN else reading.role
        if reading.role == "survey_answer":
            name = f"survey_{name}"
        if reading.role == "female":
            name = "gender"
        if reading.role == "at":
            name = own
        if reading.role == "gender" and self.look(column).numeric == 1:
            name = "gender_code"
        if name in OURS:
            name = f"{name}_stated"
        number, base = 2, name
        while name in taken:
            name, number = f"{base}_{number}", number + 1
        return name


def moment(draft: Draft, *first: str) -> str | None:
    """The column with the time of what the row says: the asked roles, the usual, then any."""
    usual = draft.column(*first, *MOMENT, "started_at", "sent_at", "updated_at")
    own = [name for name, each in draft.readings.items() if each.role == "time"]
    return usual or (own[0] if own else None)
