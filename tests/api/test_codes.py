"""QR codes: one a placement and branch, re-pointed at any time; one a person, who is then known."""

import csv
import re
from pathlib import Path

import pytest

import carpel
from carpel.errors import CarpelError, ChannelError
from carpel.reports.codes import MODULE, QUIET, SMALLEST, Code, svg
from carpel.store.links import clicks

from .served import Served
from .test_following import BROWSER
from .world import World

SPRING = "https://shop.example/spring?a=1"


def listed(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_one_a_placement_and_branch_and_where_it_leads_may_change(
    world: World, pages: Served, tmp_path: Path
):
    places, branches = ["Flyer", "Till"], ["Utrecht", "’s-Gravenhage"]
    made = world.project.codes("spring", SPRING, tmp_path, places=places, branches=branches)
    rows = listed(tmp_path / "codes.csv")
    assert made.codes == len(rows) == 4
    assert {row["code"] for row in rows} == {
        f"spring-{place}-{branch}"
        for place in ("flyer", "till")
        for branch in ("utrecht", "s-gravenhage")
    }
    for row in rows:
        assert row["link"] == f"{pages.url}/s/{row['code']}"
        drawn = (tmp_path / f"{row['code']}.svg").read_text()
        below = "".join(re.findall(r">([^<]+)</text>", drawn))
        assert below == row["link"].partition("//")[2]
        led = pages.get(f"/s/{row['code']}", **{"User-Agent": BROWSER}).headers["location"]
        assert led == row["leads_to"]
        assert f"utm_source={row['placement']}&utm_medium=qr&utm_campaign=spring" in led
        assert "a=1" in led
    world.project.short_link("spring-till-utrecht", "https://shop.example/summer")
    answer = pages.get("/s/spring-till-utrecht", **{"User-Agent": BROWSER})
    assert answer.headers["location"] == "https://shop.example/summer"
    sheet = (tmp_path / "sheet.html").read_text()
    assert sheet.count("<svg") == 4 and "src=" not in sheet and "href=" not in sheet


def test_one_a_person_who_is_known_when_they_scan(world: World, pages: Served, tmp_path: Path):
    made = world.project.codes("letter", SPRING, tmp_path, segment="members")
    rows = listed(tmp_path / "merge.csv")
    assert made.codes == len(rows) == world.people("members")
    assert made.left_out["without_a_link_of_their_own"] == 1
    assert {"customer", "first_name", "city", "link", "code"} == set(rows[0])
    links = [row["link"] for row in rows]
    assert len(set(links)) == len(links)
    path = links[0].removeprefix(pages.url)
    answer = pages.get(path, **{"User-Agent": BROWSER})
    assert answer.headers["location"].startswith("https://shop.example/spring?utm_source=letter")
    *_, click = clicks(world.project.session.store.ledger)
    assert (click.campaign, click.medium, bool(click.address)) == ("letter", "post", True)
    names = "".join(row["first_name"] for row in rows)
    assert not any(re.search(r"mail\.example", each) for each in [*links, names])
    world.project.suppress("p9@mail.example")
    world.project.run()
    again = world.project.codes("letter", SPRING, tmp_path, segment="members")
    assert (again.codes, again.left_out["do_not_contact"]) == (made.codes - 1, 1)


def test_pages_that_do_not_answer_are_told_before_anything_is_printed(world: World, tmp_path: Path):
    world.edit("carpel.yml", "name: post\n", "name: post\npublic_url: http://127.0.0.1:1\n")
    with pytest.raises(ChannelError):
        world.project.codes("spring", SPRING, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_without_pages_the_address_itself_is_in_the_code(folder: Path, tmp_path: Path):
    project = carpel.Project(folder)
    made = project.codes("spring", "https://shop.example/spring", tmp_path, places=["flyer"])
    (row,) = listed(tmp_path / "codes.csv")
    assert made.codes == 1 and row["link"] == row["leads_to"]
    with pytest.raises(CarpelError, match="no address"):
        project.codes("spring", "shop.example", tmp_path)
    with pytest.raises(CarpelError, match="own pages"):
        project.codes("spring", "https://shop.example", tmp_path, segment="members")


@pytest.mark.parametrize("length", [10, 200, 900])
def test_a_code_is_large_enough_to_be_read(length):
    drawn = svg(Code("x", "https://shop.example/" + "x" * length, "shop.example"))
    side = float(re.search(r'width="([\d.]+)mm"', drawn)[1])
    scale = float(re.search(r"scale\(([\d.e-]+)\)", drawn)[1])
    first = re.search(r"<path d=\"M(\d+) ([\d.]+)", drawn)
    assert side >= SMALLEST and scale >= MODULE - 1e-6
    assert int(first[1]) == QUIET and float(first[2]) == QUIET + 0.5, "white all around"
