"""A whole run of a project whose segments a PostgreSQL database computes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

import carpel
from carpel.engine.published import BUILD

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FILES = {
    "carpel.yml": 'version: 1\nname: shop\nengine: {kind: postgres, url: "${SHOP_DATABASE}"}\n',
    "orders.csv": "mail,day,paid\nann@x.example,2026-02-01,10\nbob@x.example,2026-02-20,99\n"
    "ann@x.example,2026-02-27,5.5\n",
    "sources/orders.yml": "version: 1\nname: orders\nread: orders.csv\nidentifiers: {email: mail}\n"
    "track:\n- event: order_completed\n  at: day\n  properties: {amount: paid}\n",
    "segments/twice.yml": "version: 1\nname: twice\n"
    "where: {did: order_completed, at_least: 2, within: 60 days}\n",
    "segmentations/rfm.yml": "version: 1\nname: rfm\nkind: rfm\n",
}


@pytest.mark.slow
def test_a_project_reads_tables_of_the_database_and_leaves_its_results_there(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sources are the user's own tables; the second run, over more rows, switches the results."""
    of_tables = {
        "sources/orders.yml": "read: ${SHOP_DATABASE}\nformat: {table: public.shop_orders}\n"
        "identifiers: {email: mail}\ntrack:\n- event: order_completed\n  at: day\n"
        "  properties: {amount: paid}\n"
    }
    for name, text in {**FILES, **of_tables}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("SHOP_DATABASE", server)
    rows = [tuple(each.split(",")) for each in FILES["orders.csv"].splitlines()[1:]]
    with psycopg.connect(server, autocommit=True) as own:
        own.execute("DROP TABLE IF EXISTS public.shop_orders")
        own.execute("CREATE TABLE public.shop_orders (mail text, day date, paid numeric)")
        own.cursor().executemany("INSERT INTO public.shop_orders VALUES (%s, %s, %s)", rows)
        builds = []
        for more, people in ((None, 1), (("bob@x.example", "2026-02-28", 3), 2)):
            if more:
                own.execute("INSERT INTO public.shop_orders VALUES (%s, %s, %s)", more)
            night = NOW + timedelta(days=len(builds))
            builds.append(carpel.Project(tmp_path, clock=lambda at=night: at).run().build.build)
            counted = own.execute("SELECT count(*) FROM carpel.members WHERE segment = 'twice'")
            assert counted.fetchone() == (people,)
            assert own.execute("SELECT build FROM carpel.current").fetchone() == (builds[-1],)
        assert builds[0] != builds[1]
        assert own.execute("SELECT count(*) FROM public.shop_orders").fetchone() == (4,)
        own.execute("DROP TABLE public.shop_orders")


@pytest.mark.slow
def test_results_are_in_the_database_and_in_the_build(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("SHOP_DATABASE", server)
    project = carpel.Project(tmp_path, clock=lambda: NOW)
    build = project.run().build
    with psycopg.connect(server) as reader:
        assert reader.execute("SELECT build FROM carpel.current").fetchone() == (build.build,)
        members = reader.execute(
            "SELECT count(*) FROM carpel.members WHERE segment = 'twice'"
        ).fetchone()
        scored = reader.execute("SELECT count(*) FROM carpel.rfm_rfm WHERE r > 0").fetchone()
        schemas = reader.execute(
            "SELECT count(*) FROM pg_namespace WHERE starts_with(nspname, %s)", [BUILD]
        ).fetchone()
    assert (members, scored) == ((1,), (2,))
    assert schemas is not None and schemas[0] >= 1
    (twice,) = [each for each in project.ls() if each["segment"] == "twice"]
    assert twice["people"] == 1
