"""Rules before they go live: preview, and what changed definitions would do."""

import json
from pathlib import Path

import pytest

from carpel.errors import ProjectError
from carpel.language import parse
from carpel.project import Project
from carpel.verbs.reader import reading

pytestmark = pytest.mark.slow

BERLIN = {"all": [{"did": "order_completed", "at_least": 2}, {"trait": "city", "is": "Berlin"}]}
TEXT = 'did order_completed(category = "tea")'


def members(folder: Path, segment: str) -> set[int]:
    with reading(Project(folder).session) as reader:
        return set(reader.segment(segment))


def write(folder: Path, name: str, text: str) -> None:
    (folder / "segments" / f"{name}.yml").write_text(text, encoding="utf-8")


def test_a_preview_counts_what_a_run_then_stores(shop):
    found = Project(shop).preview(BERLIN)
    write(shop, "berliners", json.dumps({"where": BERLIN}))
    Project(shop).run()
    with reading(Project(shop).session) as reader:
        stored = reader.segment("berliners")
        reach = [row for row in reader.dicts(_reach()) if row["segment"] == "berliners"]
        shared = {name: len(each & stored) for name, each in reader.sets.items() if each & stored}
    assert (found.people, found.of) == (len(stored), 20) and stored
    assert found.share == len(stored) / 20
    assert [{"segment": "berliners", **row} for row in found.reach] == reach
    del shared["berliners"]
    assert {row["segment"]: row["people"] for row in found.overlaps} == shared
    assert [row["depth"] for row in found.clauses] == [0, 1, 1]
    assert found.clauses[2]["people"] >= found.people == found.clauses[0]["people"]


def test_previews_of_a_build_kept_open_are_the_same(shop):
    project = Project(shop)
    asked = [BERLIN, TEXT, {"not": {"did": "order_completed", "within": "3 days"}}]
    with project.previews() as previews:
        found = [previews.preview(each) for each in [*asked, *asked]]
        with pytest.raises(ProjectError):
            previews.preview("did order_completd")
    assert found == [project.preview(each) for each in [*asked, *asked]]


def _reach():
    from carpel.engine.query import query

    return query("SELECT * FROM reach ORDER BY segment, channel")


def test_every_way_to_hand_a_rule_over_is_the_same_rule(shop, carpel, tmp_path):
    project = Project(shop)
    rule = {"did": "order_completed", "where": {"category": "tea"}}
    (tmp_path / "rule.yml").write_text(json.dumps(rule))
    said = [rule, parse(rule), json.dumps(rule), "where: " + json.dumps(rule), TEXT]
    files = [tmp_path / "rule.yml", shop / "segments" / "tea_drinkers.yml"]
    found = [project.preview(each) for each in (*said, *files)]
    assert all(each == found[0] for each in found)
    assert found[0].people == len(members(shop, "tea_drinkers"))
    for each in (TEXT, json.dumps(rule), *files):
        told = json.loads(carpel("preview", each, "--project", shop, "--json").out)
        assert told["people"] == found[0].people
        assert found[0].plain in carpel("preview", each, "--project", shop).out


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("did order_completd", "order_completed"),
        ("did order_completed >=", "^"),
        ("{trait: cty, is: Bonn}", "city"),
        ("{any: [{trait: cty, is: Bonn}, {segment: tea_drinker}]}", "tea_drinkers"),
        ("where: {did: order_completed, at_leest: 2}", "at_least"),
        ("{did: order_completed", "YAML"),
        ("{did: order_completed, where: {categry: tea}}", "category"),
    ],
)
def test_mistakes_of_a_preview_are_told_not_counted(rule, says, shop, carpel):
    said = carpel("preview", rule, "--project", shop)
    assert said.code == 2 and says in said.err and not said.out


def test_all_mistakes_of_a_rule_come_together(shop):
    with pytest.raises(ProjectError) as caught:
        Project(shop).preview({"any": [{"trait": "cty", "is": "x"}, {"segment": "tea_drinker"}]})
    assert len(caught.value.problems) == 2


TIERS = (
    "kind: tiers\nevent: order_completed\nproperty: amount\nlevels: [{name: gold, at_least: %d}]"
)


