"""The stage `personas`: each segment described in sentences that stand on figures."""

from collections.abc import Iterable, Iterator
from typing import Any

from carpel.engine.query import query
from carpel.evidence.rows import row
from carpel.language import to_data
from carpel.specs.persona import SECTIONS
from carpel.stages.base import Line, Output, Part
from carpel.stages.personas.described import Persona, personas
from carpel.stages.personas.worded import worded
from carpel.stages.rows import as_table

READS = ("aliases", "customers", "memberships", "moments", "reach", "sizes", "traits")


class Personas:
    """Writes persona_sentences, persona_questions and persona_wordings; see `carpel.tables`."""

    name = "personas"
    version = 15
    writes = ("persona_sentences", "persona_questions", "persona_wordings")

    def parts(self, line: Line) -> Iterable[Part]:
        if line.table_files("memberships"):
            yield Part("personas/told", _depends(line), lambda out: _write(line, out))
            if (writer := line.definitions.project.personas.writer) is not None:
                yield worded(line, writer)


def _depends(line: Line) -> dict[str, Any]:
    project = line.definitions.project
    events = ("event_product_purchased", f"event_{project.revenue.event}")
    read = [*READS, *events, *line.tables("described")]
    return {
        "project": [project.revenue.model_dump(), project.timezone, project.currency],
        "as_of": line.as_of,
        "rules": {n: to_data(spec.rule) for n, spec in line.definitions.segments.items()},
        "worded": project.personas.writer is not None,
        "tables": {name: line.table_files(name) for name in read},
    }


def _write(line: Line, out: Output) -> None:
    found = list(personas(line))
    tables = {"persona_sentences": _said(found), "persona_questions": _asked(found)}
    if line.definitions.project.personas.writer is None:
        tables["persona_wordings"] = iter(())
    for name, rows in tables.items():
        line.engine.register("told", as_table(name, rows))
        out.write(name, query("SELECT * FROM told"))
        line.engine.drop("told")


def _said(found: Iterable[Persona]) -> Iterator[dict[str, Any]]:
    for persona in found:
        for section in SECTIONS:
            for position, each in enumerate(persona.sections.get(section, ())):
                place = {"segment": persona.segment, "section": section, "position": position}
                yield {**place, **row(each)}


def _asked(found: Iterable[Persona]) -> Iterator[dict[str, Any]]:
    for persona in found:
        for each in persona.questions:
            yield {
                "segment": each.segment,
                "section": each.section,
                "asks": each.item.asks,
                "reason": each.reason,
                "wording": each.item.wording,
                "answers": "; ".join(each.item.answers),
            }
