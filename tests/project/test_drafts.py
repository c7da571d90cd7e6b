"""Drafts of a whole project: files that are right as they stand, and nothing private in them."""

import csv
import io
import re
import shutil
from contextlib import redirect_stdout
from pathlib import Path

import pytest

import carpel
from carpel.errors import CarpelError, NotFound

from .tea import NOW, shop
from .test_persona_writer import Server, server  # noqa: F401 - a fixture

pytestmark = pytest.mark.slow
LINK = "https://tea.example/shop?a=1#b"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = shop(tmp_path_factory.mktemp("drafted"))
    carpel.Project(folder, clock=lambda: NOW).run()
    return folder


@pytest.fixture
def project(ran: Path, tmp_path: Path) -> carpel.Project:
    shutil.copytree(ran, tmp_path / "tea")
    return carpel.Project(tmp_path / "tea", clock=lambda: NOW)


def files(folder: Path) -> dict[str, bytes]:
    found = (each for each in folder.rglob("*") if each.is_file() and ".carpel" not in each.parts)
    return {str(each.relative_to(folder)): each.read_bytes() for each in found}


def test_everything_is_written_and_right_as_it_stands(project):
    folder = project.session.folder
    found = project.draft("club", link=LINK, offer="Ten per cent off")
    assert [angle for angle, _, _ in found.because] == ["What they buy", "What is new to them"]
    assert [each for each, _ in found.missing] == ["When they buy"]
    assert found.written.messages == ("club_topic", "club_new")
    assert set(files(folder / "drafts" / "club")) == {
        "drafts.html", "posts.csv", "posts.ics", "ads.csv",
    }  # fmt: skip
    fresh = carpel.Project(folder, clock=lambda: NOW)
    assert list(fresh.check()) == []
    message = fresh.definitions.messages["club_topic"]
    assert message.fallbacks == {"first_name": "there"} and "Ten per cent off" in message.body
    (text,) = {
        each["text"] for each in rows(folder / "drafts/club/posts.csv", post="1", network="X")
    }
    assert text.startswith("Cake at Tea")


