"""Who of each segment may and can be reached by a channel, beside everybody else."""

from collections.abc import Iterator

from carpel.engine.query import query
from carpel.evaluation.movements import EVERYBODY
from carpel.stages.base import Line
from carpel.stages.personas.candidate import Candidate
from carpel.stats.difference import Moments

OF = "reached"


def reached(line: Line) -> Iterator[Candidate]:
    """A candidate a segment and channel by which anybody at all can be reached."""
    rows = line.engine.rows(
        query(
            """SELECT r.segment, r.channel, r.reachable, r.people, e.reachable, e.people
               FROM reach AS r JOIN reach AS e ON e.channel = r.channel AND e.segment = :all
               WHERE r.segment <> :all AND e.reachable > 0 ORDER BY r.segment, r.channel""",
            all=EVERYBODY,
        )
    )
    for segment, channel, mine, people, everybody, all_people in rows:
        others = Moments.of_share(all_people - people, everybody - mine)
        here = Moments.of_share(people, mine)
        yield Candidate(segment, OF, "Can be reached by", channel, "", here, others)
