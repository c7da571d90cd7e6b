"""`carpel check`: every mistake in what people wrote, before anything runs."""

from collections.abc import Sequence

from carpel.errors import Problem, ProjectError
from carpel.verbs.session import Session


def check(session: Session) -> Sequence[Problem]:
    """Mistakes of form and of names, and sources whose files are not there; none is raised."""
    try:
        definitions = session.definitions
    except ProjectError as error:
        return error.problems
    return [
        Problem(
            f"reads {pattern!r}, and there is no such file",
            f"sources/{name}.yml",
            None,
            "Check the path; it is relative to the project's folder.",
        )
        for name, source in definitions.sources.items()
        for pattern in source.read
        if "://" not in pattern
        and not pattern.startswith("frame:")
        and not any(session.folder.glob(pattern))
        and not (session.folder / pattern).exists()
    ]
