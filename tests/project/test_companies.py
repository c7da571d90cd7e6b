"""Segments whose unit is an account: a software firm with plans, seats and people."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import duckdb
import pytest
from typer.testing import CliRunner

import carpel
from carpel.cli.main import app
from carpel.errors import CarpelError, NotFound, ProjectError
from carpel.specs import Definitions, Source
from carpel.specs import Project as Settings
from carpel.verbs.reader import reading

from .written import run, write

pytestmark = pytest.mark.slow

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
        write(folder, FILES | {name: "\n".join(rows) + "\n" for name, rows in written.items()})
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
    assert "SELECT" in said("show", "segment", "near_limit")
    why = said("explain", "account", "Firm 1", "near_limit")
    assert "Company" in why and "Companies whose" in why and "People whose" not in why
    assert json.loads(said("show", "segment", "near_limit", "--json"))["unit"] == "account"
    assert "near_limit" in said("ls", "segments")


def test_its_sql_gives_its_accounts_in_duckdb_as_it_stands(firm: Firm) -> None:
    with reading(firm.project.session) as reader:
        for name in ("near_limit", "large_banks"):
            found = duckdb.sql(firm.project.sql(name)).fetchall()
            assert {key for (key,) in found} == set(reader.account_sets[name])


def test_an_unsaved_rule_about_accounts_is_counted(firm: Firm) -> None:
    rule = "seats_used >= 0.8 and did app_opened in 30 days"
    found = firm.project.preview(rule, unit="account")
    assert (found.accounts, found.of, found.called) == (len(firm.near), 40, "companies")
    assert found.people == sum(firm.size[name] for name in firm.near)
    near = next(row for row in found.overlaps if row["segment"] == "near_limit")
    assert near["accounts"] == len(firm.near) and near["share"] == near["of_segment"] == 1
    assert found.clauses[0]["accounts"] == len(firm.near) and len(found.clauses) == 3
    written = firm.folder / "asked.yml"
    written.write_text(f"unit: account\nwhere: {rule}\n", encoding="utf-8")
    assert firm.project.preview(written).accounts == len(firm.near)
    done = CliRunner().invoke(app, ["preview", "--accounts", rule, "--project", str(firm.folder)])
    assert f"{len(firm.near)} of 40 companies" in done.output, done.output


def test_a_segment_of_accounts_may_name_another(firm: Firm) -> None:
    rule = {"all": [{"segment": "near_limit"}, {"segment": "large_banks"}]}
    assert firm.project.preview(rule, unit="account").accounts == len(firm.near & firm.banks)
    of_people = firm.project.preview({"account": {"segment": "near_limit"}})
    assert of_people.people == sum(firm.size[name] for name in firm.near)


@pytest.mark.parametrize("inside", [True, False])
def test_why_an_account_is_in_or_out(firm: Firm, inside: bool) -> None:
    others = {f"Firm {n}" for n in range(40)} - firm.near
    name = sorted(firm.near if inside else others)[0]
    reasons = firm.project.explain_account(name, "near_limit")
    assert reasons.member is inside and reasons.called == "company"
    assert (reasons.clauses[0].verdict == "yes") is inside
    assert any(each.decides and not each.says.startswith("Companies") for each in reasons.clauses)
    assert reasons.changes
    with pytest.raises(NotFound, match="Firm 40"):
        firm.project.explain_account("Firm 40", "near_limit")
    with pytest.raises(NotFound, match="segment of accounts"):
        firm.project.explain_account(name, "opened")


def test_a_changed_definition_says_which_accounts_would_come_and_go(tmp_path: Path) -> None:
    firm = Firm(tmp_path, 12)
    with reading(firm.project.session) as reader:
        everyone = len(reader.account_evaluator.universe)
    (tmp_path / "segments/near_limit.yml").write_text(
        "unit: account\nwhere: {trait: people, at_least: 1}\n", encoding="utf-8"
    )
    (tmp_path / "segments/large_banks.yml").unlink()
    changed, gone = sorted(firm.project.diff_definitions(3), key=lambda each: each.what)
    assert (changed.segment, changed.unit, changed.before) == (
        "near_limit",
        "account",
        len(firm.near),
    )
    assert (changed.after, changed.left) == (everyone, 0)
    assert changed.entered == everyone - len(firm.near) and len(changed.entered_people) == 3
    assert (gone.segment, gone.what, gone.left) == ("large_banks", "removed", len(firm.banks))


def test_accounts_come_and_go_and_history_says_why(tmp_path: Path) -> None:
    firm = Firm(tmp_path, 12)
    rows = (tmp_path / "uses.csv").read_text().splitlines()
    lapsed, kept = sorted(firm.near)[:2]
    number = kept.split()[1]
    later = lambda: datetime(2026, 4, 15, 12, tzinfo=UTC)  # noqa: E731
    rows.append(f"p{number}x0@firm.example,2026-04-10")
    (tmp_path / "uses.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    project = carpel.Project(tmp_path, clock=later)
    project.run()
    assert firm.names("near_limit") == {kept}
    told = project.history_segment("near_limit")
    assert told.called == "companies" and [row["people"] for row in told.sizes] == [
        len(firm.near),
        1,
    ]
    assert told.moves[0]["left"] == len(firm.near) - 1 and "time passing" in told.moves[0]["why"]
    spells = {row["segment"]: row for row in project.history_account(lapsed).spells}
    assert spells["near_limit"]["left_at"] and spells["near_limit"]["why_left"] == "time passing"
    assert project.history_account(kept).spells[0]["left_at"] is None
    past = project.explain_account_decision(lapsed, "near_limit", date(2026, 3, 2))
    assert past.member and not past.why_not and past.clauses[0].verdict == "yes"
    people = (tmp_path / "people.csv").read_text().splitlines()
    fresh = next(n for n in range(12) if f"Firm {n}" not in firm.near)
    rows.append(f"p{fresh}x0@firm.example,2026-04-11")
    people += [f"q{fresh}x{n}@firm.example,Firm {fresh},farm,no" for n in range(9)]
    for name, text in (("uses.csv", rows), ("people.csv", people)):
        (tmp_path / name).write_text("\n".join(text) + "\n", encoding="utf-8")
    later = lambda: datetime(2026, 4, 16, 12, tzinfo=UTC)  # noqa: E731
    project = carpel.Project(tmp_path, clock=later)
    project.run()
    joined = project.history_account(f"Firm {fresh}").spells[0]
    assert joined["segment"] == "near_limit" and joined["because"] == "something new about them"


def test_what_people_alone_have_is_refused_where_it_is_no_use(firm: Firm) -> None:
    with pytest.raises(ProjectError, match=r"segment of accounts: write `account: .segment: near"):
        firm.project.preview({"segment": "near_limit"})
    with pytest.raises(ProjectError, match=r"segment of people: write `people: .where:"):
        firm.project.preview({"segment": "opened"}, unit="account")
    with pytest.raises(ProjectError, match="seats_used"):
        firm.project.preview("seats_usde > 1", unit="account")
    with pytest.raises(CarpelError, match="put it in `people"):
        firm.project.preview({"consent": "email"}, unit="account")
    with pytest.raises(NotFound, match="carpel explain account"):
        firm.project.explain_customer("p0x0@firm.example", "near_limit")


def test_what_sets_accounts_apart_is_clear_counted_and_not_what_the_rule_asks_for(tmp_path):
    rng = Random(5)
    people, plans = ["email,company,branch,news"], ["email,plan,from,seats"]
    for number in range(240):
        bank = number % 3 == 0
        size = rng.randint(4, 7) if bank else rng.randint(1, 4)
        for each in range(size):
            people.append(
                f"q{number}x{each}@firm.example,Firm {number},{'bank' if bank else 'farm'},yes"
            )
        plans.append(f"q{number}x0@firm.example,team,2026-01-01,{9 if bank else 3}")
    written = {
        "people.csv": people,
        "plans.csv": plans,
        "uses.csv": ["email,at", "a@b.example,2026-02-10"],
    }
    files = FILES | {"segments/banks.yml": "unit: account\nwhere: {trait: branch, is: bank}\n"}
    files["segments/big.yml"] = "unit: account\nwhere: {trait: people, at_least: 4}\n"
    tables = {name: "\n".join(rows) + "\n" for name, rows in written.items()}
    project = run(tmp_path, files | tables, CLOCK)
    told = {(row["column"], row["value"]): row for row in project.show_segment("banks").apart}
    row = told["people", ""]
    assert (row["n"], row["others"]) == (80, 160)
    assert row["low"] < row["inside"] - row["outside"] < row["high"]
    assert not any(column == "branch" for column, _ in told)
    big = {(row["column"], row["value"]): row for row in project.show_segment("big").apart}
    assert big["branch", "bank"]["inside"] > 0.6 > big["branch", "bank"]["outside"]
    assert ("people", "") not in big
    text = CliRunner().invoke(app, ["show", "segment", "big", "--project", str(tmp_path)]).output
    assert "What sets them apart" in text and "branch: bank" in text


@pytest.mark.parametrize("kind", ["shop", "subscription", "venue", "people", None])
@pytest.mark.parametrize(
    ("keys", "many"),
    [
        (["Company ID"], "companies"),
        (["Account"], "companies"),
        (["household_id"], "households"),
        (["Haushaltsnummer", "Family key"], "households"),
        (["household_id", "Organisation"], "companies"),
        ([{"column": "Group", "kind": "household"}], "households"),
        ([{"column": "household_id", "kind": "company"}], "companies"),
        ([], "companies"),
    ],
)
def test_accounts_are_households_only_where_sources_say_so(kind, keys, many):
    places = [each if isinstance(each, dict) else {"column": each} for each in keys]
    sources = {
        f"s{n}": Source(
            name=f"s{n}",
            read=["x.csv"],
            account={"key": each["column"], "kind": each.get("kind")},
        )
        for n, each in enumerate(places)
    }
    found = Definitions(Settings(name="trial", kind=kind), sources=sources)
    assert found.account_words[1] == many
