"""What a report says is what the tables say, and nothing that it should not."""

import re
from pathlib import Path

import pytest

from carpel.project import Project
from carpel.reports import charts

from .corner import NOW


def test_opens_with_the_money_that_is_leaving(text: str) -> None:
    assert re.search(
        r"€[\d,.]+ of the last 365 days’ revenue, [\d.]+\s% of it, sits with \d+ people who are "
        r"slipping away\.",
        text,
    )


def test_names_no_person(page: str) -> None:
    for mark in ("qzk0", "Qzfirst", "Qzlast", "901820", "K0001", "B-x", "no day at all"):
        assert mark.lower() not in page.lower()


def test_stands_alone(page: str) -> None:
    assert re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?(?!#)[^\s\"'>)]+", page) == []
    assert "<script" not in page
    assert "@import" not in page
    assert len(page.encode()) < 1_000_000


def test_what_people_wrote_cannot_act(page: str) -> None:
    assert "Corner &lt;Shop&gt;" in page
    assert "<Shop>" not in page


def test_accounts_for_rows_and_money(text: str) -> None:
    rows = re.search(r"Together ([\d,]+) ([\d,]+) ([\d,]+) ([\d,]+)", text)
    assert rows
    read, *fates = (int(each.replace(",", "")) for each in rows.groups())
    assert read == sum(fates)
    money = re.search(r"Set aside Till €([\d,.]+) €([\d,.]+) (?:€([\d,.]+) )?€([\d,.]+)", text)
    assert money
    total, *parts = (float((each or "0").replace(",", "")) for each in money.groups())
    assert round(sum(parts), 2) == total
    assert parts[-1] == 13.34
    aside = re.findall(r"(\d+) rows? set aside:", text)
    assert sum(map(int, aside)) == fates[-1] == 2


def test_says_who_moved_and_why(text: str) -> None:
    assert "People who joined or left since the update before, and why." in text
    assert re.search(r"Joined: (something new about them|time passing)", text)


def test_says_when_and_where(text: str) -> None:
    assert "figures up to 1 March 2026, 13:00 (Berlin time)" in text


def test_each_segment_has_a_page_and_a_way_back(page: str) -> None:
    for name in ("tea", "grown", "may", "nobody"):
        assert f'href="#segment-{name}"' in page
        assert page.count(f'id="segment-{name}"') == 1
    assert page.count('href="#segments"') >= 4


def test_links_lead_somewhere(page: str) -> None:
    marks = re.findall(r'\bid="([^"]+)"', page)
    assert len(marks) == len(set(marks))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(marks)


def test_goals_say_of_how_many(text: str) -> None:
    assert re.search(r"% of the \d+\speople who bought in the last 365 days bought more", text)
    assert re.search(r"\d+\speople of \d+ bought in the last 365 days", text)


def test_nothing_known_is_a_report_too(tmp_path: Path) -> None:
    (tmp_path / "carpel.yml").write_text("version: 1\nname: nothing\n")
    project = Project(tmp_path, clock=lambda: NOW)
    project.run()
    page = project.report(tmp_path / "out.html").read_text(encoding="utf-8")
    assert "Nobody is known yet" in page


def test_misses_nothing_in_what_only_other_sources_fill(text: str) -> None:
    assert "Not filled in everywhere: city (40 of 120)" in text
    assert "first name (" not in text


def test_says_the_same_without_charts(
    corner: Path, tmp_path: Path, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(charts, "available", lambda: False)
    bare = Project(corner, clock=lambda: NOW).report(tmp_path / "bare.html").read_text("utf-8")
    drawn = '<svg role="img" aria-label="Revenue by month'
    assert drawn in page
    assert drawn not in bare
    assert "A picture is left out" in bare
    assert "The same as a table" in bare


def test_campaigns_are_told_with_counts_that_add_up(page: str, text: str):
    section = page.split('id="campaigns"')[1].split("</section>")[0]
    assert "A letter about tea" in section and "Approved by local" in text
    rows = re.findall(r'<tr><th scope="row">([^<]+)</th><td class="n">(\d+)</td>', section)
    people = {name: int(count) for name, count in rows}
    outcomes = ("Version", "Comparison group", "Everybody", "In the segment")
    assert all(int(count) for name, count in rows if not name.startswith(outcomes))
    versions = people["Version a"] + people["Version b"]
    assert people["In the segment"] > versions > 0
    assert people["Comparison group"] + versions <= people["In the segment"]
    assert "Nobody gets it as things stand." in section
