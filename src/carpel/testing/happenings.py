"""What happened to a few people, as somebody writes it down, and as the tables of a build."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from carpel.errors import CarpelError
from carpel.evaluation.movements import FULL, Movement
from carpel.tables import TABLES

Row = dict[str, Any]
_ARROW = {
    "BIGINT": pa.int64(),
    "UBIGINT": pa.uint64(),
    "TINYINT": pa.int8(),
    "DOUBLE": pa.float64(),
    "VARCHAR": pa.string(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "BLOB": pa.binary(),
}
_KINDS = {
    bool: ("boolean", pa.bool_()),
    int: ("integer", pa.int64()),
    float: ("number", pa.float64()),
    datetime: ("instant", pa.timestamp("us")),
    date: ("date", pa.date32()),
    list: ("list", pa.list_(pa.string())),
    str: ("text", pa.string()),
}
_TERMS = ("started", "ended", "trial_ends", "renews", "paused", "cancelled")
SAYING = ("who", "at")
"""Words of a row that say about whom and from when on."""
_OF_EVENT = ("who", "did", "at", "known")


@dataclass(frozen=True)
class Happenings:
    """People and what is told of them; a row with `at` is so from then on, of two the later.

    Events later than a moment are there all the same: not to count them is the evaluator's part.
    Only those with `known` are absent from the tables until then.
    """

    zone: ZoneInfo
    people: Mapping[str, Row]
    events: Sequence[Row] = ()
    facts: Sequence[Row] = ()
    places: Sequence[Row] = ()
    permissions: Sequence[Row] = ()
    contracts: Sequence[Row] = ()
    accounts: Mapping[str, Row] = field(default_factory=dict)
    merged: Sequence[Row] = ()
    described: Mapping[str, Mapping[str, Row]] = field(default_factory=dict)

    @cached_property
    def keys(self) -> dict[str, int]:
        """Everybody's key, in the order in which they are told."""
        return {who: number for number, who in enumerate(self.people, 1)}

    def instant(self, said: Any) -> datetime:
        """A moment as written, UTC: local unless it says otherwise, a day is its first instant."""
        try:
            found = said if isinstance(said, date) else datetime.fromisoformat(str(said).strip())
        except ValueError:
            raise CarpelError(
                f"{said!r} is not a moment.", action="Write it like `2026-03-01 09:00`."
            ) from None
        if not isinstance(found, datetime):
            found = datetime.combine(found, time())
        there = found if found.tzinfo else found.replace(tzinfo=self.zone)
        return there.astimezone(UTC).replace(tzinfo=None)

    def present(self, moment: datetime) -> list[str]:
        """Whoever exists by then: those who were merged into somebody no longer do."""
        gone = {each["who"] for each in self._until(self.merged, moment)}
        return [who for who in self.people if who not in gone]

    def tables(self, moment: datetime, events: Iterable[str] = ()) -> dict[str, pa.Table]:
        """The tables of a build at a moment; these events are there even if nobody did them."""
        merged = self._until(self.merged, moment)
        gone = [{"customer": each["who"], "survivor": each["into"]} for each in merged]
        pairs = self._belongings()
        known = [{"customer": who} for who in self.present(moment)]
        profiles = self._profiles(moment)
        tables = {
            "customers": self._table("customers", known),
            "aliases": self._table("aliases", gone),
            "profiles": _open(profiles, {"customer": pa.int64()}),
            "traits": _traits(profiles),
            "standings": self._standings(moment),
            "consents": self._table("consents", self._permissions(moment)),
            "contracts": self._table("contracts", self._contracts(moment)),
            "belongings": self._table("belongings", pairs),
            "accounts": self._accounts(),
        }
        for key, things in self.described.items():
            listed = [{key: name, **thing} for name, thing in things.items()]
            tables[f"described_{key}"] = _open(listed, {key: pa.string()})
        for event in {*events, *(each["did"] for each in self.events)}:
            tables[f"event_{event}"] = self._doings(event, moment)
        return tables

    def key(self, who: Any) -> int:
        """Somebody's key; raises CarpelError for one who is not among the people."""
        if who not in self.keys:
            raise CarpelError(f"{who!r} is not one of the people: {', '.join(self.keys)}.")
        return self.keys[who]

    def _table(self, name: str, rows: Iterable[Row]) -> pa.Table:
        keyed = [
            {
                word: self.key(each) if word in ("customer", "survivor") else each
                for word, each in row.items()
            }
            for row in rows
        ]
        columns = {word: _ARROW[kind] for word, kind in TABLES[name].columns.items()}
        return pa.Table.from_pylist(keyed, pa.schema(columns))

    def _until(self, rows: Iterable[Row], moment: datetime) -> list[Row]:
        """What is so by a moment, the latest last."""
        always = [each for each in rows if "at" not in each]
        dated = [(self.instant(each["at"]), each) for each in rows if "at" in each]
        told = sorted((each for each in dated if each[0] <= moment), key=lambda each: each[0])
        return [*always, *(each for _, each in told)]

    def _profiles(self, moment: datetime) -> list[Row]:
        found: dict[str, Row] = {
            who: {name: self._read(each) for name, each in (traits or {}).items()}
            for who, traits in self.people.items()
        }
        for each in self._until(self.facts, moment):
            found[each["who"]] |= {n: self._read(v) for n, v in each.items() if n not in SAYING}
        return [{"customer": self.keys[who], **row} for who, row in found.items()]

    def _read(self, value: Any) -> Any:
        """A trait or a property as it is stored: instants are UTC."""
        return self.instant(value) if isinstance(value, datetime) else value

    def _standings(self, moment: datetime) -> pa.Table:
        found: dict[str, Row] = {}
        for each in self._until(self.places, moment):
            placed = {name: place for name, place in each.items() if name not in SAYING}
            found.setdefault(each["who"], {}).update(placed)
        return _open(
            [{"customer": self.key(who), **row} for who, row in found.items()],
            {"customer": pa.int64()},
        )

    def _permissions(self, moment: datetime) -> list[Row]:
        latest: dict[tuple[str, str, str], Row] = {}
        for each in self._until(self.permissions, moment):
            purpose = each.get("purpose", "marketing")
            latest[each["who"], each["channel"], purpose] = {
                "customer": each["who"],
                "channel": each["channel"],
                "purpose": purpose,
                "granted": each.get("granted", True),
                "suppressed": each.get("suppressed", False),
            }
        return list(latest.values())

    def _contracts(self, moment: datetime) -> list[Row]:
        return [
            {
                "customer": each["who"],
                **{word: value for word, value in each.items() if word not in (*SAYING, *_TERMS)},
                **{f"{word}_at": self.instant(each[word]) for word in _TERMS if each.get(word)},
            }
            for each in self._until(self.contracts, moment)
        ]

    def _belongings(self) -> list[Row]:
        return [
            {"customer": who, "account": number}
            for number, account in enumerate(self.accounts.values(), 1)
            for who in account.get("people", ())
        ]

    def _accounts(self) -> pa.Table:
        rows = [
            {"account": number, "account_key": name}
            | {f"t_{word}": each for word, each in said.items() if word != "people"}
            for number, (name, said) in enumerate(self.accounts.items(), 1)
        ]
        return _open(rows, {"account": pa.int64(), "account_key": pa.string()})

    def _doings(self, event: str, moment: datetime) -> pa.Table:
        done = [
            self._done(number, each)
            for number, each in enumerate(self.events)
            if each["did"] == event
            and ("known" not in each or self.instant(each["known"]) <= moment)
        ]
        fixed = {word: _ARROW[kind] for word, kind in TABLES["event"].columns.items()}
        if event == "trait_changed":
            fixed |= dict.fromkeys(("trait", "was", "now"), pa.string())
        return _open(done, fixed)

    def _done(self, number: int, told: Row) -> Row:
        at = self.instant(told["at"])
        local = at.replace(tzinfo=UTC).astimezone(self.zone)
        properties = {n: self._read(each) for n, each in told.items() if n not in _OF_EVENT}
        return {
            "customer": self.key(told["who"]),
            "event_key": number,
            "at": at,
            "local_date": local.date(),
            "local_hour": local.hour,
            "loaded_at": self.instant(told.get("known", told["at"])),
            "source": "told",
            **properties,
        }


