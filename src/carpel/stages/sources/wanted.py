"""What a source asks of each row: every value it names, under a key of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from carpel.errors import SourceError, suggestion
from carpel.language import Comparison
from carpel.reading import Rows
from carpel.specs import Column, Source
from carpel.specs.column import ColumnType

KINDS = {
    "email": "email",
    "phone": "phone",
    "mobile": "phone",
    "telephone": "phone",
    "country": "country",
    "gender": "gender",
    "language": "language",
    "first_name": "name",
    "last_name": "name",
    "middle_name": "name",
    "full_name": "name",
    "name": "name",
    "postcode": "postcode",
    "postal_code": "postcode",
    "zip": "postcode",
    "currency": "currency",
}
"""How the values of identifiers and traits of these names are made regular."""
BIRTHS = ("birth_date", "date_of_birth", "birthday", "dob")
CURRENCY = "currency"
TELLING = (
    "first_name",
    "last_name",
    "middle_name",
    "full_name",
    "name",
    "birth_date",
    "date_of_birth",
)
"""Traits that tell people on one address apart."""

FIGURES = (
    "amount",
    "order_amount",
    "quantity",
    "price",
    "unit_price",
    "discount",
    "shared_discount",
    "total",
    "tax",
    "shipping",
    "cost",
    "margin",
    "revenue",
    "refund",
)
"""Properties that are numbers by their very name, whatever a file's cells look like."""


@dataclass(frozen=True)
class Wanted:
    """One value of a row: its key in the typed table, its column, and what it has to be."""

    key: str
    spec: Column
    type: ColumnType | None = None
    normal: str | None = None
    """The kind of value it is made regular as."""
    as_written: bool = False
    """Whether a value that cannot be made regular stays as it is."""
    amount: bool = False
    birth: bool = False
    """Whether it is the day somebody was born."""


def wanted(source: Source, amount: str, types: dict[str, ColumnType]) -> list[Wanted]:
    """Everything a source names, in order. `types` are what properties are in other sources."""
    return [*_who(source), *_did(source, amount, types), *_else(source, types)]


def _who(source: Source) -> Iterator[Wanted]:
    for kind, spec in source.identifiers.items():
        yield Wanted(f"id_{kind}", spec, "text", KINDS.get(kind, "identifier"))
    for trait, spec in source.traits.items():
        regular = KINDS.get(trait) if spec.type in (None, "text") else None
        read_as = "text" if regular else _dated(trait, spec)
        yield Wanted(f"t_{trait}", spec, read_as, regular, birth=trait in BIRTHS)
    if source.seen_at:
        yield Wanted("seen_at", source.seen_at, "instant")
    if source.known_since:
        yield Wanted("known_since", source.known_since, "instant")


def _dated(name: str, spec: Column) -> ColumnType | None:
    return "date" if spec.type is None and name in ("birth_date", "date_of_birth") else spec.type


def _did(source: Source, amount: str, types: dict[str, ColumnType]) -> Iterator[Wanted]:
    for number, track in enumerate(source.track):
        yield Wanted(f"e{number}_at", track.at, "instant")
        for name, spec in track.properties.items():
            kind = property_type(name, spec, types)
            yield (
                _currency(f"e{number}_p_{name}", spec)
                if name == CURRENCY and kind in (None, "text")
                else Wanted(f"e{number}_p_{name}", spec, kind, amount=name == amount)
            )
        for name, comparison in track.when.items():
            yield Wanted(f"e{number}_w_{name}", Column(column=name), compared_type(comparison))


def _currency(key: str, spec: Column) -> Wanted:
    return Wanted(key, spec, "text", CURRENCY, as_written=True)


def compared_type(comparison: Comparison) -> ColumnType | None:
    """What a column is read as to be compared with this; None where the column decides."""
    operand = comparison.value
    some = operand[0] if isinstance(operand, tuple) and operand else operand
    if isinstance(some, bool):
        return "boolean"
    if isinstance(some, int | float):
        return "number"
    return "text" if isinstance(some, str) else None


