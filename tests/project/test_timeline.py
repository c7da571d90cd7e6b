"""History, migration and past decisions of a small project over a few weeks."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyroaring import BitMap
from typer.testing import CliRunner

import carpel
from carpel.cli.main import app
from carpel.engine.duckdb import DuckDB
from carpel.engine.query import query
from carpel.errors import CarpelError, NotFound
from carpel.evaluation.history import History
from carpel.verbs.reader import reading

from .written import write

FIRST = datetime(2026, 1, 10, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
FILES = {
    "carpel.yml": "version: 1\nname: shop\ntimezone: Europe/Berlin\nas_of: now\n"
    "identity: {probabilistic: false}\nbuilds: {keep: 2}\n",
    "sources/till.yml": "version: 1\nread: till*.csv\nidentifiers: {crm_id: who}\n"
    "track:\n  - event: order_completed\n    at: at\n    properties: {amount: amount}\n",
    "segments/recent.yml": "version: 1\nlabel: Lately here\n"
    "where: {did: order_completed, within: 10 days}\n",
    "segmentations/lifecycle.yml": "version: 1\nkind: lifecycle\nlabel: Lifecycle\n",
    "till0.csv": "who,at,amount\nA,2026-01-09,5\nB,2026-01-08,7\nC,2025-06-01,3\n",
}


class Weeks:
    """A project built once a week; what comes in is written between the builds."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, FIRST
        write(folder, FILES)

    @property
    def project(self) -> carpel.Project:
        return carpel.Project(self.folder, clock=lambda: self.now)

    def key(self, who: str) -> int:
        return self.project.key(who)


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weeks]:
    """Built on 10 January, on the 17th with C's new order, twice more with nothing new."""
    made = Weeks(tmp_path_factory.mktemp("weeks"))
    made.project.run()
    (made.folder / "till1.csv").write_text("who,at,amount\nC,2026-01-16,9\n")
    for _ in range(3):
        made.now += WEEK
        made.project.run()
    yield made


@pytest.mark.slow
def test_time_moves_people_where_no_data_is_new(weeks: Weeks) -> None:
    told = weeks.project.history_segment("recent")
    assert (told.label, told.began) == ("Lately here", FIRST)
    assert [row["people"] for row in told.sizes] == [2, 3, 1, 0]
    assert [(row["joined"], row["left"], row["why"]) for row in told.moves] == [
        (1, 0, "something new about them: 1 joined"),
        (0, 2, "time passing: 2 left"),
        (0, 1, "time passing: 1 left"),
    ]
    spells = weeks.project.history_customer("C").spells
    (recent,) = [row for row in spells if row["segment"] == "recent"]
    assert recent["because"] == "something new about them"
    assert recent["why_left"] == "time passing"
    assert recent["joined_at"] == FIRST + WEEK


@pytest.mark.slow
def test_a_past_decision_is_told_and_worked_out_while_its_build_is_kept(weeks: Weeks) -> None:
    then = weeks.project.explain_decision("C", "recent", date(2026, 1, 20))
    assert then.member
    assert (then.since, then.because) == (FIRST + WEEK, "something new about them")
    assert then.why_not == "the update of that day is not kept any more"
    later = weeks.project.explain_decision("C", "recent", date(2026, 1, 24))
    assert later.why_not == ""
    assert later.at == FIRST + 2 * WEEK
    assert later.clauses[0].verdict == ("yes" if later.member else "no")
    with pytest.raises(CarpelError, match="begins with 2026-01-10"):
        weeks.project.explain_decision("C", "recent", date(2026, 1, 9))
    with pytest.raises(NotFound):
        weeks.project.explain_decision("C", "rcent", date(2026, 1, 24))


@pytest.mark.slow
def test_migration_as_table_drawing_and_rows(weeks: Weeks, tmp_path: Path) -> None:
    day, project = date(2026, 1, 10), weeks.project
    found = project.migration("lifecycle", day, date(2026, 1, 31), to=tmp_path / "x.svg").found
    assert found.people == 3
    assert [(row["origin"], row["people"]) for row in found.rows()] == [
        ("lifecycle.new", 2),
        ("lifecycle.slipping", 1),
    ]
    drawn = ElementTree.fromstring((tmp_path / "x.svg").read_text())
    names = {each.tag.rpartition("}")[2] for each in drawn}
    assert {"title", "desc", "path", "text"} <= names
    project.migration("lifecycle", day, day, to=tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_text().startswith("from,to,people\n")
    project.migration("lifecycle", day, day, to=tmp_path / "x.html")
    assert "<svg" in (tmp_path / "x.html").read_text()
    with pytest.raises(CarpelError, match="begins with 2026-01-10"):
        project.migration("lifecycle", date(2026, 1, 9), day)
    with pytest.raises(CarpelError, match=r"\.html, \.svg or \.csv"):
        project.migration("lifecycle", day, day, to=tmp_path / "x.png")
    with pytest.raises(NotFound):
        project.migration("lifecicle", day, day)


@pytest.mark.slow
def test_commands_say_it_in_words_of_the_screen(weeks: Weeks) -> None:
    def said(*arguments: str) -> str:
        done = CliRunner().invoke(app, [*arguments, "--project", str(weeks.folder)])
        assert done.exit_code == 0, done.output
        return done.output

    assert "time passing: " in said("history", "segment", "recent", "--since", "2026-01-11")
    assert "when history began" in said("history", "customer", "A")
    flow = said("migration", "lifecycle", "--from", "2026-01-10", "--to", "2026-01-31")
    assert "gone" in flow and "not there yet" in flow
    told = said("explain", "customer", "A", "recent", "--on", "2026-01-11")
    assert "was in recent, by the update of 2026-01-10" in told
    assert "cannot be worked out again" in told


@pytest.mark.slow
def test_erased_from_every_set_of_history(tmp_path: Path) -> None:
    made = Weeks(tmp_path)
    made.project.run()
    made.now += 2 * WEEK
    made.project.run()
    key = made.key("A")
    made.project.erase("A")
    store, engine = made.project.session.store, DuckDB()
    files = {each for build in store.builds.all() for each in build.tables()["movements"]}
    assert files
    engine.bind("all_movements", [store.builds.files.path(each) for each in files])
    rows = engine.rows(query("SELECT people, members FROM all_movements"))
    sets = [(people, BitMap.deserialize(members)) for people, members in rows]
    assert all(key not in members and len(members) == people for people, members in sets)
    made.now += WEEK
    made.project.run(accept=True)
    with reading(made.project.session) as reader:
        told = History(reader.engine)
        assert told.members_at("recent", FIRST) == BitMap([made.key("B")])
        assert all(not told.spell(name, key) for name in told.segments())
