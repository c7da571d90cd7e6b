"""Does segmenting pay: the campaign that asks it is written, filled in, sent and answered."""

import random
import re
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from carpel.cli.main import app
from carpel.errors import CarpelError, NotFound
from carpel.reports.caused.segmented import segmented
from carpel.reports.caused.words import Wording
from carpel.reports.figures import Figures

from .post import FILES, NOW, Shop, write

pytestmark = pytest.mark.slow

PEOPLE, FIRST = 1_500, 1_000
ASKED = {"segmentation": "life", "campaign": "own_words"}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = Shop(tmp_path_factory.mktemp("segmenting"))
    for name, text in FILES.items():
        if name.startswith(("carpel", "sources", "segments", "channels/tool")):
            shop.write(name, text)
    shop.write("segmentations/life.yml", "kind: lifecycle\nevent: order_completed\n")
    people = [
        [FIRST + n, f"p{n}@mail.example", f"First{n}", "Utrecht", "nl", "yes"]
        for n in range(PEOPLE)
    ]
    write(shop.folder / "book.csv", "no mail first city lang may", people)
    write(shop.folder / "till.csv", "no at amount", orders_before())
    shop.project.run()
    return shop


def orders_before() -> list[list[object]]:
    draw = random.Random(4)
    return [
        [FIRST + n, (NOW - timedelta(days=draw.uniform(1, 300))).isoformat(), 20]
        for n in range(PEOPLE)
        for _ in range(n % 4)
    ]


def test_it_is_written_filled_in_sent_and_answered(ran: Shop):
    made = ran.project.design_segmenting("members", "order_rate", holdout=0.2, **ASKED)
    assert made.design.between is not None
    assert made.files[0] == "campaigns/own_words.yml" and len(made.files) > 3
    unfilled = {each.file for each in ran.project.check() if "fill_in" in each.message}
    assert unfilled == set(made.files[1:])
    for file in made.files[1:]:
        ran.edit(file, 'subject: "{{ fill_in }}"', "subject: Hello")
        ran.edit(file, "  {{ fill_in }}", f"  For {file}.")
    assert not [each for each in ran.project.check() if each.severity == "error"]
    plan = ran.project.plan("own_words")
    arms = {row["arm"]: row["people"] for row in plan.arms}
    assert arms.keys() == {"one", "own", "comparison"}
    assert arms["comparison"] == pytest.approx(0.2 * PEOPLE, abs=80)

    ran.project.approve("own_words")
    (ran.folder / "out").mkdir()
    ran.project.send("own_words", to=ran.folder / "out")
    own = {
        int(n)
        for file in (ran.folder / "out").glob("own_words-own-*.csv")
        for n in re.findall(r"\bp(\d+)@", file.read_text())
    }
    assert len(own) == arms["own"]
    draw = random.Random(5)
    after = [
        [FIRST + n, (NOW + timedelta(days=3)).isoformat(), 20]
        for n in range(PEOPLE)
        if draw.random() < (0.4 if n in own else 0.1)
    ]
    write(ran.folder / "till.csv", "no at amount", [*orders_before(), *after])
    ran.now = NOW + timedelta(days=20)
    ran.project.run()
    told = ran.project.verdict("own_words").segmented
    assert told.startswith("Segmenting paid: ")
    assert f"({arms['own']}\xa0people)" in told and f"({arms['one']}\xa0people)" in told
    asked = ["verdict", "own_words", "--project", str(ran.folder)]
    page = ran.folder / "own.html"
    assert told.partition(":")[0] in CliRunner().invoke(app, [*asked, "--to", str(page)]).output
    assert "Segmenting paid" in page.read_text()


def test_nothing_is_overwritten(ran: Shop):
    ran.write("campaigns/there.yml", "mine")
    asked = {**ASKED, "campaign": "there"}
    with pytest.raises(CarpelError, match="is there already"):
        ran.project.design_segmenting("members", "order_rate", **asked)
    assert (ran.folder / "campaigns/there.yml").read_text() == "mine"
    assert not list((ran.folder / "messages").glob("there_*"))
    (ran.folder / "campaigns/there.yml").unlink()


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"segmentation": "lives"}, NotFound),
        ({"campaign": "../escape"}, CarpelError),
        ({"campaign": "a.b"}, CarpelError),
    ],
)
def test_what_cannot_be_written(ran: Shop, said: dict[str, str], error: type[CarpelError]):
    with pytest.raises(error):
        ran.project.design_segmenting("members", "order_rate", **{**ASKED, **said})
    with pytest.raises(CarpelError, match="goal is"):
        ran.project.design_segmenting("members", "average_order", **{**ASKED, "campaign": "x"})


def test_the_command_writes_it(ran: Shop):
    asked = ["design", "--project", str(ran.folder), "--segment", "members", "--metric"]
    asked += ["revenue_per_person", "--does-segmenting-pay", "life", "--within", "20 days"]
    assert CliRunner().invoke(app, asked).exit_code != 0  # without a name
    done = CliRunner().invoke(app, [*asked, "--campaign", "by_command"])
    assert done.exit_code == 0, done.output
    assert "campaigns/by_command.yml" in done.output and "Two versions" in done.output
    for file in [*ran.folder.glob("*/by_command*.yml")]:
        Path(file).unlink()


@pytest.mark.parametrize(
    ("low", "high", "said", "begins"),
    [
        (0.01, 0.03, {}, "Segmenting paid"),
        (-0.03, -0.01, {}, "Segmenting did harm"),
        (0.01, 0.03, {"falls": True}, "Segmenting did harm"),
        (-0.01, 0.03, {}, "Whether segmenting paid cannot be told yet"),
        (-0.01, 0.01, {}, "Segmenting did nothing we could see"),
        (0.01, 0.03, {"over": False}, "Whether segmenting pays cannot be told yet"),
        (0.01, 0.03, {"words": ["uneven"]}, "Whether segmenting paid cannot be judged"),
        (None, None, {}, "Whether segmenting paid cannot be told yet"),
    ],
)
def test_the_answer_follows_the_interval(low, high, said, begins):
    from zoneinfo import ZoneInfo

    about = {"kind": "campaign", "goal": "order_rate", "smallest": 0.02}
    row = {"arm": "own", "against": "one", "segment": "*", "metric": "order_rate"}
    row |= {"low": low, "high": high, "value": 0.0, "figure": 0.1, "base": 0.1, "n": 9, "m": 9}
    wording = Wording(Figures("EUR", ZoneInfo("UTC")), "share", "share who order")
    given = {"words": [], "falls": False, "over": True} | said
    assert segmented(about, given.pop("words"), [row], wording, **given).startswith(begins)
    other = {**row, "arm": "b", "against": "a"}
    assert segmented(about, [], [other], wording, falls=False, over=True) == ""
