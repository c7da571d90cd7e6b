"""What the made-up business is drawn from: people, how often each does something, what it is.

Everything follows from a seed by hashing, so that the same arguments give the same rows.
"""

from datetime import datetime, timedelta

from carpel.engine.query import Tree, column, literal, query

AS_OF = datetime.fromisoformat("2026-01-31T23:59:59")
BEGIN = datetime.fromisoformat("2023-02-01T00:00:00")
EVENTS = {
    "page_viewed": 40,
    "product_purchased": 30,
    "email_opened": 18,
    "app_opened": 10,
    "ticket_opened": 2,
}
"""Per cent of all events."""
CATEGORIES, PRODUCTS, CITIES = 60, 40, 200
"""Categories, products of a category, towns: the first of each are by far the most frequent."""
SEED = 7


def _uniform(salt: str, of: str = "n") -> Tree:
    """Evenly from 0 to 1, by hashing."""
    return query(
        "(hash(:of, :salt, :seed) % 1000000007) / 1000000007.0",
        of=column(of),
        salt=salt,
        seed=SEED,
    )


def _normal(salt: str, of: str = "n") -> Tree:
    """Standard normal, by Box and Muller."""
    return query(
        "sqrt(-2 * ln(:a + 1e-12)) * cos(2 * pi() * :b)",
        a=_uniform(f"{salt}a", of),
        b=_uniform(f"{salt}b", of),
    )


def persons(people: int, events: int) -> Tree:
    """How often each person does something (log-normal), and between when."""
    return query(
        """
        WITH drawn AS (
          SELECT n AS customer, exp(1.5 * :z) AS weight, 0.7 * :a AS first, :b AS stays
          FROM range(1, :people + 1) AS r(n))
        , counted AS (
          SELECT *, CAST(floor(:events * (
            sum(weight) OVER (ORDER BY customer) / sum(weight) OVER ())) AS BIGINT) AS upto
          FROM drawn)
        SELECT customer, first,
               CASE WHEN stays > 0.4 THEN 1
                    ELSE first + (1 - first) * (0.1 + 2 * stays) END AS last,
               coalesce(lag(upto) OVER (ORDER BY customer), 0) AS after, upto
        FROM counted""",
        z=_normal("weight"),
        a=_uniform("first"),
        b=_uniform("stays"),
        people=people,
        events=events,
    )


def times() -> Tree:
    """Who did something when, for all of `persons`; the month is a number such as 202601."""
    return query(
        """
        SELECT customer, n, at, CAST(100 * year(at) + month(at) AS INTEGER) AS month
        FROM (
          SELECT customer, CAST(n AS UBIGINT) AS n, CAST(:begin AS TIMESTAMP) + to_seconds(CAST(
                   floor(:seconds * (first + (last - first) * :moment)) AS BIGINT)) AS at
          FROM (SELECT customer, first, last, unnest(range(after, upto)) AS n FROM persons) AS one
        ) AS timed""",
        begin=BEGIN,
        seconds=int((AS_OF - BEGIN).total_seconds()),
        moment=_uniform("when"),
    )