def test_changed_definitions_do_what_the_next_run_does(shop, carpel):
    (shop / "segmentations").mkdir()
    (shop / "segmentations" / "tier.yml").write_text(TIERS % 200)
    write(shop, "gone", "where: {trait: city, is: Bonn}\n")
    write(shop, "same", "label: Same\nwhere: {trait: city, is: Bonn}\n")
    write(shop, "golden", "where: {segment: tier.gold}\n")
    Project(shop).run()
    assert not Project(shop).diff_definitions()
    before = {name: members(shop, name) for name in ("tea_drinkers", "gone")}
    (shop / "segments" / "gone.yml").unlink()
    write(shop, "tea_drinkers", "where: {did: order_completed, where: {category: cups}}\n")
    write(shop, "fresh", "where: {not: {segment: tea_drinkers}}\n")
    write(shop, "same", "label: Another\nwhere: {trait: city, is: Bonn}\n")
    (shop / "segmentations" / "tier.yml").write_text(TIERS % 300)
    drafts = {each.segment: each for each in Project(shop).diff_definitions(people=100)}
    shown = carpel("diff", "--definitions", "--people", "--project", shop).out
    assert "fresh" in shown and "which a run computes" in shown
    Project(shop).run(accept=True)
    assert set(drafts) == {"gone", "tea_drinkers", "fresh", "golden", "tier.gold", "tier.no_tier"}
    for name in ("tea_drinkers", "fresh"):
        now, then, draft = members(shop, name), before.get(name, set()), drafts[name]
        assert draft.after == len(now)
        assert set(draft.entered_people) == now - then and set(draft.left_people) == then - now
        assert (draft.entered, draft.left) == (len(now - then), len(then - now))
    assert drafts["tea_drinkers"].entered and drafts["tea_drinkers"].left
    assert drafts["gone"].what == "removed" and drafts["gone"].left == len(before["gone"])
    assert drafts["golden"].after is None and "segmentation tier" in drafts["golden"].not_known


def test_a_definition_that_does_not_fit_the_data_is_said_so(shop):
    write(shop, "tea_drinkers", "where: {did: order_completed, where: {colour: red}}\n")
    (draft,) = Project(shop).diff_definitions()
    assert draft.after is None and "colour" in draft.not_known


def test_diff_wants_a_former_build_or_the_definitions(shop, carpel):
    assert "build before the current one" in carpel("diff", "--project", shop).err
    assert carpel("diff", "x", "--definitions", "--project", shop).code == 2


BOUGHT = {"event": "order_completed", "at": "2026-03-14", "properties": {"category": "tea"}}


def rows(folder: Path, *lines: str) -> None:
    with (folder / "orders.csv").open("a") as file:
        file.writelines(f"{line}\n" for line in lines)


def test_a_decision_is_what_a_run_with_the_events_stores(shop):
    write(shop, "many", "where: {did: order_completed, at_least: 6, within: 30 days}\n")
    write(shop, "many_berliners", "where: {all: [{segment: many}, {trait: city, is: Berlin}]}\n")
    write(shop, "not_tea", "where: {not: {segment: tea_drinkers}}\n")
    write(shop, "bonn", "where: {trait: city, is: Bonn}\n")
    Project(shop).run()
    with Project(shop).decisions() as decisions:
        before = {key: decisions.decide(key) for key in range(1, 21)}
        after = {key: decisions.decide(key, [BOUGHT]) for key in range(1, 21)}
        decisions.prepare()
        assert after == {key: decisions.decide(key, [BOUGHT]) for key in range(1, 21)}
    rows(shop, *(f"9{n:02},{n:03},2026-03-14,,tea" for n in range(1, 21)))
    stored = {name: members(shop, name) for name in _names(before, after)}
    for key, found in before.items():
        assert set(found.segments) == {name for name in stored if key in stored[name]}
        assert not found.anew
    Project(shop).run(accept=True)
    stored = {name: members(shop, name) for name in stored}
    for key, found in after.items():
        assert set(found.segments) == {name for name in stored if key in stored[name]}
        assert set(found.anew) == {"tea_drinkers", "many", "many_berliners", "not_tea"}
    assert any(after[key].segments != before[key].segments for key in before)


def _names(*decisions):
    return {name for found in decisions for each in found.values() for name in each.segments}


def test_what_happened_later_moves_the_clock_of_what_it_touches(shop):
    write(shop, "today", "where: {did: order_completed, where: {category: tea}, within: 1 day}\n")
    nine = "where: {local_hour: 9}, within: 1 hour"
    write(shop, "at_nine", f"where: {{did: order_completed, {nine}}}\n")
    Project(shop).run()
    project = Project(shop)
    later = {**BOUGHT, "at": "2026-03-20T09:00"}
    assert project.decide("key:2", [later], ["at_nine"]).segments == ("at_nine",)
    found = project.decide("key:2", [later], ["today"])
    assert found.segments == ("today",) and found.moment.isoformat() == "2026-03-20T08:00:00"
    assert project.decide("key:2", (), ["today"]).segments == ()


