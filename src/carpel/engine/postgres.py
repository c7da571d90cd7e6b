"""PostgreSQL as an engine: in place over tables of one's own, or over a build's Parquet files.

Nothing of the user's is changed. In the schema `carpel` lie our functions and what was loaded from
Parquet files, named by content so that it is loaded once; each open engine has a schema of its own
beside it (`carpel_at_work_…`) with views and tables by the names rules use, dropped when it closes.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from carpel.engine.abilities import require
from carpel.engine.base import BadData, Fetching
from carpel.engine.columns import nothing, regularised, type_name
from carpel.engine.meanings import written
from carpel.engine.postgres_connection import connected, fits, shown, telling
from carpel.engine.postgres_files import content_name, ready, together
from carpel.engine.postgres_functions import COLLATIONS, definitions
from carpel.engine.postgres_tables import (
    adopted,
    declared,
    described,
    exchanged,
    handed_over,
    taken,
)
from carpel.engine.query import Tree, name, query, table
from carpel.errors import EngineError

if TYPE_CHECKING:
    import pyarrow as pa

OURS = "carpel"
AT_WORK = "carpel_at_work_"
SETTINGS = {"TimeZone": "UTC", "extra_float_digits": "3", "client_min_messages": "warning"}


class Postgres(Fetching):
    """A PostgreSQL database behind the engine's verbs.

    `tables` are names that rules use and the database's own tables or views behind them, as
    `schema.table`. Raises MissingExtra without the drivers, EngineError when the database cannot
    be reached, does not speak UTF-8, or lets nobody create a schema.
    """

    dialect = "postgres"

    def __init__(
        self, url: str, tables: Mapping[str, str] | None = None, *, _work: str | None = None
    ) -> None:
        self.url, self.own = url, dict(tables or {})
        self._owner = _work is None
        self.work = _work or f"{AT_WORK}{uuid4().hex[:12]}"
        with self._telling():
            self.connection, self._arrow = connected(url)
            if self._owner:
                self._prepare()
            self._use()
            if self._owner:
                for each, target in self.own.items():
                    self._view(each, adopted(self.connection, target))

    def _prepare(self) -> None:
        """Our schema with its functions, and one to work in; what a crash left behind goes."""
        if self._cell("SHOW server_encoding") != "UTF8":
            raise EngineError("The database does not store text as UTF-8.", place=shown(self.url))
        known = {row[0] for row in self.connection.execute("SELECT collname FROM pg_collation")}
        collation = next((each for each in COLLATIONS if each in known), None)
        if collation is None:
            raise EngineError(
                f"The database has none of the collations {', '.join(COLLATIONS)}.",
                place=shown(self.url),
            )
        with self.connection.transaction():
            self._do("SELECT pg_advisory_xact_lock(hashtext('carpel'))")
            self._do(f"CREATE SCHEMA IF NOT EXISTS {OURS}")
            self._do(f"SET LOCAL search_path TO {OURS}")
            self._do(definitions(collation))
            self._sweep()
            self._do(f"SELECT pg_advisory_lock_shared(hashtext('{self.work}'))")
            self._do(f"CREATE SCHEMA {self.work}")

    def _sweep(self) -> None:
        """Drop schemas that nobody works in any more: their owner's lock is free."""
        left = self.connection.execute(
            "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s) "
            "AND pg_try_advisory_xact_lock(hashtext(nspname))",
            [AT_WORK],
        ).fetchall()
        for (schema,) in left:
            self._do(f"DROP SCHEMA {self.text(name(schema))} CASCADE")

    def _use(self) -> None:
        settings = {**SETTINGS, "search_path": f"{self.work}, {OURS}"}
        for key, setting in settings.items():
            self._do(f"SET {key} TO {setting}")
            with self._arrow.cursor() as cursor:
                cursor.execute(f"SET {key} TO {setting}")

    def text(self, tree: Tree, *, pretty: bool = False) -> str:
        """The query as PostgreSQL reads it, with `carpel` in the search path."""
        return written(tree, "postgres", pretty=pretty)

    def bind(self, name: str, files: Sequence[Path]) -> None:
        if name in self.own:
            return
        parts = [table(self._loaded(file), OURS) for file in files]
        columns = [self.columns(query("SELECT * FROM :t", t=each)) for each in parts]
        self._view(name, together(parts, columns) if parts else nothing(name))

    def _view(self, name: str, tree: Tree) -> None:
        fits(name)
        with self._telling(), self.connection.transaction():
            self.drop(name)
            self._do(f"CREATE VIEW {self._here(name)} AS {self.text(tree)}")

    def _loaded(self, file: Path) -> str:
        """The table in our schema that holds a file; loaded when it is not there yet, whole."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        title = content_name(file)
        if self._cell("SELECT to_regclass(%s)", [f'{OURS}."{title}"']) is None:
            try:
                found = pq.ParquetFile(file)
            except (pa.ArrowInvalid, OSError) as error:
                raise BadData(f"{file.name}: {error}") from error
            with found:
                self._fill(title, found.schema_arrow, found.iter_batches(65_536))
            with self.connection.transaction():
                here, there = self._here(title), f'{OURS}."{title}"'
                self._do("SELECT pg_advisory_xact_lock(hashtext('carpel'))")
                if not file.exists():
                    raise BadData(f"{file.name} was deleted while it was being read")
                if self._cell("SELECT to_regclass(%s)", [there]) is None:
                    self._do(f"ALTER TABLE {here} SET LOGGED")
                    self._do(f"ALTER TABLE {here} SET SCHEMA {OURS}")
                    self._do(f"ANALYZE {there}")
        return title

    def _fill(self, name: str, schema: "pa.Schema", batches: Iterator["pa.RecordBatch"]) -> None:
        """Create a table in the schema of work and stream rows into it."""
        import pyarrow as pa

        for each in schema.names:
            fits(each)
        wanted = regularised(schema)
        self._do(f"DROP TABLE IF EXISTS {self._here(name)}")
        self._do(f"CREATE UNLOGGED TABLE {self._here(name)} ({declared(wanted)})")
        rows = pa.RecordBatchReader.from_batches(
            exchanged(wanted), (ready(each, wanted) for each in batches)
        )
        with self._arrow.cursor() as cursor:
            cursor.adbc_ingest(name, rows, mode="append", db_schema_name=self.work)

    def register(self, name: str, data: "pa.Table") -> None:
        fits(name)
        with self._telling():
            self.drop(name)
            self._fill(name, data.schema, iter(data.to_batches()))

    def create(self, name: str, tree: Tree) -> None:
        fits(name)
        fresh = f"fresh_{uuid4().hex[:12]}"
        with self._telling(), self.connection.transaction():
            self._do(f"CREATE UNLOGGED TABLE {self._here(fresh)} AS {self.text(tree)}")
            self.drop(name)
            quoted = self.text(table(name))
            self._do(f"ALTER TABLE {self._here(fresh)} RENAME TO {quoted}")
            self._do(f"ANALYZE {self._here(name)}")

    def drop(self, name: str) -> None:
        kind = self._cell(
            "SELECT relkind::text FROM pg_class WHERE relname = %s "
            "AND relnamespace = %s::regnamespace AND relkind IN ('r', 'v')",
            [name, self.work],
        )
        if kind is not None:
            what = "VIEW" if kind == "v" else "TABLE"
            self._do(f"DROP {what} {self._here(name)}")

    def tables(self) -> list[str]:
        return [
            str(row[0])
            for row in self.connection.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = %s",
                [self.work],
            )
        ]

    def columns(self, tree_or_name: Tree | str) -> dict[str, str]:
        schema = self._described(
            query("SELECT * FROM :t", t=table(tree_or_name))
            if isinstance(tree_or_name, str)
            else tree_or_name
        )
        return {field.name: type_name(field.type) for field in schema}

    def _described(self, tree: Tree) -> "pa.Schema":
        """The columns that a query gives, as Arrow hands them over."""
        with self._telling():
            return described(self.connection, self.text(tree))

    def fetch(self, tree: Tree) -> "pa.Table":
        with self._reading(tree) as (batches, schema):
            import pyarrow as pa

            return pa.Table.from_batches(batches, schema=schema)

    def write(self, tree: Tree, path: Path) -> int:
        import pyarrow.parquet as pq

        count = 0
        with (
            self._reading(tree) as (batches, schema),
            pq.ParquetWriter(path, schema, compression="zstd") as target,
        ):
            for batch in batches:
                target.write_batch(batch)
                count += batch.num_rows
        return count

    @contextmanager
    def _reading(self, tree: Tree) -> Iterator[tuple[Iterator["pa.RecordBatch"], "pa.Schema"]]:
        """Batches of a query's rows, one at a time, and their columns."""
        import pyarrow as pa

        schema = self._described(tree)
        with self._telling(), self._arrow.cursor() as cursor:
            cursor.execute(handed_over(self.text(tree), schema))
            reader = cursor.fetch_record_batch()
            plain = pa.schema([each.remove_metadata() for each in schema])
            yield (taken(batch, plain) for batch in reader), plain

    def handle(self) -> Any:
        require("postgres", "sources")

    def session(self) -> "Postgres":
        return Postgres(self.url, self.own, _work=self.work)

    def close(self) -> None:
        if self._owner and not self.connection.closed:
            with self._telling():
                self._do(f"DROP SCHEMA IF EXISTS {self.work} CASCADE")
        self._arrow.close()
        self.connection.close()

    def _here(self, name: str) -> str:
        return self.text(table(name, self.work))

    def _do(self, statement: str) -> None:
        self.connection.execute(statement)

    def _cell(self, statement: str, given: Sequence[Any] = ()) -> Any:
        row = self.connection.execute(statement, given or None).fetchone()
        return row[0] if row else None

    def _telling(self) -> AbstractContextManager[None]:
        return telling(self.url)