def rows(path: Path, **wanted: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    return [each for each in found if all(each[k] == value for k, value in wanted.items())]


def test_nothing_private_is_in_a_text_or_a_link(project):
    """The club is older, of another origin, and its name stands in no link."""
    found = project.draft("club", link=LINK)
    told = [each.text for each in found.posts] + [x.text for ad in found.ads for x in ad.texts]
    told += [each.link for each in (*found.posts, *found.ads)]
    told += [
        part for it in found.mails for part in (it.subject, it.preheader, it.markdown, it.shown)
    ]
    told += [each.image.alt + each.image.shows for each in found.posts]
    for word in ("club", "gold", "age", "years", "older", "ethnic", "origin", "female", "gay", "%"):
        assert not [each for each in told if re.search(rf"(?i)\b{word}", each)], word
    assert all("club" not in each.link for each in found.posts)


def test_nothing_is_ever_overwritten(project):
    folder = project.session.folder
    project.draft("club")
    before = files(folder)
    again = project.draft("club", tone="warm", language="de")
    after = files(folder)
    assert {name: after[name] for name in before} == before
    assert again.written.messages == ("club_topic_2", "club_new_2")
    assert Path(again.written.folder).name == "club-2"
    assert list(carpel.Project(folder, clock=lambda: NOW).check()) == []


def test_a_folder_that_holds_drafts_is_left_as_it_is(project, tmp_path):
    project.draft("club", to=tmp_path / "out")
    before = files(tmp_path)
    with pytest.raises(CarpelError, match="overwrite nothing"):
        project.draft("club", to=tmp_path / "out")
    assert files(tmp_path) == before


def test_only_what_was_wished_is_drafted(project):
    found = project.draft("club", ["social"], networks=["x", "mastodon", "x"])
    assert not found.mails and not found.ads
    assert [(each.network, each.number) for each in found.posts] == [
        (name, number) for name in ("x", "mastodon") for number in (1, 2, 3)
    ]
    assert not (project.session.folder / "messages").exists()


@pytest.mark.parametrize(
    ("segment", "said", "why"),
    [
        ("clubb", {}, "club"),
        ("club", {"kinds": ["mail"]}, "email"),
        ("club", {"networks": ["instagran"]}, "instagram"),
        ("club", {"language": "fr"}, "de, en, nl"),
        ("club", {"tone": "loud"}, "plain, warm"),
        ("club", {"link": "tea.example"}, "no link"),
        ("club", {"offer": "{{ x }}"}, "braces"),
        ("club", {"campaign": "a b"}, "cannot stand in a link"),
        ("club", {"called": {"cak": "fine cake"}}, "cake"),
        ("club", {"reworded": True}, "writer"),
        ("tiny", {}, "reason"),
        ("nobody", {}, "Nobody is in nobody"),
    ],
)
def test_what_cannot_be_drafted_is_an_error_and_leaves_no_file(project, segment, said, why):
    before = files(project.session.folder)
    with pytest.raises(CarpelError, match=f"(?s).*{why}"):
        project.draft(segment, **said)
    assert files(project.session.folder) == before


def test_what_the_user_names_needs_no_evidence(project):
    found = project.draft("tiny", about=["wine gums"], campaign="spring_2027", link=LINK)
    assert found.because == [("What they buy", "wine gums", "You gave it.")]
    assert all("utm_campaign=spring_2027" in each.link for each in found.posts)
    with pytest.raises(NotFound):
        project.draft("tiny", called={"tea": "green tea"})


def test_a_message_renders_in_a_campaign(project):
    folder = project.session.folder
    project.draft("club", ["email"], link=LINK)
    (folder / "channels").mkdir()
    (folder / "channels/post.yml").write_text("version: 1\nkind: your_sender\ntool: klaviyo\n")
    (folder / "campaigns").mkdir()
    (folder / "campaigns/spring.yml").write_text(
        "version: 1\ngoal: {metric: order_rate, target: 0.5, by: 2099-12-31}\naudience: club\n"
        "channel: post\nmessage: club_topic\nowner: bo\noffer: Ten off\nlinks: direct\n"
    )
    fresh = carpel.Project(folder, clock=lambda: NOW)
    assert list(fresh.check()) == []


@pytest.fixture
def asked(project, server: Server, monkeypatch):  # noqa: F811
    with (project.session.folder / "carpel.yml").open("a") as file:
        url = f"http://127.0.0.1:{server.server_port}/v1"
        file.write(f"personas: {{writer: {{url: '{url}', model: tiny}}}}\n")
    return carpel.Project(project.session.folder, clock=lambda: NOW)


def test_a_writer_may_only_use_words_that_claim_nothing(asked, server):  # noqa: F811
    def say(texts: list[str]) -> list[str]:
        lies = ("{}, the best", "{} 50 % off", "We know you love it: {}", "Hurry! {}")
        return [
            "Tea for you" if at == 0 else lies[at % 4].format(it) for at, it in enumerate(texts)
        ]

    server.say = say
    found = asked.draft("club", reworded=True, link=LINK)
    assert found.rewording.worded == 1 and len(found.rewording.refused) >= 10
    told = [each.text for each in found.posts]
    assert any(each.startswith("Tea for you") for each in told)
    assert not [each for each in told if re.search("best|50|know|Hurry", each)]
    sent = str(server.asked)
    assert "against" not in sent and "everybody" not in sent and "club" not in sent


def test_a_writer_that_does_not_answer_leaves_our_words(asked, server):  # noqa: F811
    server.say, server.status = (lambda texts: texts), 500
    found = asked.draft("club", reworded=True)
    assert found.rewording.silent == "the writer answered 500" and found.posts


def test_the_page_and_the_command_say_the_same_in_words_of_the_screen(project):
    from carpel.cli.drafting import _said

    found = project.draft("club", link=LINK)
    page = (Path(found.written.folder) / "drafts.html").read_text(encoding="utf-8")
    out = io.StringIO()
    with redirect_stdout(out):
        _said(found)
    text = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)
    for said in (text, out.getvalue()):
        assert "More of them bought cake" in said and "No day of the week" in said
        bare = re.sub(r"https?://\S+|(messages|/)\S*|utm_\S*|club_\w+", "", said)
        words = "customers?|audiences?|deliver(y|ies)|traits?|builds?|None(?! of)|True"
        assert not re.search(rf"(?i)\b({words})\b", bare)
    assert "http-equiv" in page and not re.search(r'(?:src|href)="http', page)