def test_many_threads_decide_at_once(shop):
    from concurrent.futures import ThreadPoolExecutor

    with Project(shop).decisions() as decisions, ThreadPoolExecutor(4) as pool:
        decisions.prepare()
        found = list(pool.map(lambda n: decisions.decide(1 + n % 20, [BOUGHT]), range(40)))
    assert [each.customer for each in found] == [1 + n % 20 for n in range(40)]
    assert all("tea_drinkers" in each.segments for each in found)


@pytest.mark.parametrize(
    ("event", "says"),
    [
        ("{", "JSON"),
        ("[]", "mapping"),
        ('{"event": "order_complete", "at": "2026-03-14"}', "order_completed"),
        ('{"event": "order_completed", "at": "soon"}', "no instant"),
        ('{"event": "order_completed", "on": "2026-03-14"}', "no event"),
        (json.dumps({**BOUGHT, "properties": {"categry": "x"}}), "category"),
        (json.dumps({**BOUGHT, "properties": {"amount": "lots"}}), "not a number"),
    ],
)
def test_events_that_cannot_be_are_told(event, says, shop, carpel):
    said = carpel("decide", "customer", "003", "--event", event, "--project", shop)
    assert said.code in (1, 2) and says in said.err, said.err


def test_decide_on_the_command_line(shop, carpel):
    asked = ("decide", "customer", "key:2", "--segments", "tea_drinkers", "--project", shop)
    assert "none" in carpel(*asked).out
    shown = carpel(*asked, "--event", json.dumps(BOUGHT)).out
    assert "tea_drinkers (looked at anew)" in shown
    told = json.loads(carpel(*asked, "--event", json.dumps(BOUGHT), "--json").out)
    assert told["segments"] == ["tea_drinkers"] == told["anew"]
    wrong = carpel("decide", "customer", "key:2", "--segments", "tea_drinker", "--project", shop)
    assert wrong.code == 2 and "tea_drinkers" in wrong.err


def test_a_preview_says_what_is_hardly_meant_and_what_it_costs(shop, carpel):
    twice = "did order_completed >= 0 times and city = 'Bonn'"
    found = carpel("preview", twice, "--project", shop)
    assert found.code == 0 and "holds for everybody" in found.out, found
    assert "would read about" in found.out
    data = {"all": [{"trait": "city", "is": "Bonn"}, {"not": {"trait": "city", "is": "Bonn"}}]}
    previewed = Project(shop).preview(data)
    (told,) = previewed.findings
    assert previewed.people == 0 and "nobody can match" in told.message
    assert (previewed.cost.traits, previewed.cost.events) == (1, 0) and previewed.cost.rows > 0
    refused = carpel("preview", "city in top 10%", "--project", shop)
    assert refused.code == 2 and "does not compare text" in refused.err


def test_costs_are_kept_shown_and_warned_of(shop, carpel):
    write(shop, "bonn", "where: {trait: city, is: Bonn}\n")
    with (shop / "carpel.yml").open("a") as file:
        file.write("builds: {most_seconds_per_segment: 0.0000001}\n")
    said = carpel("run", shop)
    assert said.code == 0 and "! segment tea_drinkers took" in said.out
    told = {
        row["segment"]: row
        for row in json.loads(carpel("ls", "costs", "--project", shop, "--json").out)
    }
    assert set(told) == {"tea_drinkers", "bonn"}
    assert told["tea_drinkers"]["seconds"] > 0 and told["tea_drinkers"]["rows"] == 100
    assert told["bonn"]["rows"] == 0
    listed = json.loads(carpel("ls", "segments", "--project", shop, "--json").out)
    assert {row["segment"]: row["seconds"] for row in listed} == {
        name: row["seconds"] for name, row in told.items()
    }
    page = carpel("show", "segment", "tea_drinkers", "--project", shop).out
    assert "! Evaluating it took" in page and "1e-07 s that one may take; 100 rows" in page
    checked = carpel("check", shop).out
    assert "tea_drinkers: about 100 rows: 1 scan of 1 event, 0 attributes" in checked
    rows(shop, "950,003,2026-03-14,2,cups")
    Project(shop).run()
    again = {row["segment"]: row["seconds"] for row in Project(shop).ls("costs")}
    assert set(again) == set(told) and all(each > 0 for each in again.values())
