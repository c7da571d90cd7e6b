"""What people said on pages, as rows that a run reads like those of any other source.

The ledger knows people by hashes of addresses; whose they are is looked up in the current build,
by which their messages were sent.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any

from carpel.evaluation.contacts import stated
from carpel.specs import Definitions, Preferences, Survey
from carpel.specs.page import SAID, WHOSE, Ask
from carpel.store.addresses import address_hash
from carpel.store.answers import Answer, answers, latest
from carpel.store.engagement import Engaged, engaged
from carpel.store.links import Click, clicks, targets
from carpel.store.permissions import EVERY, Word, words
from carpel.verbs.reader import reading
from carpel.verbs.session import Session

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]
SCALES = ("nps", "satisfaction")


def said(session: Session) -> "pa.Table":
    """A row a permission and an answer; of what people like the last answer alone."""
    import pyarrow as pa

    definitions, ledger = session.definitions, session.store.ledger
    if SAID not in definitions.sources:
        return pa.table({})
    given, told, followed = answers(ledger), words(ledger), clicks(ledger)
    done = engaged(ledger)
    known_by = {*(a.address for a in given), *(w.address for w in told)}
    known_by |= {*(c.address for c in followed), *(e.address for e in done)}
    whose = _addresses(session, known_by - {""})
    rows = [*_permissions(told), *_facts(given, definitions), *_answered(given, definitions)]
    rows += [*_clicked(followed, targets(ledger)), *_by_tools(done)]
    known = [{**row, **whose[row["address"]]} for row in rows if row["address"] in whose]
    columns = {name: [row.get(name) for row in known] for name in _kinds(definitions)}
    return pa.table({n: pa.array(columns[n], kind) for n, kind in _kinds(definitions).items()})


def _addresses(session: Session, hashes: set[str]) -> Mapping[str, Row]:
    """By hash the address of which it is, where the current build still has it."""
    if not hashes or session.store.builds.current_name() is None:
        return {}
    found, key = {}, session.store.key
    with reading(session) as reader:
        for _, kind, address in stated(reader.engine):
            if (hashed := address_hash(key, address)) in hashes:
                found[hashed] = {kind: address}
    return found


def _permissions(told: Sequence[Word]) -> Iterator[Row]:
    """What was said of one medium and purpose; what was said of all lifts and forbids only."""
    for number, each in enumerate(told):
        if EVERY not in (each.medium, each.purpose):
            yield {
                **_row(f"permission {number}", each),
                "channel": each.medium,
                "purpose": each.purpose,
                "granted": each.granted,
            }


def _facts(given: Sequence[Answer], definitions: Definitions) -> Iterator[Row]:
    asked = _asked(definitions, Preferences)
    for number, each in enumerate(latest(given).values()):
        if each.value and (each.page, each.field) in asked:
            yield {**_row(f"fact {number}", each), f"said_{each.field}": each.value}


def _answered(given: Sequence[Answer], definitions: Definitions) -> Iterator[Row]:
    asked = _asked(definitions, Survey)
    for number, each in enumerate(given):
        ask = asked.get((each.page, each.field))
        if each.value and ask is not None:
            row = {**_row(f"answer {number}", each), "survey": each.page}
            if ask.answer in SCALES:
                yield {**row, ask.answer: int(each.value)}
            else:
                yield {**row, "question": each.field, "answer": each.value}


def _clicked(followed: Sequence[Click], led: Mapping[str, str]) -> Iterator[Row]:
    """What people followed; what machines did is kept out of what people do."""
    for number, each in enumerate(followed):
        if each.address and not each.machine and each.medium == "email":
            at = each.at.astimezone(UTC).replace(tzinfo=None)
            row = {"key": f"click {number}", "address": each.address, "at": at}
            link = led[each.code]
            yield {**row, "campaign": each.campaign, "did": "clicked", "link": link}


def _by_tools(done: Sequence[Engaged]) -> Iterator[Row]:
    """The same of messages that another tool sent, where it says when."""
    for each in done:
        wanted = each.kind in ("opened", "clicked") and each.medium == "email"
        if wanted and each.address and each.at is not None and not each.machine:
            at = each.at.astimezone(UTC).replace(tzinfo=None)
            row = {"key": f"engaged {each.report}", "address": each.address, "at": at}
            said = {"campaign": each.campaign, "did": each.kind, "link": each.link or None}
            yield {**row, **said}


def _asked(definitions: Definitions, kind: type) -> Mapping[tuple[str, str], Ask]:
    pages = ((name, each) for name, each in definitions.pages.items() if isinstance(each, kind))
    return {(name, ask.name): ask for name, each in pages for ask in each.asks}


def _row(key: str, each: Word | Answer) -> Row:
    at = each.at.astimezone(UTC).replace(tzinfo=None)
    return {"key": key, "address": each.address, "at": at, "page": each.page}


def _kinds(definitions: Definitions) -> "Mapping[str, pa.DataType]":
    import pyarrow as pa

    names = (
        "key",
        "page",
        "campaign",
        "did",
        "link",
        "channel",
        "purpose",
        "survey",
        "question",
        "answer",
        *WHOSE,
    )
    facts = (f"said_{field}" for _, field in _asked(definitions, Preferences))
    return {
        **dict.fromkeys((*names, *facts), pa.string()),
        "at": pa.timestamp("us"),
        "granted": pa.bool_(),
        **dict.fromkeys(SCALES, pa.int64()),
    }
