"""What people say by the links of a real message is known of them after the next run."""

from datetime import timedelta

import pytest

from carpel.errors import ProjectError

from .served import Served, path_of
from .world import World

pytestmark = pytest.mark.slow
PAGES = {
    "pages/choose.yml": "kind: preferences\ntitle: Choose\nby: [email]\n"
    "permissions: {marketing: Offers, news: News}\nasks:\n"
    "  - {name: likes, ask: What?, answer: several, options: {tea: Tea, coffee: Coffee}}\n",
    "pages/nps.yml": "kind: survey\ntitle: One question\nasks:\n"
    "  - {name: recommend, ask: How likely?, answer: nps}\n"
    "  - {name: why_so, ask: Why?, answer: text}\n",
    "segments/tea_lovers.yml": "where: {trait: likes, contains: tea}\n",
    "segments/promoters.yml": "where: {trait: nps_group, is: promoter}\n",
    "messages/hello.yml": "subject: Hi {{ first_name }}\nmarkdown: |\n  Hello {{ first_name }}\n\n"
    "  [9]({{ pages.nps }}/9) [choose]({{ pages.choose }})\nfallbacks: {first_name: there}\n",
}


@pytest.fixture
def world(world: World) -> World:
    (world.folder / "pages").mkdir()
    for name, text in PAGES.items():
        (world.folder / name).write_text(text)
    world.edit("campaigns/spring.yml", "    instead: [{message: hallo, language: de}]\n", "")
    return world


@pytest.fixture
def asked(world: World, pages: Served) -> World:
    world.later()
    return world


def test_what_people_like_and_answer_are_traits_after_the_next_run(asked: World, pages: Served):
    assert asked.people("tea_lovers") == 0  # nobody was asked yet, and it counts
    asked.send("spring")
    links = {at: asked.links(f"p{at}@mail.example") for at in (1, 2, 3)}
    assert [path_of(link).split("/")[2] for link in links[1][:2]] == ["nps", "choose"]
    for at, score in ((1, "10"), (2, "3")):
        nps, choose = map(path_of, links[at][:2])
        assert 'value="9" required checked' in pages.get(nps).body
        pages.post(nps, recommend=score, why_so="Because of the tea")
        pages.post(choose, permit=["email:marketing", "email:news"], likes=["tea", "coffee"])
    pages.post(path_of(links[3][1]), permit="email:marketing", likes="coffee")
    asked.later()
    assert asked.people("tea_lovers") == 2
    assert asked.people("promoters") == 1
    project = asked.project
    facts = {row["trait"]: row["value"] for row in project.show_customer("p1@mail.example").traits}
    assert facts["nps_score"] == 10
    assert facts["survey_why_so"] == "Because of the tea"
    assert sorted(facts["likes"]) == ["coffee", "tea"]
    pages.post(path_of(links[1][1]), permit="email:marketing", likes="coffee")
    asked.later()
    assert asked.people("tea_lovers") == 1  # what is taken back is gone
    asked.project.erase("p2@mail.example")
    asked.later()
    assert asked.people("tea_lovers") == 0


@pytest.mark.prove
def test_a_permission_given_on_a_page_is_a_consent_with_time_and_place(asked: World, pages: Served):
    asked.send("spring")
    choose = path_of(asked.links("p1@mail.example")[1])
    body = pages.get(choose).body
    assert 'value="email:marketing" checked' in body and 'value="email:news" checked' not in body
    asked.again("letter", "news")
    assert asked.project.plan("letter").waterfall[-1]["left"] == 0
    pages.post(choose, permit=["email:marketing", "email:news"])
    asked.later()
    consents = {
        (row["channel"], row["purpose"]): row
        for row in asked.project.show_customer("p1@mail.example").consents
    }
    given = consents["email", "news"]
    assert given["granted"] and given["source"] == "said_on_pages" and given["at"] is not None
    assert asked.send("letter") == ["p1@mail.example"]
    pages.post(choose, permit="email:marketing")
    asked.again("second", "news")
    assert asked.send_all("second") == []


def test_links_to_pages_that_are_none_are_mistakes(asked: World):
    asked.edit("messages/hello.yml", "pages.nps", "pages.npz")
    said = r"hello.yml:5: there is no page 'npz'\n.*'nps'"
    with pytest.raises(ProjectError, match=said) as e:
        asked.project.run()
    assert len(e.value.problems) == 1
    asked.edit("messages/hello.yml", "pages.npz", "pages.nps")
    text = (asked.folder / "carpel.yml").read_text().splitlines(keepends=True)
    (asked.folder / "carpel.yml").write_text("".join(x for x in text if "public_url" not in x))
    problems = [each.message for each in asked.project.check()]
    assert problems == ["a link to a page leads nowhere as long as no `public_url` is set"]


@pytest.mark.prove
def test_nothing_said_changes_no_build_and_a_rerun_makes_none(asked: World, pages: Served):
    assert not asked.project.run(as_of=asked.now).changed
    asked.send("spring")
    asked.project.run(as_of=asked.now)  # what a campaign causes counts from when it leaves
    before = asked.project.builds()[-1]
    pages.get(path_of(asked.links("p1@mail.example")[1]))
    assert not asked.project.run(as_of=asked.now).changed
    assert asked.project.builds()[-1] == before
    asked.now += timedelta(days=1)