def doings(of: Tree) -> Tree:
    """All of what was done, by who did something when, in the order it happened."""
    kind = query(
        "CASE :whens ELSE 'ticket_opened' END".replace(":whens", _steps()), u=_uniform("event")
    )
    return query(
        """
        SELECT customer, n AS event_key, :event AS event, at, CAST(at AS DATE) AS local_date,
               CAST(hour(at) AS TINYINT) AS local_hour, at AS loaded_at, 'till' AS source,
               category, category || '-' || lpad(CAST(item AS VARCHAR), 2, '0') AS product,
               amount, quantity, channel
        FROM (
          SELECT customer, n, at,
            CASE WHEN :gone < 0.995 THEN
              'c' || lpad(CAST(CAST(floor(:categories * power(:which, 2.5)) AS INTEGER) AS VARCHAR),
                          2, '0')
            END AS category,
            CAST(floor(:products * power(:item, 2)) AS INTEGER) AS item,
            CASE WHEN :free < 0.99 THEN round(exp(3 + :amount), 2) END AS amount,
            CAST(1 + floor(5 * power(:quantity, 3)) AS BIGINT) AS quantity,
            CASE WHEN :channel < 0.5 THEN 'web' WHEN :channel < 0.8 THEN 'app'
                 WHEN :channel < 0.95 THEN 'shop' ELSE 'phone' END AS channel
          FROM :of AS timed
        ) AS drawn
        ORDER BY at, event_key""",
        of=of,
        event=kind,
        gone=_uniform("gone"),
        categories=CATEGORIES,
        which=_uniform("category"),
        products=PRODUCTS,
        item=_uniform("item"),
        free=_uniform("free"),
        amount=_normal("amount"),
        quantity=_uniform("quantity"),
        channel=_uniform("channel"),
    )


def _steps() -> str:
    upto, text = 0, ""
    for event, share in list(EVENTS.items())[:-1]:
        upto += share
        text += f" WHEN :u < {upto / 100} THEN '{event}'"
    return text


TRAITS = {
    "age": "integer",
    "city": "text",
    "spend": "number",
    "joined": "date",
    "vip": "boolean",
    "likes": "list",
}


def tables(people: int) -> dict[str, Tree]:
    """Everybody with a profile that has holes, a tier, permissions."""
    numbered = query("SELECT n FROM range(1, :people + 1) AS r(n)", people=people)
    joined = BEGIN.date() - timedelta(days=700)
    return {
        "customers": query("SELECT n AS customer FROM :them AS t", them=numbered),
        "aliases": query("SELECT n AS customer, n AS survivor FROM :them AS t WHERE FALSE",
                         them=numbered),
        "profiles": query(
            """
            SELECT n AS customer,
                   CASE WHEN :known < 0.9 THEN CAST(18 + floor(70 * :age) AS BIGINT) END AS age,
                   CASE WHEN :placed < 0.95 THEN
                     'town ' || CAST(CAST(floor(:cities * power(:city, 2)) AS INTEGER) AS VARCHAR)
                   END AS city,
                   CASE WHEN :buys < 0.8 THEN round(exp(4 + :spend), 2) END AS spend,
                   CAST(:joined AS DATE) + CAST(floor(1700 * :since) AS INTEGER) AS joined,
                   :vip < 0.1 AS vip,
                   list_filter(['golf', 'tea', 'yoga', 'chess'], (x, i) -> :likes * 16 % (1 << i)
                     >= (1 << (i - 1))) AS likes
            FROM :them AS t""",
            them=numbered,
            known=_uniform("known"), age=_uniform("age"), placed=_uniform("placed"),
            cities=CITIES, city=_uniform("city"), buys=_uniform("buys"), spend=_normal("spend"),
            joined=joined, since=_uniform("since"), vip=_uniform("vip"), likes=_uniform("likes"),
        ),
        "standings": query(
            """SELECT n AS customer, CASE WHEN :u < 0.1 THEN 'gold' WHEN :u < 0.3 THEN 'silver'
               WHEN :u < 0.95 THEN 'bronze' END AS tier FROM :them AS t""",
            them=numbered, u=_uniform("tier"),
        ),
        "consents": query(
            """SELECT n AS customer, channel, 'marketing' AS purpose, :u < 0.8 AS granted,
               :v < 0.05 AS suppressed FROM :them AS t, (VALUES ('email'), ('sms')) AS c(channel)
               WHERE hash(n, channel) % 10 < 7""",
            them=numbered, u=_uniform("granted"), v=_uniform("suppressed"),
        ),
        "traits": query(
            """SELECT unnest([:names]) AS trait, unnest([:kinds]) AS "type",
               'profiles' AS "table", unnest([:names]) AS expression""",
            names=list(map(literal, TRAITS)), kinds=list(map(literal, TRAITS.values())),
        ),
    }  # fmt: skip
