"""Recency, frequency and monetary: five scores each, and the named place they lead to."""

from collections.abc import Sequence

from sqlglot import exp

from carpel.engine.query import Tree, literal, query
from carpel.specs import Rfm, RfmGroup
from carpel.specs.rfm_groups import groups
from carpel.specs.standings import NONE_LATELY, NONE_YET, OTHER
from carpel.stages.segments.occurrences import Moment

SHARES = "CAST(1 + (5 * (rank() OVER (ORDER BY :it) - 1)) // count(*) OVER () AS TINYINT)"


def rfm(spec: Rfm, occurrences: Tree, moment: Moment) -> Tree:
    """One row a customer: recency_days, frequency, monetary, their scores 1 to 5, and the place.

    Recency is exact, in days with their fraction, as the trait `recency_days` has it. Money is
    rounded to six decimals, because the same sums added in another order differ behind those. Only
    people who did it within the window are scored, and compared, with each other. A refund takes
    from the money, but is no time they did it.
    """
    return query(
        """
        WITH figures AS (SELECT customer,
               max(at) FILTER (WHERE NOT returned) AS last_at,
               count(*) FILTER (WHERE :counted AND NOT returned) AS frequency, :monetary AS monetary
             FROM :occurrences AS o GROUP BY customer),
        dated AS (SELECT *, (epoch(:moment) - epoch(last_at)) / 86400 AS recency_days
                  FROM figures WHERE frequency > 0),
        scored AS (SELECT *, :r AS r, :f AS f, :m AS m FROM dated)
        SELECT c.customer, s.recency_days, s.frequency, s.monetary, s.r, s.f, s.m,
               CASE WHEN s.customer IS NOT NULL THEN :named
                    WHEN figures.last_at IS NOT NULL THEN :none_lately
                    ELSE :none_yet END AS place
        FROM customers AS c LEFT JOIN figures USING (customer)
        LEFT JOIN scored AS s USING (customer)
        ORDER BY c.customer""",
        moment=literal(moment.at),
        counted=_counted(spec, moment),
        monetary=_monetary(spec, moment),
        occurrences=occurrences,
        r=_recency(spec),
        f=_score("frequency", spec.frequency_cutoffs),
        m=_score("monetary", spec.monetary_cutoffs),
        named=_named(groups(spec)),
        none_lately=NONE_LATELY.name,
        none_yet=NONE_YET.name,
    )


def _counted(spec: Rfm, moment: Moment) -> Tree:
    if spec.within_days is None:
        return exp.true()
    return query("at > :since", since=literal(moment.back(spec.within_days)))


def _monetary(spec: Rfm, moment: Moment) -> Tree:
    counted = _counted(spec, moment)
    if spec.property is None:
        bought = "CAST(count(*) FILTER (WHERE :counted AND NOT returned) AS DOUBLE)"
        return query(bought, counted=counted)
    total = "coalesce(sum(value) FILTER (WHERE :counted), 0)"
    each = f"{total} / nullif(count(*) FILTER (WHERE :counted AND NOT returned), 0)"
    chosen = each if spec.monetary == "average" else total
    return query(f"round({chosen}, 6)", counted=counted)


def _recency(spec: Rfm) -> Tree:
    """More recent is higher: who last did it earlier is below."""
    if spec.recency_cutoffs:
        return _steps([query("recency_days <= :cut", cut=cut) for cut in spec.recency_cutoffs])
    return query(SHARES, it=exp.column("last_at"))


def _score(figure: str, cutoffs: Sequence[float]) -> Tree:
    """1 + floor(5 x share of people strictly below), in whole numbers; or by fixed cut-offs."""
    if cutoffs:
        return _steps([query(":it >= :cut", it=exp.column(figure), cut=cut) for cut in cutoffs])
    return query(SHARES, it=exp.column(figure))


def _steps(passed: Sequence[Tree]) -> Tree:
    return query(
        "CAST(1 + :a::INT + :b::INT + :c::INT + :d::INT AS TINYINT)",
        **{key: exp.paren(each) for key, each in zip("abcd", passed, strict=True)},
    )


def _named(named: Sequence[RfmGroup]) -> Tree:
    """The first group that holds the scores."""
    place = exp.Case()
    for group in named:
        ranges = (("r", group.recency), ("f", group.frequency), ("m", group.monetary))
        place = place.when(
            exp.and_(
                *(
                    query(
                        ":score BETWEEN :low AND :high",
                        score=exp.column(score, table="s"),
                        low=low,
                        high=high,
                    )
                    for score, (low, high) in ranges
                )
            ),
            literal(group.name),
        )
    return place.else_(literal(OTHER.name))
