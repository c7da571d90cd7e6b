"""`carpel report`: one HTML file of the current build."""

from pathlib import Path

from carpel.reports.content import gather
from carpel.reports.page import render
from carpel.store.erasure import REPORT
from carpel.store.files import replace
from carpel.verbs import budget
from carpel.verbs.campaign_pages import reported
from carpel.verbs.former import bind_former
from carpel.verbs.reader import reading
from carpel.verbs.session import Session


def report(session: Session, to: Path | None) -> Path:
    """Write the report; gives its absolute path, in the project's folder unless `to` is named.

    There it goes when anybody is erased; what was written elsewhere has left, and erasing says so.
    """
    path = (to or session.folder / REPORT).resolve()
    with reading(session) as reader:
        bind_former(session, reader)
        content = gather(reader.engine, reader.definitions, reader.build)
        page = render(content, reported(session), budget.reported(session))
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, page.encode())
    return path
