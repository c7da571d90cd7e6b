"""What to recommend to whom: what goes with what they had, as far as it is liked lately.

A thing's weight beside another is the cube of their lift times how many took it up in the last 60
days: lift says how much more often one person has both than by chance, with doubt where few have.
Lift alone finds what nobody wants, what is liked alone is the same for all. Judged on purchases of
later than what it is learned from (`python -m benchmarks recommend`).
"""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
from pyroaring import BitMap

from carpel.campaigns.desk import Desk
from carpel.engine import functions
from carpel.engine.query import Tree, aliased, column, literal, query
from carpel.evaluation.bitmaps import to_keys
from carpel.evaluation.relation import conditions
from carpel.evaluation.windows import shift
from carpel.language import Doing
from carpel.specs import Recommend

RECOMMENDED = "recommended"
"""The table of what is recommended: a row a person, `recommendations` the best first."""
KEPT = 730
"""Days of the past that are looked at."""
LATELY = 60
THINGS = 3_000
"""The things that most people have are told apart; others are never recommended."""
FEWEST = 5
"""People who have to have a thing."""
BESIDE = 100
"""Things that are remembered beside each."""
PEOPLE = 20_000
"""Of more people as many are drawn, to learn what goes together."""
DOUBT = 10.0
"""People who are thought to have both by chance, beside those who do: few tell little."""
OWN, BASKET = 20, 100
"""A person's last things that speak for others, and from which it is learned."""
PRIOR = 50.0
"""What is liked in a segment weighs against what all like as if so many of all were in it."""


def recommend(
    desk: Desk, spec: Recommend, people: BitMap, segment: BitMap, at: datetime | None = None
) -> None:
    """Lay what is recommended to each of these people into the table `RECOMMENDED`.

    `segment` are those whose likes weigh more; nothing that happened at `at` (the data's end) or
    later is looked at. Raises NotFound where the build has no such event or property.
    """
    until = (at or desk.as_of).astimezone(UTC).replace(tzinfo=None)
    _had(desk, spec, until)
    _liked(desk, spec, segment, until)
    _beside(desk)
    _chosen(desk, spec, people, until)
    for name in ("rec_had", "rec_liked", "rec_basket", "rec_beside", "rec_segment"):
        desk.engine.drop(name)


def _had(desk: Desk, spec: Recommend, until: datetime) -> None:
    """A row a person and thing: when they had it last, what it is called, whether it may be."""
    catalogue, event = desk.catalogue, spec.event
    thing = catalogue.property(event, spec.of)
    shown = catalogue.property(event, spec.show or spec.of)
    meant, described = conditions(Doing(event, spec.where), catalogue, catalogue.clock, "event")
    looked_up = {each.described_by for each in (thing, shown) if each.described_by}
    home = catalogue.event(event)
    rows = catalogue.rows(event, set(described) | looked_up)
    rows = rows.select(
        aliased(catalogue.customer(home), "customer"),
        aliased(query("CAST(:v AS VARCHAR)", v=thing.value), "item"),
        aliased(query("CAST(:v AS VARCHAR)", v=shown.value), "shown"),
        aliased(query("coalesce(:meant, FALSE)", meant=meant), "meant"),
        aliased(column("at", home), "at"),
    )
    desk.engine.create(
        "rec_had",
        query(
            """SELECT customer, item, max(at) AS last, any_value(shown) AS shown,
                      bool_or(meant) AS meant
               FROM :rows AS r WHERE item IS NOT NULL AND at < :until AND at >= :since
               GROUP BY customer, item""",
            rows=rows,
            until=until,
            since=until - timedelta(days=KEPT),
        ),
    )


def _liked(desk: Desk, spec: Recommend, segment: BitMap, until: datetime) -> None:
    """The things that are told apart: by how many had, and how much they are liked lately."""
    desk.engine.register("rec_segment", pa.table({"customer": to_keys(segment)}))
    never = [literal(each) for each in spec.never] or [literal("")]
    desk.engine.create(
        "rec_liked",
        query(
            """WITH counted AS (
                 SELECT item, any_value(shown) AS shown, bool_or(meant) AS meant, count(*) AS n,
                        count(*) FILTER (last >= :lately) AS all_n,
                        count(s.customer) FILTER (last >= :lately) AS here_n
                 FROM rec_had AS h LEFT JOIN rec_segment AS s ON s.customer = h.customer
                 GROUP BY item HAVING count(*) >= :fewest
                 QUALIFY row_number() OVER (ORDER BY n DESC, item) <= :things),
               sizes AS (
                 SELECT count(DISTINCT h.customer) AS everybody,
                        count(DISTINCT s.customer) AS here
                 FROM rec_had AS h LEFT JOIN rec_segment AS s ON s.customer = h.customer)
               SELECT item, shown, n, meant AND item NOT IN (:never) AS may_be,
                      (here_n + :prior * all_n / greatest(everybody, 1)) / (here + :prior) AS liked
               FROM counted, sizes""",
            lately=until - timedelta(days=LATELY),
            fewest=FEWEST,
            things=THINGS,
            prior=PRIOR,
            never=never,
        ),
    )


