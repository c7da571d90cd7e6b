"""Exports of what people did with e-mails, as sending tools write them: who did what, when.

Three forms are known by their columns and values, in whatever words: a row for each thing done, a
row for each person with a column for each thing, and a file of one thing alone (`opened.csv`).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, column, query
from carpel.errors import SourceError
from carpel.inference.event_names import email_event_name
from carpel.inference.words import words
from carpel.reading import Home, Rows, Shapes, typed
from carpel.reading.rows import inner
from carpel.specs import Column

Kind = Literal["opened", "clicked", "bounced", "unsubscribed", "complained"]
KINDS: tuple[Kind, ...] = ("opened", "clicked", "bounced", "unsubscribed", "complained")
_TIMES = frozenset({"time", "timestamp", "date", "datetime", "created", "at", "when", "occurred"})
_BESIDE = _TIMES | {"event", "activity", "action", "utc", "email", "of", "first", "last"}
"""Words of a column that says when: others name the time of something else, as `optin_time`."""
_LINKS = frozenset({"url", "link", "href"})
_MACHINES = frozenset(("machine", "bot", "filtered", "privacy", "proxy", "prefetch", "automated"))
_FIGURES = _MACHINES | {"rate", "ip", "reason", "location", "country", "campaign", "list"}
"""Words of columns about an e-mail that do not say whether somebody did something with it."""
_LASTING = ("hard", "permanent", "invalid", "unknown", "nonexistent", "undeliverable")
_PASSING = ("soft", "transient", "temporary", "full", "greylist", "throttl", "timeout")
_REFUSED = ("block", "content", "policy", "spam", "reputation", "dmarc")
_WHY = frozenset({"type", "category", "classification"})
_MAILED = frozenset(f"email_{each}" for each in (*KINDS, "sent", "delivered"))
MOST = 30
"""Different words that a column which names things done may have."""
_NOT_SO = frozenset(("", "0", "0.0", "false", "no", "n", "f", "-", "never", "none", "null"))


@dataclass(frozen=True)
class Activity:
    """One thing done with one e-mail; `why` of a bounce is `hard`, `soft`, `blocked` or unsaid."""

    address: str
    kind: Kind
    at: datetime | None
    link: str = ""
    why: str = ""
    machine: bool = False


@dataclass(frozen=True)
class Form:
    """Where an export says what: names of its columns."""

    address: str
    what: str | None
    """The column that names the thing done, in a file with a row for each."""
    done: Mapping[str, Kind]
    alone: Kind | None
    """The one thing that the whole file is about."""
    at: str | None
    link: str | None
    machine: str | None
    why: str | None


def kind_of(text: str) -> Kind | None:
    """The thing done that a word or a heading means; None for any other."""
    found = email_event_name(text).removeprefix("email_")
    return next((each for each in KINDS if each == found), None)


def form_of(rows: Rows, engine: Engine, kind: Kind | None, place: str) -> Form:
    """How an export is written; raises SourceError where that cannot be told."""
    names = list(rows.columns)
    address = _address(engine, rows, names)
    if address is None:
        raise SourceError(
            "No column holds e-mail addresses.",
            place=place,
            action="Export the recipients of the campaign with their addresses.",
        )
    rest = [name for name in names if name != address]
    what = None if kind else _naming(engine, rows, rest)
    why = next((n for n in rest if kind_of(n) == "bounced" and _says(n, _WHY)), None)
    why = why or next((n for n in rest if _says(n, _WHY) and n != what), None)
    done = {} if kind or what else _each(rest)
    alone = None if what or done else kind or kind_of(Path(place).stem)
    if what is None and not done and alone is None:
        raise SourceError(
            "No column says what was done: opened, clicked, bounced, unsubscribed.",
            place=place,
            action="Say it: --kind opened.",
        )
    at = next((n for n in rest if _is_time(n, alone)), None)
    link = next((n for n in rest if _says(n, _LINKS)), None)
    machine = next((n for n in rest if _says(n, _MACHINES)), None)
    return Form(address, what, done, alone, None if done else at, link, machine, why)


def activities(rows: Rows, engine: Engine, form: Form, zone: str) -> Iterator[Activity | str]:
    """What every row says, in the file's order; a text says why one cannot be used."""
    places = (form.address, form.what, *form.done, form.at, form.link, form.machine, form.why)
    named = list(dict.fromkeys(filter(None, places)))
    shapes, home = Shapes(engine, rows.tree), Home(zone=zone)
    asked: list[Tree] = []
    for n, name in enumerate(named):
        moment = typed(engine, rows, Column(column=name), home, "instant", shapes).value
        text = query("coalesce(trim(CAST(:c AS VARCHAR)), '')", c=column(name))
        asked += [aliased(text, f"said_{n}"), aliased(moment, f"when_{n}")]
    whole = query("SELECT :asked FROM :rows ORDER BY _row", asked=asked, rows=inner(rows.tree))
    for row in engine.rows(whole):
        cells = {name: Cell(*row[2 * n : 2 * n + 2]) for n, name in enumerate(named)}
        yield from _of_row(form, cells)


