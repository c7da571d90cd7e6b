"""What to recommend to the people of a segment, as a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from carpel.campaigns.recommending import RECOMMENDED, recommend
from carpel.engine.query import query, table
from carpel.errors import CarpelError
from carpel.specs import Recommend
from carpel.verbs.campaign_desk import desk
from carpel.verbs.leaving import writable, write_list
from carpel.verbs.session import Session

SHOWN = 10


@dataclass(frozen=True)
class Recommendations:
    """Of how many people how many have anything to be recommended, and which things most often."""

    segment: str
    people: int
    with_any: int
    most: list[dict[str, Any]]
    """`thing` and the number of `people` it is recommended to."""
    some: list[dict[str, Any]]
    """`customer` and what is recommended, of the first few."""


def recommended(
    session: Session, segment: str, said: Mapping[str, Any], to: Path | None = None
) -> Recommendations:
    """What is recommended to each person of a segment; `said` are fields of `Recommend`.

    A file for `to` has a row a person: key, then a column each, the best first. Raises NotFound
    for a segment, an event or a property that is not there.
    """
    try:
        spec = Recommend.model_validate(dict(said))
    except ValueError as error:
        raise CarpelError(f"This cannot be recommended: {error}") from None
    path = writable(to) if to else None
    with desk(session) as at:
        people = at.segment(segment)
        recommend(at, spec, people, people)
        home = table(RECOMMENDED)
        rows = at.engine.rows(query("SELECT * FROM :t ORDER BY customer", t=home))
        most = at.engine.rows(
            query(
                "SELECT thing, count(*) AS people FROM (SELECT unnest(recommendations) AS thing "
                "FROM :t) AS r GROUP BY thing ORDER BY people DESC, thing LIMIT :n",
                t=home,
                n=SHOWN,
            )
        )
    if path is not None:
        head = ["customer", *(f"recommended_{n + 1}" for n in range(spec.count))]
        lines = ([key, *things, *[""] * (spec.count - len(things))] for key, things in rows)
        write_list(path, head, lines)
    return Recommendations(
        segment=segment,
        people=len(rows),
        with_any=sum(bool(things) for _, things in rows),
        most=[{"thing": thing, "people": people} for thing, people in most],
        some=[{"customer": key, "recommended": things} for key, things in rows[:SHOWN]],
    )
