"""Personas as pages show them: sentences with the people behind them, questions, own words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from carpel.engine.query import query, table
from carpel.errors import StoreError
from carpel.evidence import Evidence, Sentence, Unsupported
from carpel.evidence.leads import shown
from carpel.evidence.rows import sentence
from carpel.evidence.supported import SIDES
from carpel.evidence.written import figure
from carpel.reports.headline import name
from carpel.reports.persona_changes import Changed, changes
from carpel.reports.tables import Rows, Tables
from carpel.specs import Persona
from carpel.specs.persona import SECTIONS

FORMER = "former_persona_sentences"
"""What the sentences of the update before are bound to, where they are kept."""
MEASURES: Mapping[str, str] = {
    "mean": "mean",
    "share": "share",
    "median": "median",
    "share_of_total": "share of the total",
}


@dataclass(frozen=True)
class Told:
    """One sentence as it is read, and of how many people it is known."""

    text: str
    people: int
    ours: str = ""
    """How Carpel says it, where a language model worded it; what it may not say was refused."""


@dataclass(frozen=True)
class Section:
    """What a persona says under one heading."""

    name: str
    title: str
    told: Sequence[Told] = ()
    own: Sequence[str] = ()
    """People's own words; never computed."""
    question: Mapping[str, Any] | None = None
    """`asks`, `reason`, `wording`, `answers`: where data shows nothing."""
    months: Rows = field(default_factory=list)
    """`month`, `here`, `there`: shares of people, written out."""


@dataclass(frozen=True)
class PersonaCard:
    """The persona of one segment."""

    segment: str
    title: str
    label: str
    people: int
    share: float
    plain: str
    by: str
    """Who put own words in; empty where nobody did."""
    sections: Sequence[Section]
    details: Rows
    """Every figure behind the sentences, as text."""
    refused: int = 0
    """Wordings by a language model that were not let through; the sentences stand in our words."""
    changes: Sequence[Changed] = ()
    """What is told differently than in the update before."""

    @property
    def worded(self) -> int:
        """How many sentences stand in the words of a language model."""
        return sum(bool(each.ours) for part in self.sections for each in part.told)


def personas(tables: Tables, own: Mapping[str, Persona]) -> dict[str, PersonaCard]:
    """By segment its persona; none in a build that wrote none."""
    if not tables.has("persona_sentences"):
        return {}
    told = _by_segment(tables.dicts(query("SELECT * FROM persona_sentences")))
    asked = _by_segment(tables.dicts(query("SELECT * FROM persona_questions")))
    former = (
        _by_segment(tables.dicts(query("SELECT * FROM :t", t=table(FORMER))))
        if (tables.has_bound(FORMER))
        else None
    )
    words = {each.of: each for each in own.values()}
    wordings = _wordings(tables)
    sizes = tables.dicts(query("SELECT * FROM sizes"))
    return {
        row["segment"]: replace(
            _worded(
                _card(row, told.get(row["segment"], []), asked, words.get(row["segment"])),
                wordings.get(row["segment"], {}),
            ),
            changes=_changes(row["segment"], told, former),
        )
        for row in sizes
        if row["segment"] in told or row["segment"] in asked
    }


def _wordings(tables: Tables) -> dict[str, dict[str, str | None]]:
    """By segment and sentence the wording that was let through; None for one that was not."""
    if not tables.has("persona_wordings"):
        return {}
    found: dict[str, dict[str, str | None]] = {}
    for row in tables.dicts(query("SELECT * FROM persona_wordings")):
        said = row["wording"] if row["accepted"] else None
        found.setdefault(row["segment"], {})[row["text"]] = said
    return found


def _worded(card: PersonaCard, wordings: Mapping[str, str | None]) -> PersonaCard:
    """The card in the words of a language model, where they were let through."""

    def told(each: Told) -> Told:
        said = wordings.get(each.text)
        return replace(each, text=said, ours=each.text) if said else each

    return replace(
        card,
        sections=[replace(part, told=[told(each) for each in part.told]) for part in card.sections],
        refused=sum(each is None for each in wordings.values()),
    )


def _changes(
    segment: str, told: Mapping[str, Rows], former: Mapping[str, Rows] | None
) -> list[Changed]:
    """None for a segment that is new: all of it is."""
    if former is None or segment not in former:
        return []
    return changes(told.get(segment, []), former[segment])


def _by_segment(rows: Rows) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    for row in rows:
        found.setdefault(row["segment"], []).append(row)
    return found


def _card(
    size: Mapping[str, Any], rows: Rows, asked: Mapping[str, Rows], own: Persona | None
) -> PersonaCard:
    by_section: dict[str, list[Sentence]] = {}
    for row in sorted(rows, key=lambda each: int(each["position"])):
        by_section.setdefault(row["section"], []).append(_said(row))
    questions = {row["section"]: row for row in asked.get(size["segment"], [])}
    label = name(size)
    return PersonaCard(
        size["segment"],
        own.called if own and own.called else label,
        label,
        size["people"],
        size["share"],
        size["plain"],
        _author(own),
        [
            each
            for section in SECTIONS
            if _says(each := _section(section, by_section, questions, own))
        ],
        list(_details(by_section)),
    )


def _said(row: Mapping[str, Any]) -> Sentence:
    try:
        return sentence(row)
    except Unsupported as error:
        raise StoreError(
            f"A sentence about {row['segment']} does not stand on its figures ({error}).",
            action="carpel run",
        ) from error


def _author(own: Persona | None) -> str:
    return "" if own is None else own.by or "you"


def _section(
    section: str,
    by_section: Mapping[str, list[Sentence]],
    questions: Mapping[str, Any],
    own: Persona | None,
) -> Section:
    sentences = by_section.get(section, [])
    return Section(
        section,
        SECTIONS[section],
        [
            Told(each.text, each.evidence.n)
            for each in sentences
            if each.evidence.of != "ordered_in"
        ],
        getattr(own.words, section) if own else (),
        questions.get(section),
        [
            {
                "month": each.evidence.part,
                "here": figure(each.evidence.value, "share"),
                "there": figure(each.evidence.contrast, "share"),
                "people": each.evidence.n,
                "text": each.text,
            }
            for each in sentences
            if each.evidence.of == "ordered_in"
        ],
    )


def _says(section: Section) -> bool:
    return bool(section.told or section.own or section.question or section.months)


def _details(by_section: Mapping[str, list[Sentence]]) -> Iterator[dict[str, Any]]:
    for section, title in SECTIONS.items():
        if section == "gist":
            continue
        for each in by_section.get(section, []):
            it = each.evidence
            yield {
                "section": title,
                "what": f"{it.label}: {_part(it)}" if it.part else it.label,
                "measure": MEASURES[it.statistic],
                "here": figure(it.value, it.unit),
                "likely": f"{figure(it.low, it.unit)} to {figure(it.high, it.unit)}",
                "there": figure(it.contrast, it.unit),
                "gap": f"{_signed(it.gap_low, it.unit)} to {_signed(it.gap_high, it.unit)}",
                "q": "" if it.q is None else "under 0.001" if it.q < 0.001 else f"{it.q:.3f}",
                "n": f"{it.n:,} / {it.contrast_n:,}",
            }


def _part(it: Evidence) -> str:
    if it.part in SIDES:
        return f"{it.part} the median of everybody else"
    return shown(it.of, it.part or "")


def _signed(value: float, unit: str) -> str:
    return figure(value, unit) if value >= 0 else f"−{figure(-value, unit)}"
