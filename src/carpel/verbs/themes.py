"""What people write about: open answers, tickets, reviews; with counts, and quotes of nobody."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from carpel.engine.query import Tree, column, literal, query, table
from carpel.errors import CarpelError, MissingExtra, NotFound
from carpel.stats.likelihood import Refused
from carpel.stats.multiplicity import expected_false
from carpel.stats.proportions import differ, difference, wilson
from carpel.values.sensitive import personal
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session

MOST = 200_000
"""Texts that are read, the latest."""
FEWEST = 20
"""People who wrote in a segment, and outside it, for the two to be compared."""
TOLD = 5
REMARK = re.compile(r"(^|_)(notes?|comments?)($|_)")
"""Traits that are personal since anything may stand in them; here nothing of that is told."""
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Themed:
    """Themes of texts, those most people write of first; `reason` where there are none.

    Rows have `theme`, `words`, `texts`, `people`, `share` of all who wrote (`low` to `high`) and
    `quotes`; with a segment `inside` and `outside`, the shares there and of everybody else (None:
    too few), the ends of the difference and `q`. `common` are the words of most people.
    """

    of: str
    texts: int
    people: int
    themes: Rows
    other: int
    common: Rows
    by: str = ""
    reason: str = ""


def themes(
    session: Session, of: str, where: Mapping[str, str] | None = None, by: str | None = None
) -> Themed:
    """Themes of a property of an event (`ticket_opened.text`) or of a trait that people wrote.

    `where` keeps events whose properties are these. Nothing of it is kept; raises NotFound.
    """
    if not (find_spec("sklearn") and find_spec("scipy")):
        raise MissingExtra("science", "themes")
    from carpel.stats.themes import themes as found_in

    with reading(session) as reader:
        inside = None if by is None else set(reader.segment(by))
        rows = reader.engine.fetch(_texts(reader, of, where or {}))
        texts, people = (rows.column(each).to_pylist() for each in ("said", "customer"))
        try:
            found = found_in(texts, people, _names(reader))
        except Refused as refusal:
            return Themed(of, len(texts), len(set(people)), [], 0, [], by or "", str(refusal))
        told = [_row(each, found.people) for each in found.themes]
        if inside is not None:
            _compared(told, found, inside)
        reason = "" if told else "no words stand together often enough to be a theme"
        common = [{"word": word, "people": count} for word, count in found.common]
        return Themed(of, found.texts, found.people, told, found.other, common, by or "", reason)


def _row(theme: Any, people: int) -> dict[str, Any]:
    low, high = wilson(theme.people, people)
    return {
        "theme": theme.name,
        "words": list(theme.words),
        "texts": theme.texts,
        "people": theme.people,
        "share": theme.people / people,
        "low": low,
        "high": high,
        "quotes": list(theme.quotes),
    }


def _compared(told: Rows, found: Any, inside: set[int]) -> None:
    """Put beside each theme how many of a segment, and of everybody else, write of it."""
    mine = np.array([each in inside for each in found.writers.tolist()], bool)
    n, m = int(mine.sum()), int((~mine).sum())
    if min(n, m) < FEWEST:
        raise CarpelError(
            f"{n:,} people of the segment wrote, and {m:,} others: {FEWEST} of each are needed.",
            action="Leave --by out, or name a larger segment.",
        )
    counts = []
    for theme in found.themes:
        here = sum(each in inside for each in theme.by.tolist())
        counts.append((here, len(theme.by) - here))
    q = expected_false([differ(here, n, there, m) for here, there in counts])
    for row, (here, there), false in zip(told, counts, q, strict=True):
        low, high = difference(here, n, there, m)
        few = min(here, there) < TOLD
        row |= {
            "inside": None if here < TOLD else here / n,
            "outside": None if there < TOLD else there / m,
            "gap_low": None if few else low,
            "gap_high": None if few else high,
            "q": float(false),
        }


def _texts(reader: Reader, of: str, where: Mapping[str, str]) -> Tree:
    """Whose each text is, and the text; the latest first."""
    event, dot, name = of.partition(".")
    if not dot:
        return _stated(reader, of)
    events = reader.build.events()
    if event not in events:
        raise NotFound("event", event, events)
    home = events[event]
    columns = reader.engine.columns(home)
    for each in (name, *where):
        if each not in columns:
            raise NotFound("property", each, columns)
    kept = query("true")
    for each, value in where.items():
        kept = query(
            ":kept AND CAST(:it AS VARCHAR) = :value",
            kept=kept,
            it=column(each, "e"),
            value=literal(value),
        )
    return query(
        """SELECT coalesce(a.survivor, e.customer) AS customer, CAST(:it AS VARCHAR) AS said
           FROM :home AS e LEFT JOIN aliases AS a ON a.customer = e.customer
           WHERE e.at <= :until AND :it IS NOT NULL AND :kept
           ORDER BY e.at DESC, e.event_key LIMIT :most""",
        it=column(name, "e"),
        home=table(home),
        until=reader.evaluator.catalogue.clock.moment,
        kept=kept,
        most=MOST,
    )


def _stated(reader: Reader, trait: str) -> Tree:
    """A trait that people wrote; what says who somebody is is not read."""
    rows = reader.dicts(query("SELECT * FROM traits WHERE type = 'text' ORDER BY trait"))
    told = {
        row["trait"]: row
        for row in rows
        if row["sensitivity"] == "plain" or REMARK.search(row["trait"])
    }
    if trait not in told:
        raise NotFound(
            "text that people wrote", trait, told, action="Name EVENT.PROPERTY, or such a trait."
        )
    fact = reader.evaluator.catalogue.trait(trait)
    return query(
        """SELECT f.customer, CAST(:it AS VARCHAR) AS said FROM :home AS f
           SEMI JOIN customers USING (customer) WHERE :it IS NOT NULL
           ORDER BY f.customer LIMIT :most""",
        it=fact.value,
        home=table(fact.table),
        most=MOST,
    )


def _names(reader: Reader) -> set[str]:
    """Every word of what people are called, folded."""
    columns = [
        each
        for each in reader.stated
        if personal(bare := each.removeprefix("t_")) and bare.endswith("name")
    ]
    found: set[str] = set()
    for each in columns:
        rows = reader.engine.rows(
            query("SELECT DISTINCT CAST(:it AS VARCHAR) FROM contacts AS c", it=column(each, "c"))
        )
        found |= {word for (name,) in rows if name for word in name.casefold().split()}
    return found
