"""The script of slots in a real browser: text fills in, and nothing ever becomes markup."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import carpel

from ..api.served import served
from ..project.written import write

pytestmark = pytest.mark.slow
HOSTILE = {
    "title": "<img src=x onerror='window.hit=1'><script>window.hit=1</script>{{1}}${2}\" onclick=x",
    "text": "</span><svg onload=window.hit=1>",
    "alt": '"><script>window.hit=1</script>',
}
PAGE = """<!doctype html><title>Shop</title>
<a id=a data-carpel-slot="SLOT" data-carpel-href="url" href="/stands">
<img id=i data-carpel-src="image" data-carpel-alt="alt" alt="stands">
<span id=s data-carpel-text="title">stands</span></a>
<a id=inner data-carpel-slot="SLOT" href="/stands">
<a id=l data-carpel-slot="SLOT"></a><p data-carpel-slot="SLOT"><a id=n data-carpel-href="url"
href="/stands">go</a><b id=t data-carpel-text="text">stands</b></p>
<script src="URL/carpel.js" MORE></script>"""


class Site(ThreadingHTTPServer):
    """A site of one's own that shows one page, and may answer for Carpel, badly."""

    page, answer, seconds = "", "{}", 0.0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Asked(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        script = self.path == "/carpel.js"
        slot = self.path.startswith("/v1/")
        if slot:
            threading.Event().wait(self.server.seconds)
        body = SCRIPT if script else self.server.answer if slot else self.server.page
        kind = "text/javascript" if script else "application/json" if slot else "text/html"
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


SCRIPT = (Path(carpel.__file__).parent / "api/carpel.js").read_text(encoding="utf-8")


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    yield found
    found.shutdown()
    found.server_close()


def shows(
    opened: Callable[[str, int], Any], site: Site, url: str, slot: str, more: str = ""
) -> Any:
    site.page = PAGE.replace("SLOT", slot).replace("URL", url).replace("MORE", more)
    page = opened(site.url, 800)
    page.wait_for_timeout(700)
    return page


def test_hostile_content_is_text_and_changes_nothing_else(opened, site, tmp_path):
    files = {
        "carpel.yml": f"name: post\norigins: ['{site.url}']\n",
        "slots/home.yml": json.dumps({"fallback": {**HOSTILE, "url": "/there?a='b"}}),
    }
    with served(carpel.Project(write(tmp_path, files))) as ours:
        page = shows(opened, site, ours.url, "home")
    assert page.text_content("#s") == HOSTILE["title"]
    assert page.text_content("#t") == HOSTILE["text"]
    assert page.get_attribute("#i", "alt") == HOSTILE["alt"]
    assert page.get_attribute("#n", "href") == f"{site.url}/there?a='b".replace("'", "%27")
    assert page.evaluate("window.hit") is None
    assert page.evaluate("document.querySelectorAll('script, svg, img').length") == 2


@pytest.mark.parametrize(
    "url",
    [
        "javascript:window.hit=1",
        " \tjava\nscript:window.hit=1",
        "data:text/html,<script>1</script>",
        "vbscript:x",
        "https://",
    ],
)
def test_an_address_that_is_none_is_never_taken_whoever_answers(opened, site, url):
    site.answer = json.dumps({"content": {"url": url, "image": url, "title": "Hi", "text": 5}})
    page = shows(opened, site, site.url, "home")
    assert page.text_content("#s") == "Hi"
    assert page.text_content("#t") == "stands"
    assert page.get_attribute("#n", "href") == "/stands"
    assert page.get_attribute("#i", "src") is None


@pytest.mark.prove
@pytest.mark.parametrize(
    "answer", ["", "[]", "null", "<p>no", '{"content": null}', '{"content": 5}']
)
def test_what_stands_stays_when_anything_fails(opened, site, answer):
    site.answer = answer
    page = shows(opened, site, site.url, "home")
    assert page.text_content("#s") == page.text_content("#t") == "stands"
    assert not page.said


def test_what_stands_stays_when_it_takes_too_long_or_may_not_be_asked(opened, site, tmp_path):
    site.answer, site.seconds = json.dumps({"content": {"title": "late"}}), 0.5
    assert shows(opened, site, site.url, "home").text_content("#s") == "stands"
    files = {"carpel.yml": "name: a\n", "slots/home.yml": "fallback: {title: no}\n"}
    with served(carpel.Project(write(tmp_path, files))) as ours:
        assert shows(opened, site, ours.url, "home").text_content("#s") == "stands"


def test_a_number_is_kept_in_the_sites_own_storage_unless_told_not_to(opened, site):
    page = shows(opened, site, site.url, "home", "data-no-storage")
    assert page.evaluate("Object.keys(localStorage)") == []
    page = shows(opened, site, site.url, "home")
    number = page.evaluate("localStorage.getItem('carpel_visitor')")
    page.reload()
    assert len(number) == 36 and f"visitor={number}" in "".join(page.asked)
    page = shows(opened, site, site.url, "home", 'data-visitor="a.b"')
    assert any(each.endswith("/v1/slots/home?visitor=a.b") for each in page.asked)
