"""Everything that can be said against a rule, each with the place in its data."""

from collections.abc import Iterator
from datetime import datetime

from carpel.language.checks.kinds import misfits
from carpel.language.checks.logic import Logic
from carpel.language.checks.vocabulary import Finding, Vocabulary
from carpel.language.mistakes import Path
from carpel.language.nodes import Account, Did, Entered, Left, Moved, Node, PeopleWhere, Sequence
from carpel.language.operands import HOURS, Period, Window
from carpel.language.references import Trail, whole
from carpel.language.sayings import Changed, Regularly, Restarted
from carpel.language.walking import beneath


def mistakes(
    node: Node, vocabulary: Vocabulary, path: Path = (), *, account: bool = False
) -> list[Finding]:
    """Misfits of kinds (errors); windows that hold nothing, contradictions, idle clauses.

    Nothing is claimed that is not sure: what the vocabulary does not know is left alone. A rule
    is about people, or about accounts when `account` says so.
    """
    found = [
        finding
        for each, place, inside in _everywhere(node, path, account)
        for finding in (*misfits(each, place, inside, vocabulary), *_never(each, place))
    ]
    logic = Logic(vocabulary, path)
    logic.read(node, account=account)
    return [*found, *logic.found]


def _everywhere(node: Node, path: Path, about: bool) -> Iterator[tuple[Node, Path, bool]]:
    waiting: list[tuple[Node, Trail, bool]] = [(node, None, about)]
    while waiting:
        each, trail, account = waiting.pop()
        below = [] if isinstance(each, Regularly) else list(beneath(each))
        inside = (account or isinstance(each, Account)) and not isinstance(each, PeopleWhere)
        waiting += reversed([(child, (trail, step), inside) for step, child in below])
        if not below:
            yield each, (*path, *whole(trail)), account


def _never(node: Node, path: Path) -> Iterator[Finding]:
    """Windows and gaps in which nothing lies."""
    if isinstance(node, Did | Sequence | Entered | Left | Moved | Changed | Restarted):
        window = node.window
        if _backwards(window):
            message = f"the window ends on {window.until}, before it begins on {window.since}"
            yield Finding(message, (*path, "until"), "error")
    if isinstance(node, Sequence):
        for index, step in enumerate(node.steps):
            if step.after and step.within and _longer(step.after, step.within):
                message = f"nothing comes within {step.within} and after {step.after}"
                yield Finding(message, (*path, "sequence", index, "after"), "error")


def _backwards(window: Window) -> bool:
    since, until = window.since, window.until
    if since is None or until is None or isinstance(since, datetime) != isinstance(until, datetime):
        return False
    if isinstance(since, datetime) and bool(since.tzinfo) != bool(getattr(until, "tzinfo", None)):
        return False
    return until < since


def _longer(first: Period, second: Period) -> bool:
    """Whether a gap, which is never said in months, is longer than another."""
    return HOURS[first.unit] * first.count > HOURS[second.unit] * second.count
