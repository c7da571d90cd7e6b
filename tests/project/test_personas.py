"""Personas of a made-up shop whose truth is known: what is planted is told, the rest is asked."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

import carpel
from carpel.engine.query import query
from carpel.errors import CarpelError, NotFound, ProjectError
from carpel.project import Project
from carpel.verbs.reader import reading

from .tea import CLUB, NOW, shop

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = shop(tmp_path_factory.mktemp("tea"))
    Project(made, clock=lambda: NOW).run()
    return made


@pytest.fixture
def project(folder: Path) -> Project:
    return Project(folder, clock=lambda: NOW)


def told(card, section: str) -> list[str]:
    found = [each for each in card.sections if each.name == section]
    return [each.text.replace("\u00a0", " ") for part in found for each in part.told]


def test_what_is_planted_is_told(project):
    card = project.persona("club")
    (age,) = [each for each in told(card, "age") if "years" in each]
    assert age.startswith("They are older: ")
    assert any(each.startswith("They order more often: ") for each in told(card, "habits"))
    assert any(each.startswith("None of them bought cola") for each in told(card, "seldom"))
    assert told(card, "year")[0].startswith("Half of them order ")
    assert any("older" in each for each in told(card, "recognise"))
    assert all(each.people >= 20 for part in card.sections for each in part.told)


def test_what_is_alike_is_not_to_be_assumed(project):
    assert (
        "or fewer: 50 %, against 50 % of everybody else."
        in told(project.persona("club"), "assume")[0]
    )


def test_fewer_than_fifty_are_no_composite_and_fewer_than_twenty_nothing(project):
    small = {each.name: each for each in project.persona("small").sections}
    assert small["age"].told and not small["year"].told and not small["year"].months
    assert "takes at least 50" in small["year"].question["reason"]
    assert small["year"].question["wording"]
    tiny = project.persona("tiny").sections
    assert not any(part.told or part.months for part in tiny)
    assert all(part.question["reason"].startswith("Only 9 people in it") for part in tiny)


def test_a_segment_of_everybody_has_nobody_to_stand_out_from(project):
    sections = project.persona("all_of_us").sections
    assert not any(part.told for part in sections)
    assert all("too few others" in part.question["reason"] for part in sections)


def test_what_is_constant_missing_special_or_personal_is_not_told(project):
    with reading(project.session) as reader:
        rows = reader.dicts(query("SELECT * FROM persona_sentences"))
    assert {"planet", "mood", "ethnicity", "first_name"} & {row["of"] for row in rows} == set()
    assert not [row for row in rows if "Qzname" in row["text"] or "gay" in row["text"]]


def test_every_open_section_has_an_item_that_can_be_asked(project):
    for part in project.persona("club").sections:
        if part.question:
            assert not part.told and part.question["reason"] and part.question["asks"].endswith("?")
            assert part.question["wording"].rstrip(".").endswith(("?", "done", "trust"))


def test_a_stored_sentence_without_its_figures_is_not_shown(project):
    from carpel.evidence import Unsupported
    from carpel.evidence.rows import sentence

    with reading(project.session) as reader:
        row = reader.dicts(query("SELECT * FROM persona_sentences WHERE kind = 'told' LIMIT 1"))[0]
    assert sentence(row).text == row["text"]
    assert sentence({**row, "text": "They are rich."}).text == row["text"]
    for broken in (
        {"value": None},
        {"n": 3},
        {"contrast": None},
        {"gap_low": None},
        {"kind": "invented"},
        {"value": 2 * row["high"] + 1},
    ):
        with pytest.raises(Unsupported):
            sentence({**row, **broken})


def test_names_that_lead_nowhere(project):
    with pytest.raises(NotFound, match="club"):
        project.persona("clubb")
    with pytest.raises(CarpelError, match="Nobody is in nobody"):
        project.persona("nobody")


def test_own_words_stand_apart_survive_and_are_marked(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "own")
    (copy / "personas").mkdir()
    (copy / "personas" / "club.yml").write_text(
        "called: Golden Greta\nby: Ana\nwords:\n  gist: She knows us by name.\n"
        "  tone: [Warm., No exclamation marks.]\n",
        encoding="utf-8",
    )
    project = Project(copy, clock=lambda: NOW)
    before = project.persona("club")
    project.run(as_of=NOW - timedelta(days=1))
    card = project.persona("club")
    parts = {each.name: each for each in card.sections}
    assert (card.title, card.by, parts["tone"].own) == (
        "Golden Greta", "Ana", ("Warm.", "No exclamation marks."),
    )  # fmt: skip
    assert parts["tone"].question and not parts["tone"].told
    assert told(before, "age") == told(card, "age")
    page = project.report().read_text(encoding="utf-8")
    assert "She knows us by name.</q>" in page and "in the words of Ana, not counted" in page
    with reading(project.session) as reader:
        texts = reader.dicts(query("SELECT text FROM persona_sentences"))
    assert not [row for row in texts if "She knows" in row["text"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("segment: clubb\n", "Did you mean 'club'?"),
        ("segment: club\nwords: {tones: Warm.}\n", "Did you mean 'tone'"),
        ("segment: rfm.champions\n", "there is no segmentation 'rfm'"),
    ],
)
def test_mistakes_in_own_words_are_told_with_what_was_meant(folder, tmp_path, text, said):
    copy = shutil.copytree(folder, tmp_path / "wrong")
    (copy / "personas").mkdir()
    (copy / "personas" / "mine.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ProjectError, match=r"personas/mine\.yml:\d") as raised:
        assert carpel.open(copy).definitions
    assert said in str(raised.value)


def test_two_files_on_one_segment_are_a_mistake(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "twice")
    (copy / "personas").mkdir()
    for name in ("club", "golden"):
        (copy / "personas" / f"{name}.yml").write_text("segment: club\n", encoding="utf-8")
    with pytest.raises(ProjectError, match=r"described in personas/club\.yml already"):
        assert carpel.open(copy).definitions


def test_a_rebuilt_persona_says_what_changed(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "moved")
    project = Project(copy, clock=lambda: NOW)
    assert project.persona("club").changes == []
    text = (copy / "book.csv").read_text(encoding="utf-8").splitlines()
    aged = [",".join([row.split(",")[0], "20", *row.split(",")[2:]]) for row in text[1 : CLUB + 1]]
    (copy / "book.csv").write_text("\n".join([text[0], *aged, *text[CLUB + 1 :]]), encoding="utf-8")
    project.run()
    (change,) = [each for each in project.persona("club").changes if "years" in each.text]
    assert change.what == "Changed:"
    assert change.text.startswith("They are younger: 20\u00a0years on average")
    assert change.was.startswith("They are older: ")


def test_a_card_is_one_file_that_asks_for_nothing(project, tmp_path):
    project.persona("club", to=tmp_path / "card.html")
    page = (tmp_path / "card.html").read_text(encoding="utf-8")
    assert "The club" in page and "default-src &#39;none&#39;" not in page
    assert "http://" not in page and "https://" not in page and "<script" not in page
    with pytest.raises(CarpelError, match=r"not as '\.docx'"):
        project.persona("club", to=tmp_path / "card.docx")


@pytest.mark.parametrize(("kind", "magic"), [("pdf", b"%PDF"), ("png", b"\x89PNG")])
def test_a_card_is_printed_by_a_browser(project, tmp_path, kind, magic):
    if shutil.which("chromium") is None:
        pytest.skip("no chromium on this machine")
    project.persona("club", to=tmp_path / f"card.{kind}")
    assert (tmp_path / f"card.{kind}").read_bytes().startswith(magic)


def test_without_a_browser_it_says_what_to_do(project, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CarpelError, match="Install Chromium or Chrome"):
        project.persona("club", to=tmp_path / "card.pdf")