class Cell(NamedTuple):
    """What a file says in a row, and the moment that is, if it is one: in UTC, without a zone."""

    said: str
    moment: datetime | None


def _of_row(form: Form, cells: Mapping[str, Cell]) -> Iterator[Activity | str]:
    if "@" not in cells[form.address].said:
        yield "no address"
    elif form.what is not None:
        kind = kind_of(cells[form.what].said)
        yield "something else" if kind is None else _activity(form, cells, kind, form.what)
    elif form.alone is not None:
        yield _activity(form, cells, form.alone, None)
    else:
        for name, each in form.done.items():
            if cells[name].said.lower() not in _NOT_SO:
                yield _activity(form, cells, each, name)


def _activity(form: Form, cells: Mapping[str, Cell], kind: Kind, name: str | None) -> Activity:
    """One thing done, by the column that says so; what a person's machine did is opened only."""
    nothing = Cell("", None)
    said = cells[name] if name else nothing
    at = (cells[form.at] if form.at else said).moment
    reason = cells[form.why].said if form.why else ""
    machine = cells[form.machine].said if form.machine and kind in ("opened", "clicked") else ""
    by_machine = machine.lower() not in _NOT_SO and not (form.done and kind == "clicked")
    return Activity(
        address=cells[form.address].said,
        kind=kind,
        at=at.replace(tzinfo=UTC) if at else None,
        link=cells[form.link].said if form.link and kind == "clicked" else "",
        why=_why(f"{reason} {name} {said.said}") if kind == "bounced" else "",
        machine=by_machine,
    )


def _why(said: str) -> str:
    for why, signs in (("soft", _PASSING), ("blocked", _REFUSED), ("hard", _LASTING)):
        if any(word.startswith(signs) for word in words(said)):
            return why
    return ""


def _address(engine: Engine, rows: Rows, names: Sequence[str]) -> str | None:
    """The column whose cells are addresses most often."""
    count = (
        "count(*) FILTER (WHERE regexp_matches(CAST(:c AS VARCHAR), '^[^@ ]+@[^@ ]+[.][^@ ]+$'))"
    )
    asked = [query(count, c=column(name)) for name in names]
    found: Sequence[Any] = engine.rows(
        query("SELECT :asked FROM :rows", asked=asked, rows=inner(rows.tree))
    )[0]
    most = max(found, default=0)
    return names[list(found).index(most)] if most else None


def _naming(engine: Engine, rows: Rows, names: Sequence[str]) -> str | None:
    """The column of few values, most of which name something done with an e-mail."""
    for name in names:
        values = engine.rows(
            query(
                "SELECT DISTINCT trim(CAST(:c AS VARCHAR)) AS said FROM :rows "
                "WHERE said <> '' LIMIT :n",
                c=column(name),
                rows=inner(rows.tree),
                n=MOST + 1,
            )
        )
        known = [value for (value,) in values if email_event_name(value) in _MAILED]
        if len(values) <= MOST and 2 * len(known) > len(values) and not kind_of(name):
            return name
    return None


def _each(names: Sequence[str]) -> dict[str, Kind]:
    """The columns below which it stands that something was done; of one thing those with times.

    Of bounces all that say which kind they are of.
    """
    found: dict[str, Kind] = {}
    for name in names:
        kind = kind_of(name)
        if kind is None or _says(name, _FIGURES):
            continue
        same = [other for other, each in found.items() if each == kind]
        if kind == "bounced" and (not same or _why(name)):
            found[name] = kind
        elif not same or (_says(name, _BESIDE) and not _says(same[0], _BESIDE)):
            found = {n: k for n, k in found.items() if k != kind} | {name: kind}
    return found


def _is_time(name: str, alone: Kind | None) -> bool:
    """Whether a column says when: of a file about one thing also `unsub_time`."""
    of_it = alone is not None and kind_of(name) == alone
    return _says(name, _TIMES) and (of_it or set(words(name)) <= _BESIDE)


def _says(name: str, signs: Collection[str]) -> bool:
    return not set(words(name)).isdisjoint(signs)
