"""A persona a segment: its sentences section by section, and a question where there is none."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from carpel.engine.query import query
from carpel.evaluation.memberships import stored_sets
from carpel.evidence import Evidence, Sentence, Unsupported
from carpel.evidence.figures import COMPOSITE, FEWEST
from carpel.evidence.sentence import Kind
from carpel.language import references
from carpel.specs.words import REVENUES, counted
from carpel.stages.base import Line
from carpel.stages.personas import choice
from carpel.stages.personas.asked import ITEMS, Item
from carpel.stages.personas.bought import bought
from carpel.stages.personas.candidate import Candidate, Judged, judged
from carpel.stages.personas.composite import Composite, composite
from carpel.stages.personas.measured import told, traits
from carpel.stages.personas.reached import OF, reached
from carpel.stages.personas.year import year
from carpel.stats.averages import share_of_total

MADE = frozenset({"bought_category", "bought_brand", "ordered_in", OF})
"""What is told of that is no trait."""
UNCLEAR = ("recognise", "buys", "seldom", "assume")
"""Sections that tell of differences, or of none."""
BROUGHT: Mapping[str, str] = {"spent": "spend_365d", "recurring": "recurring_revenue_monthly"}
"""The trait that a segment's share of revenue rests on, by the kind of revenue."""


Row = TypeVar("Row")


@dataclass(frozen=True)
class Question:
    """What is not known of a segment, why, and how to ask."""

    segment: str
    section: str
    reason: str
    item: Item


@dataclass
class Persona:
    """Sentences of one segment by section, in the order told, and what is open."""

    segment: str
    people: int
    sections: dict[str, list[Sentence]] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)


@dataclass(frozen=True)
class _Known:
    """What the sentences of one segment are made from."""

    segment: str
    people: int
    candidates: Sequence[Candidate]
    judged: Sequence[Judged]
    asked: frozenset[str]
    """Traits that its rule names: that they differ is no finding."""
    others: int
    """How many people are not in it."""
    year: Composite | None
    """None where nothing brings revenue."""
    revenue: str
    """The kind of revenue, as in `sizes`."""


def personas(line: Line) -> Iterator[Persona]:
    """One persona a segment, and a group of a set of segments."""
    listed, found = traits(line), year(line)
    sets = {name: each for name, each in stored_sets(line.engine).items() if each}
    currency = line.definitions.project.currency
    years: dict[str, Composite] = {}
    if found is not None:
        years = {name: composite(found, name, each, currency) for name, each in sets.items()}
    months = [month for each in years.values() for month in each.months]
    candidates = [*told(line, listed), *reached(line), *bought(line, sets), *months]
    everybody = int(line.engine.value(query("SELECT count(*) FROM customers")))
    plain, held = _by_segment(candidates, _segment), _by_segment(judged(candidates), _of)
    rows = line.engine.rows(query("SELECT segment, revenue_kind FROM sizes"))
    kinds: dict[str, str | None] = dict(rows)
    for name, members in sets.items():
        known = _Known(
            name,
            len(members),
            plain.get(name, []),
            held.get(name, []),
            _asked(line, name),
            everybody - len(members),
            years.get(name),
            BROUGHT.get(kinds.get(name) or "spent", ""),
        )
        yield _persona(listed, known)


def _asked(line: Line, segment: str) -> frozenset[str]:
    spec = line.definitions.segments.get(segment)
    found = references(spec.rule) if spec is not None else ()
    return frozenset(each.name for each in found if each.kind == "trait")


def _segment(each: Candidate) -> str:
    return each.segment


def _of(each: Judged) -> str:
    return each.candidate.segment


