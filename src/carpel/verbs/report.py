"""`carpel report`: one HTML file of the current build."""

from pathlib import Path

from carpel.reports.content import gather
from carpel.reports.page import render
from carpel.store.files import replace
from carpel.verbs.former import bind_former
from carpel.verbs.reader import reading
from carpel.verbs.session import Session


def report(session: Session, to: Path | None) -> Path:
    """Write the report; gives its absolute path. It stands in `.carpel` unless another is named."""
    path = (to or session.hidden / "report.html").resolve()
    with reading(session) as reader:
        bind_former(session, reader)
        page = render(gather(reader.engine, reader.definitions, reader.build))
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, page.encode())
    return path
