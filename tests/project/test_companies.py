"""Segments whose unit is an account: a software firm with plans, seats and people."""

import json
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

import carpel
from carpel.cli.main import app
from carpel.errors import NotFound, ProjectError
from carpel.verbs.reader import reading

CLOCK = datetime(2026, 3, 1, 12, tzinfo=UTC)
FILES = {
    "carpel.yml": "name: firm\nkind: subscription\nas_of: now\nidentity: {probabilistic: false}\n",
    "sources/people.yml": "read: people.csv\nidentifiers: {email: email}\n"
    "account: {key: company, name: company, traits: {branch: branch}}\n"
    "permit: [{channel: {constant: email}, granted: news}]\n",
    "sources/plans.yml": "read: plans.csv\nidentifiers: {email: email}\n"
    "hold: [{plan: plan, started_at: from, seats: seats}]\n",
    "sources/uses.yml": "read: uses.csv\nidentifiers: {email: email}\n"
    "track: [{event: app_opened, at: at}]\n",
    "segments/near_limit.yml": "label: Near their limit\nunit: account\naction: Offer more seats\n"
    "where: {all: [{trait: seats_used, at_least: 0.8}, {did: app_opened, within: 30 days}]}\n",
    "segments/large_banks.yml": "unit: account\nwhere:\n  all:\n    - {trait: branch, is: bank}\n"
    "    - {people: {where: {segment: opened}, at_least: 2}}\n",
    "segments/opened.yml": "where: {did: app_opened}\n",
    "segments/of_near_limit.yml": "where: {account: {trait: seats_used, at_least: 0.8}}\n",
}


class Firm:
    """Accounts at random, and which of them are near their limit, told in plain Python."""

    def __init__(self, folder: Path, accounts: int) -> None:
        self.folder, random = folder, Random(7)
        people, plans, uses = ["email,company,branch,news"], ["email,plan,from,seats"], ["email,at"]
        self.near, self.banks, self.size = set[str](), set[str](), dict[str, int]()
        for number in range(accounts):
            size, seats = random.randint(1, 6), random.choice([2, 3, 5, 8])
            branch = random.choice(["bank", "farm"])
            opened = [random.random() < 0.4 for _ in range(size)]
            name = f"Firm {number}"
            for each in range(size):
                mail = f"p{number}x{each}@firm.example"
                people.append(f"{mail},{name},{branch},{'yes' if each % 2 else 'no'}")
                if opened[each]:
                    uses.append(f"{mail},2026-02-{random.randint(10, 28)}")
            plans.append(f"p{number}x0@firm.example,team,2026-01-01,{seats}")
            self.size[name] = size
            self.near |= {name} if size / seats >= 0.8 and any(opened) else set()
            self.banks |= {name} if branch == "bank" and sum(opened) >= 2 else set()
        written = {"people.csv": people, "plans.csv": plans, "uses.csv": uses}
        for name, text in {**FILES, **{k: "\n".join(v) + "\n" for k, v in written.items()}}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        self.project.run()

    @property
    def project(self) -> carpel.Project:
        return carpel.Project(self.folder, clock=lambda: CLOCK)

    def names(self, segment: str) -> set[str]:
        to = self.folder / "out.csv"
        self.project.export(segment, to)
        head, *rows = to.read_text("utf-8-sig").splitlines()
        place = head.split(",").index("name")
        return {row.split(",")[place] for row in rows}


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Firm:
    return Firm(tmp_path_factory.mktemp("firm"), 40)


def test_the_companies_near_their_limit(firm: Firm) -> None:
    assert firm.names("near_limit") == firm.near and 0 < len(firm.near) < 40
    assert firm.names("large_banks") == firm.banks and firm.banks


@pytest.mark.slow
def test_two_thousand_accounts(tmp_path: Path) -> None:
    firm = Firm(tmp_path, 2000)
    assert firm.names("near_limit") == firm.near and firm.names("large_banks") == firm.banks


def test_a_segment_of_accounts_is_counted_in_accounts(firm: Firm) -> None:
    page = firm.project.show_segment("near_limit")
    people = sum(firm.size[name] for name in firm.near)
    numbers = page.numbers
    assert (numbers["accounts"], numbers["of"], numbers["people"]) == (len(firm.near), 40, people)
    assert page.plain.startswith("Companies ") and page.called == "companies"
    assert [(row["channel"], row["people"]) for row in page.reach] == [("email", people)]
    assert page.reach[0]["reachable"] == sum(firm.size[name] // 2 for name in firm.near)
    reasons = firm.project.explain_segment("near_limit")
    assert reasons.clauses[0]["accounts"] == len(firm.near) and len(reasons.clauses) == 3
    assert all(row["accounts"] >= len(firm.near) for row in reasons.clauses[1:])
    table = firm.project.members("near_limit")
    assert (
        table.column_names == ["account", "people"] and sum(table["people"].to_pylist()) == people
    )


def test_segments_of_people_do_not_see_them(firm: Firm) -> None:
    rows = {row["segment"]: row for row in firm.project.ls("segments")}
    assert rows["near_limit"]["accounts"] == len(firm.near) and rows["opened"]["accounts"] is None
    with reading(firm.project.session) as reader:
        assert "near_limit" not in reader.sets and "opened" in reader.sets
    assert not firm.project.diff_definitions()


def test_the_terminal_says_companies(firm: Firm) -> None:
    def said(*command: str) -> str:
        done = CliRunner().invoke(app, [*command, "--project", str(firm.folder)])
        assert done.exit_code == 0, done.output
        return done.output

    assert f"{len(firm.near)} of 40 companies" in said("show", "segment", "near_limit")
    assert f"{len(firm.near)} companies" in said("explain", "segment", "near_limit")
    to = str(firm.folder / "list.csv")
    assert "companies written" in said("export", "segment", "near_limit", "--to", to)
    assert json.loads(said("show", "segment", "near_limit", "--json"))["unit"] == "account"
    assert "near_limit" in said("ls", "segments")


def test_what_people_alone_have_is_refused_where_it_is_no_use(firm: Firm) -> None:
    with pytest.raises(NotFound):
        firm.project.sql("near_limit")
    with pytest.raises(ProjectError, match="near_limit"):
        firm.project.preview({"segment": "near_limit"})