def _by_segment(rows: Iterable[Row], segment: Callable[[Row], str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for each in rows:
        found.setdefault(segment(each), []).append(each)
    return found


def _persona(listed: Mapping[str, Any], known: _Known) -> Persona:
    made = Persona(known.segment, known.people)
    by_section = _sections(listed, known.judged)
    for name in ITEMS:
        made.sections[name] = _sentences(name, known, by_section)
    made.sections["gist"] = _gist(known, made.sections["recognise"])
    made.questions += [
        Question(known.segment, name, _reason(name, listed, known), item)
        for name, item in ITEMS.items()
        if not made.sections[name]
    ]
    return made


def _sections(listed: Mapping[str, Any], rows: Iterable[Judged]) -> dict[str, list[Judged]]:
    """By section what may be told there; what is bought, and when, under its own name."""
    found: dict[str, list[Judged]] = {}
    for each in rows:
        of = each.candidate.of
        name = choice.section(of, listed[of]["criterion"] if of in listed else "")
        name = of if of in MADE - {OF} else name
        if name is not None:
            found.setdefault(name, []).append(each)
    return found


def _sentences(name: str, known: _Known, by_section: Mapping[str, list[Judged]]) -> list[Sentence]:
    purchases = [*by_section.get("bought_category", ()), *by_section.get("bought_brand", ())]
    traits_only = [each for each in known.judged if each.candidate.of not in MADE]
    match name:
        case "buys":
            return _said(choice.buys(purchases))
        case "seldom":
            return _said(choice.seldom(purchases), "seldom")
        case "year":
            return _year(known, by_section.get("ordered_in", []))
        case "recognise":
            return _said(choice.strongest(traits_only, known.asked))
        case "assume":
            otherwise = known.year.otherwise if known.year else None
            alike = _said(choice.believed(traits_only), "assume")
            return [*alike, *([otherwise] if otherwise else [])]
    return _said(choice.chosen(name, by_section.get(name, [])))


def _said(rows: Iterable[Judged], kind: Kind = "told") -> list[Sentence]:
    return [said for each in rows if (said := each.sentence(kind)) is not None]


def _year(known: _Known, months: list[Judged]) -> list[Sentence]:
    return [*known.year.halves, *_said(months)] if known.year else []


def _gist(known: _Known, strongest: list[Sentence]) -> list[Sentence]:
    """What they bring, and what sets them apart most."""
    money = next(
        (each for each in known.candidates if each.of == known.revenue and each.part is None), None
    )
    brought = _brought(money) if money is not None else None
    return [*([brought] if brought else []), *strongest[:2]]


def _brought(money: Candidate) -> Sentence | None:
    inside, outside = money.inside, money.outside
    if min(inside.n, outside.n) < FEWEST or min(inside.mean, outside.mean) <= 0:
        return None
    share, low, high = share_of_total(inside, outside)
    part = inside.n / (inside.n + outside.n)
    gap = (low - part, high - part)
    label = REVENUES["recurring" if money.of != "spend_365d" else "spent"]
    try:
        evidence = Evidence(
            "share_of_total",
            money.of,
            label,
            share,
            low,
            high,
            inside.n,
            part,
            inside.n + outside.n,
            *gap,
            "more" if gap[0] > 0 else "less" if gap[1] < 0 else "open",
            unit="share",
        )
        return Sentence("revenue", evidence)
    except Unsupported:
        return None


def _reason(name: str, listed: Mapping[str, Any], known: _Known) -> str:
    """Why a section has no sentence."""
    if known.people < FEWEST:
        return f"Only {counted(known.people, 'person', 'people')} in it: too few to speak of."
    if known.others < FEWEST:
        return "Nearly everybody is in it: there are too few others to hold them against."
    if name == "year" and known.year is not None and known.year.people < COMPOSITE:
        return (
            f"{counted(known.year.people, 'person', 'people')} of them ordered in the last "
            f"twelve months; a typical year takes at least {COMPOSITE}."
        )
    here = [
        each.inside.n
        for each in known.candidates
        if each.of in listed and choice.section(each.of, listed[each.of]["criterion"]) == name
    ]
    if here and max(here) >= FEWEST:
        return f"Known of {max(here):,} of them, but no answer is common enough to be told."
    if here:
        return f"Known of {max(here):,} of them only: too few to speak of."
    compared = MADE - {OF} if name in ("buys", "seldom") else frozenset(listed)
    if name in UNCLEAR and any(each.candidate.of in compared for each in known.judged):
        return "No difference is clear enough."
    return "No data source says."