def compared(key: str, spec: Column, comparison: Comparison) -> Wanted:
    """A value that is only compared: whatever stands in a cell of dates says that there is one,
    but what stands for nothing."""
    if comparison.operator in ("is_set", "is_missing"):
        return Wanted(key, spec, "text", "text")
    return Wanted(key, spec, compared_type(comparison))


def property_type(name: str, spec: Column, types: dict[str, ColumnType]) -> ColumnType | None:
    """The one type of a property over all sources; keys are text, whatever they look like."""
    if kind := spec.type or types.get(name):
        return kind
    if name.endswith("_id") or name == "id":
        return "text"
    return "number" if name in FIGURES else None


def _else(source: Source, types: dict[str, ColumnType]) -> Iterator[Wanted]:
    for number, hold in enumerate(source.hold):
        for name in HELD:
            if spec := getattr(hold, name):
                yield _field(f"h{number}_", name, spec, HELD)
    for number, permit in enumerate(source.permit):
        for name in PERMITTED:
            if spec := getattr(permit, name):
                yield Wanted(f"c{number}_{name}", spec, PERMITTED[name])
        for name, comparison in permit.when.items():
            yield compared(f"c{number}_w_{name}", Column(column=name), comparison)
    if source.account:
        several = source.account.key.separator is not None
        read_as: tuple[ColumnType, str | None] = (
            ("list", None) if several else ("text", "identifier")
        )
        yield Wanted("a_key", source.account.key, *read_as)
        if source.account.name:
            yield Wanted("a_name", source.account.name, "text", "text")
        for name, spec in source.account.traits.items():
            yield Wanted(f"a_t_{name}", spec)
    for name, column_name in source.describes.items():
        yield _field("d_", name, Column(column=column_name), {})
    for name, spec in source.properties.items():
        yield Wanted(f"d_p_{name}", spec, property_type(name, spec, types))
    for number, cost in enumerate(source.costs):
        for name in SPENT:
            if spec := getattr(cost, name):
                yield _field(f"x{number}_", name, spec, SPENT)


def _field(prefix: str, name: str, spec: Column, types: dict[str, ColumnType]) -> Wanted:
    if name == CURRENCY:
        return _currency(f"{prefix}{name}", spec)
    return Wanted(f"{prefix}{name}", spec, types.get(name, "text"))


HELD: dict[str, ColumnType] = {
    "contract_id": "text",
    "plan": "text",
    "amount": "number",
    "currency": "text",
    "interval": "text",
    "seats": "integer",
    "status": "text",
    "started_at": "instant",
    "ended_at": "instant",
    "trial_ends_at": "instant",
    "renews_at": "instant",
    "paused_at": "instant",
    "cancelled_at": "instant",
}
PERMITTED: dict[str, ColumnType] = {
    "channel": "text",
    "purpose": "text",
    "granted": "boolean",
    "at": "instant",
    "proof": "text",
}
SPENT: dict[str, ColumnType] = {
    "at": "instant",
    "amount": "number",
    "currency": "text",
    "channel": "text",
    "campaign": "text",
}


def found_in(spec: Column, rows: Rows, source: Source) -> Column:
    """The same column by the name the file has for it; SourceError when no file has it."""
    named: dict[str, Any] = {
        part: name
        for part in ("column", "times", "less", "percent_off")
        if (name := getattr(spec, part))
    }
    found: dict[str, Any] = {part: actual(name, rows, source) for part, name in named.items()}
    for part in ("share", "otherwise"):
        if names := getattr(spec, part):
            named[part] = names
            found[part] = tuple(actual(name, rows, source) for name in names)
    return spec if found == named else spec.model_copy(update=found)


def actual(name: str, rows: Rows, source: Source) -> str:
    """The file's own name of a column, case and blanks at the ends put aside."""
    if name in rows.columns:
        return name
    for each in rows.columns:
        if each.strip().casefold() == name.strip().casefold():
            return each
    raise SourceError(
        f"Source {source.name} names a column {name!r} that is not there.",
        place=", ".join(source.read),
        action=suggestion(name, rows.columns),
    )
