"""Public layouts from their headers alone, values made up: none read wrongly, most named.

`held_out` was written from knowledge of public exports before it was ever read by Carpel;
`members.txt` are people beside what they hold.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from carpel.engine.duckdb import DuckDB
from carpel.inference import Proposal, propose

from .made_up import Layout, layouts, made

NAMED = 0.9
TABLES = ("layouts.txt", "members.txt", "held_out/layouts.txt", "held_out/tools.txt")


def propose_for(layout: Layout, folder: Path, *further: Layout) -> Proposal:
    paths = [made(each, folder) for each in (layout, *further)]
    return propose(paths, engine=DuckDB(), clock=datetime(2026, 1, 1, tzinfo=UTC))


def wrong(layout: Layout, proposal: Proposal) -> list[str]:
    """Columns that are said to be what they are not."""
    found = {each.column: each for each in proposal.sources[0].columns}
    return [
        f"{name}: {found[name].role}, not {' or '.join(sorted(asked))}"
        for name, _, asked in layout.columns
        if not (
            {found[name].role, "own" if found[name].role in ("trait", "property", "time") else ""}
            & asked
            or not found[name].known
        )
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    "layout", [each for table in TABLES for each in layouts(table)], ids=lambda layout: layout.name
)
def test_a_public_layout_is_read(layout: Layout, tmp_path: Path) -> None:
    proposal = propose_for(layout, tmp_path)
    source = proposal.sources[0]
    assert source.kind in layout.kind.split("/"), source.reason
    assert not wrong(layout, proposal)
    meant = [each for each, spec, roles in layout.columns if "unknown" not in roles]
    named = [each.column for each in source.columns if each.known]
    assert len(set(meant) & set(named)) >= NAMED * len(meant)


TERMS = {
    "started_at",
    "ended_at",
    "cancelled_at",
    "renews_at",
    "trial_ends_at",
    "contract_amount",
    "interval",
    "plan",
    "seats",
    "contract_id",
    "contract_status",
}


@pytest.mark.slow
@pytest.mark.parametrize("layout", [*layouts("members.txt")], ids=lambda layout: layout.name)
def test_what_people_hold_is_read_beside_what_they_are(layout: Layout, tmp_path: Path) -> None:
    source = propose_for(layout, tmp_path).sources[0]
    assert len(source.spec.hold) == 1
    held = {each.column for each in source.columns if each.use.startswith("contract ")}
    asked = {name for name, _, roles in layout.columns if roles <= TERMS}
    assert asked <= held
    assert source.spec.identifiers and source.spec.traits
    assert not any(each.use == "trait email" for each in source.columns)