def _beside(desk: Desk) -> None:
    """What goes with each thing, and how strongly it speaks for it."""
    people = int(desk.engine.value(query("SELECT count(DISTINCT customer) FROM rec_had")) or 0)
    share = min(1.0, PEOPLE / max(people, 1))
    desk.engine.create(
        "rec_basket",
        query(
            """SELECT customer, item FROM rec_had SEMI JOIN rec_liked USING (item)
               WHERE :drawn < :share
               QUALIFY row_number() OVER (PARTITION BY customer ORDER BY last DESC, item)
                       <= :most""",
            drawn=functions.drawn(column("customer"), "recommend"),
            share=share,
            most=BASKET,
        ),
    )
    desk.engine.create(
        "rec_beside",
        query(
            """WITH alone AS (SELECT item, count(*) AS n FROM rec_basket GROUP BY item),
                    pairs AS (
                      SELECT a.item AS item, b.item AS other, count(*) AS n
                      FROM rec_basket AS a JOIN rec_basket AS b ON a.customer = b.customer
                      JOIN rec_liked AS l ON l.item = b.item AND l.may_be
                      WHERE a.item <> b.item GROUP BY a.item, b.item HAVING count(*) >= :fewest),
                    sized AS (SELECT count(DISTINCT customer) AS everybody FROM rec_basket)
               SELECT p.item, p.other,
                      power((p.n + :doubt) / (1.0 * a.n * b.n / everybody + :doubt), 3)
                      * l.liked AS weight
               FROM pairs AS p JOIN alone AS a ON a.item = p.item
               JOIN alone AS b ON b.item = p.other JOIN rec_liked AS l ON l.item = p.other, sized
               QUALIFY row_number() OVER (PARTITION BY p.item ORDER BY weight DESC, p.other)
                       <= :beside""",
            fewest=FEWEST,
            beside=BESIDE,
            doubt=DOUBT,
        ),
    )


def _chosen(desk: Desk, spec: Recommend, people: BitMap, until: datetime) -> None:
    """The best for each of these people; what all like where nothing goes with what they had."""
    desk.engine.register("rec_people", pa.table({"customer": to_keys(people)}))
    desk.engine.create(RECOMMENDED, _best(desk, spec, until))
    desk.engine.drop("rec_people")


def _best(desk: Desk, spec: Recommend, until: datetime) -> Tree:
    return query(
        """WITH own AS (
             SELECT h.customer, h.item FROM rec_had AS h SEMI JOIN rec_people USING (customer)
             SEMI JOIN rec_liked USING (item)
             QUALIFY row_number() OVER (PARTITION BY h.customer ORDER BY h.last DESC, h.item)
                     <= :own),
           scored AS (
             SELECT o.customer, b.other AS item, sum(b.weight) AS score
             FROM own AS o JOIN rec_beside AS b ON b.item = o.item GROUP BY o.customer, b.other),
           popular AS (
             SELECT item, -1.0 * row_number() OVER (ORDER BY liked DESC, item) AS score
             FROM rec_liked WHERE may_be QUALIFY row_number() OVER (ORDER BY liked DESC, item)
             <= :most),
           tried AS (
             SELECT customer, item, score FROM scored
             UNION ALL SELECT p.customer, l.item, l.score FROM rec_people AS p, popular AS l
             WHERE NOT EXISTS (SELECT 1 FROM scored AS s
                               WHERE s.customer = p.customer AND s.item = l.item)),
           left_over AS (
             SELECT t.customer, t.item, t.score FROM tried AS t
             LEFT JOIN rec_had AS h ON h.customer = t.customer AND h.item = t.item
             WHERE h.item IS NULL OR h.last < :again
             QUALIFY row_number() OVER (PARTITION BY t.customer
                                        ORDER BY t.score DESC, t.item) <= :count)
           SELECT p.customer,
                  coalesce(list(l.shown ORDER BY o.score DESC, o.item)
                           FILTER (l.shown IS NOT NULL), []) AS recommendations
           FROM rec_people AS p LEFT JOIN left_over AS o ON o.customer = p.customer
           LEFT JOIN rec_liked AS l ON l.item = o.item GROUP BY p.customer""",
        own=OWN,
        most=spec.count + BASKET,
        count=spec.count,
        again=_again(desk, spec, until),
    )


def _again(desk: Desk, spec: Recommend, until: datetime) -> datetime:
    """What was had before this moment may come again."""
    if spec.again_after is None:
        return until - timedelta(days=KEPT + 1)
    return shift(until, spec.again_after, desk.catalogue.clock.zone)