def movements_table(past: Iterable[Movement]) -> pa.Table:
    """What builds left behind, as the table of that name holds it."""
    rows = [each.row() for each in past if each.members or each.part == FULL]
    columns = {word: _ARROW[kind] for word, kind in TABLES["movements"].columns.items()}
    return pa.Table.from_pylist(rows, pa.schema(columns))


def _open(rows: list[Row], fixed: Mapping[str, pa.DataType]) -> pa.Table:
    """A table with these columns and all others that a row has, each as what its values are."""
    names = dict.fromkeys(name for row in rows for name in row if name not in fixed)
    columns = dict(fixed) | {name: _KINDS[_kind(rows, name)][1] for name in names}
    return pa.Table.from_pylist(rows, pa.schema(columns))


def _kind(rows: list[Row], name: str) -> type:
    kinds = {type(row[name]) for row in rows if row.get(name) is not None}
    if kinds == {int, float}:
        return float
    if len(kinds) > 1 or not kinds <= set(_KINDS):
        raise CarpelError(f"The values of `{name}` are not of one kind.")
    return next(iter(kinds), str)


def _traits(profiles: list[Row]) -> pa.Table:
    names = dict.fromkeys(name for row in profiles for name in row if name != "customer")
    return pa.table(
        {
            "trait": pa.array(names, pa.string()),
            "type": pa.array([_KINDS[_kind(profiles, each)][0] for each in names], pa.string()),
            "table": pa.array(["profiles"] * len(names), pa.string()),
            "expression": pa.array([f'"{each}"' for each in names], pa.string()),
        }
    )
