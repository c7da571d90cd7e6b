"""What printed codes brought, beside scans and sign-ups made one by one."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from carpel.cli.main import app
from carpel.errors import NotFound

from .post import NOW, Shop, write

pytestmark = pytest.mark.slow
URL = "https://post.example/join"


@pytest.fixture
def shop(made: Path, tmp_path: Path) -> Shop:
    """Codes of a flyer in two branches and of a till, scanned and signed up by."""
    shutil.copytree(made, tmp_path / "post")
    shop = Shop(tmp_path / "post")
    shop.write(
        "carpel.yml",
        (shop.folder / "carpel.yml").read_text() + "public_url: http://127.0.0.1:9\n",
    )
    for place, branch in (("flyer", "Utrecht"), ("flyer", "Breda"), ("till", "Utrecht")):
        tags = f"utm_source={place}&utm_medium=qr&utm_campaign=spring&utm_content={branch}"
        shop.project.short_link(f"spring-{place}-{branch.lower()}", f"{URL}?{tags}")
    shop.project.short_link("no-code", URL)
    scanned = {"flyer-utrecht": 5, "flyer-breda": 2}
    for code, times in scanned.items():
        for _ in range(times):
            shop.project.follow(f"s/spring-{code}")
    shop.project.follow("s/spring-flyer-breda", machine="crawler")
    shop.write(
        "sources/joined.yml",
        "read: joined.csv\nidentifiers: {crm_id: no}\ntrack:\n  - event: signed_up\n    at: at\n"
        "    properties: {utm_campaign: c, utm_source: s, utm_content: b, code: code}\n",
    )
    shop.write(
        "sources/bills.yml",
        "read: bills.csv\ncosts: [{amount: paid, at: day, campaign: what, channel: place}]\n",
    )
    at = NOW.isoformat()
    joined = [
        [1, at, "spring", "flyer", "Utrecht", ""],
        [1, at, "spring", "flyer", "Utrecht", "spring-flyer-utrecht"],
        [2, at, "", "", "", "spring-flyer-utrecht"],
        [3, at, "spring", "flyer", "Breda", ""],
        [4, at, "autumn", "flyer", "Breda", ""],
        [6, at, "spring", "till", "Utrecht", ""],
    ]
    write(shop.folder / "joined.csv", "no at c s b code", joined)
    bills = [["2026-02-01", 60, "spring", "flyer"], ["2026-02-02", 7, "spring-till-utrecht", "x"]]
    write(shop.folder / "bills.csv", "day paid what place", bills)
    shop.project.run()
    return shop


def test_a_sign_up_costs_what_its_placement_and_branch_do(shop: Shop):
    found = {(each.place, each.branch): each for each in shop.project.placements()}
    assert {
        where: (each.scans, each.sign_ups, each.cost, each.per_sign_up)
        for where, each in found.items()
    } == {
        ("flyer", "Utrecht"): (5, 2, 30, 15),
        ("flyer", "Breda"): (2, 1, 30, 30),
        ("till", "Utrecht"): (0, 1, 7, 7),
    }
    assert found["till", "Utrecht"].cost_by == "its own bills"


def test_on_the_command_line(shop: Shop):
    def said(*words: str) -> str:
        done = CliRunner().invoke(app, ["placements", *words, "--project", str(shop.folder)])
        assert done.exit_code == 0, done.output
        return done.output

    assert "Breda" in said() and "even share" in said()
    assert len(json.loads(said("--json"))) == 3
    with pytest.raises(NotFound, match="no event 'joined_up'"):
        shop.project.placements("joined_up")
