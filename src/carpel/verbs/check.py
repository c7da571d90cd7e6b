"""`carpel check`: every mistake in what people wrote, before anything runs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from carpel.campaigns.own_links import sites, tags
from carpel.errors import CarpelError, Problem, ProjectError, SourceError
from carpel.language.checks import Cost, Vocabulary, cost
from carpel.manifest.load import in_order
from carpel.manifest.meaning import rule_problems
from carpel.reading.located import FRAME, is_url, located
from carpel.reading.secrets import revealed
from carpel.specs import Definitions
from carpel.verbs.checked_columns import column_problems
from carpel.verbs.checked_expressions import expression_problems
from carpel.verbs.declared import declared
from carpel.verbs.reader import reading
from carpel.verbs.session import Session
from carpel.verbs.vocabulary import vocabulary


def check(session: Session) -> Sequence[Problem]:
    """Mistakes of form, names and rules, secrets and files that are not there; none is raised.

    They come by file and line. Kinds of traits and properties are those of the current build;
    before the first run those that sources declare, and no other is held against a rule.
    """
    try:
        found = session.loaded
    except ProjectError as error:
        return error.problems
    missing = (
        problem
        for name, source in found.definitions.sources.items()
        for read in source.read
        for problem in _unreadable(session, name, read)
    )
    known = _vocabulary(session, found.definitions)
    rules = rule_problems(found.definitions, found.written, known, found.broken)
    further = [*column_problems(session, found), *expression_problems(found)]
    return in_order([*found.problems, *_ledger(session), *rules, *further, *missing])


@dataclass(frozen=True)
class Estimate:
    """What evaluating a segment would read, by the sizes of the current build's tables."""

    segment: str
    cost: Cost


def estimates(session: Session) -> list[Estimate]:
    """Every segment of the project's own, the dearest first; before the first run all rows are 0.

    Raises ProjectError for definitions that cannot be read.
    """
    known = _vocabulary(session, session.definitions)
    found = [
        Estimate(name, cost(each.rule, known, account=each.unit == "account"))
        for name, each in session.definitions.segments.items()
    ]
    return sorted(found, key=lambda each: (-each.cost.rows, each.segment))


@dataclass(frozen=True)
class Marked:
    """Which links of a campaign's messages are marked, and by which parameters."""

    campaign: str
    sites: tuple[str, ...]
    tags: Mapping[str, str]


def marked_links(session: Session) -> list[Marked]:
    """Campaigns whose links to sites of one's own say whose they are, see `own_links`.

    Raises ProjectError for definitions that cannot be read.
    """
    found = session.definitions
    return [
        Marked(name, own, tags(campaign, found.channels[campaign.channel]))
        for name, campaign in found.campaigns.items()
        if (own := sites(found, campaign)) and campaign.messages
    ]


def _vocabulary(session: Session, definitions: Definitions) -> Vocabulary:
    """What the current build knows of kinds; what files declare without one that can be read."""
    try:
        with reading(session, definitions=definitions) as reader:
            return vocabulary(reader)
    except CarpelError:
        return declared(definitions)


def _ledger(session: Session) -> Iterator[Problem]:
    try:
        session.ledger()
    except ProjectError:
        return  # its mistakes of form are told already
    except SourceError as error:
        yield Problem(error.message, "carpel.yml", None, error.action)


def _unreadable(session: Session, source: str, read: str) -> Iterator[Problem]:
    """What stands in the way of reading this; nothing is opened."""
    try:
        known = revealed(read, session.folder)
        if not is_url(known) and not known.startswith(FRAME):
            located([known], session.folder)
    except SourceError as error:
        yield Problem(f"{error.message} ({read})", f"sources/{source}.yml", None, error.action)
