"""Apache Spark as an engine: Parquet files on storage that every worker sees, or its own tables.

Whole numbers overflow with an error rather than in silence (ANSI mode), instants have no zone, and
nothing is collected but what was asked for. Rows that come in or go out whole pass through Parquet
files in `scratch`, which on a cluster has to be shared storage like the files themselves.
"""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from carpel.engine.abilities import require
from carpel.engine.base import BadData, Fetching
from carpel.engine.columns import nothing, regularised, type_name
from carpel.engine.meanings import written
from carpel.engine.query import Tree, query, table
from carpel.errors import EngineError, MissingExtra

if TYPE_CHECKING:
    import pyarrow as pa

LOCAL = "local[2]"
STARTING = {
    "spark.ui.enabled": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.log.level": "ERROR",
    "spark.ui.showConsoleProgress": "false",
}
"""For a session on this machine alone; one on a cluster is set up where it is submitted."""
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.mergeSchema": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
LOCAL_SETTINGS = {"spark.sql.shuffle.partitions": "4"}
MOST_SAID = 600


class Spark(Fetching):
    """A Spark session behind the engine's verbs.

    `url` is the master: `local[2]` on this machine, `spark://host:7077`, `yarn`. `tables` are
    names that rules use and the catalogue's own tables behind them. Raises MissingExtra without
    pyspark, EngineError without Java or when the cluster cannot be reached.
    """

    dialect = "spark"
    connection: Any
    url: str
    scratch: Path

    def __init__(
        self,
        url: str = LOCAL,
        tables: Mapping[str, str] | None = None,
        *,
        scratch: Path | None = None,
        _of: "Spark | None" = None,
    ) -> None:
        self._owner, self._started = _of is None, False
        self.own: Mapping[str, str] = _of.own if _of else dict(tables or {})
        self._frames: dict[str, Any] = _of._frames if _of else {}
        if _of is not None:
            self.url, self.scratch, self.connection = _of.url, _of.scratch, _of.connection
            return
        self.url, self.scratch = url, Path(mkdtemp(prefix="carpel-", dir=scratch))
        base, self._started = _session(url)
        self.connection = _with_settings(base.newSession(), url)
        for name, target in self.own.items():
            with _telling():
                self._keep(name, self.connection.table(target))

    def text(self, tree: Tree, *, pretty: bool = False) -> str:
        return written(tree, "spark", pretty=pretty)

    def _frame(self, tree: Tree) -> Any:
        return self.connection.sql(self.text(tree))

    def _keep(self, name: str, frame: Any) -> None:
        frame.createOrReplaceTempView(name)
        self._frames[name] = frame

    def bind(self, name: str, files: Sequence[Path]) -> None:
        if name in self.own:
            return
        with _telling():
            if files:
                self._keep(name, self.connection.read.parquet(*(_address(each) for each in files)))
            elif name not in self._frames:
                self._keep(name, self._frame(nothing(name)))

    def register(self, name: str, data: "pa.Table") -> None:
        import pyarrow.parquet as pq

        file = self.scratch / f"{uuid4().hex}.parquet"
        pq.write_table(data.cast(regularised(data.schema)), file)
        with _telling():
            self._keep(name, self.connection.read.parquet(_address(file)))

    def create(self, name: str, tree: Tree) -> None:
        with _telling():
            self._keep(name, self._frame(tree).localCheckpoint(eager=True))

    def drop(self, name: str) -> None:
        frame = self._frames.pop(name, None)
        if frame is not None:
            self.connection.catalog.dropTempView(name)

    def tables(self) -> list[str]:
        return list(self._frames)

    def columns(self, tree_or_name: Tree | str) -> dict[str, str]:
        tree = (
            query("SELECT * FROM :t", t=table(tree_or_name))
            if isinstance(tree_or_name, str)
            else tree_or_name
        )
        with _telling():
            return {each.name: _named(each.dataType) for each in self._frame(tree).schema}

    def fetch(self, tree: Tree) -> "pa.Table":
        with _telling():
            return _regular(self._frame(tree).toArrow())

    def write(self, tree: Tree, path: Path) -> int:
        """The workers write a part each; the parts become one file, in order, batch by batch."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        parts, count = self.scratch / uuid4().hex, 0
        with _telling():
            frame = self._frame(tree)
            frame.write.parquet(_address(parts))
            schema = _plain(pa.schema(_arrow(frame.schema)))
        with pq.ParquetWriter(path, schema, compression="zstd") as target:
            for part in sorted(parts.glob("*.parquet")):
                with pq.ParquetFile(part) as found:
                    for batch in found.iter_batches():
                        rows = pa.Table.from_batches([batch]).cast(schema)
                        target.write_table(rows)
                        count += rows.num_rows
        rmtree(parts)
        return count

    def handle(self) -> Any:
        require("spark", "sources")

    def session(self) -> "Spark":
        return Spark(_of=self)

    def within(self, low: int, high: int) -> "Spark":
        """The same tables, of the customers with keys from `low` up to and not including `high`.

        Rows under a former key belong to whom it lives on under. Close it as any engine.
        """
        part = Spark(_of=self)
        part._frames = {}
        part.connection = _with_settings(self.connection.newSession(), self.url)
        for name, frame in self._frames.items():
            passed_on = f"carpel_{uuid4().hex}"
            self._only(name, frame, low, high).createOrReplaceGlobalTempView(passed_on)
            part._keep(name, part.connection.table(f"global_temp.{passed_on}"))
            part.connection.catalog.dropGlobalTempView(passed_on)
        return part

    def _only(self, name: str, frame: Any, low: int, high: int) -> Any:
        """The rows about customers within a range of keys; all of what is not about customers."""
        from pyspark.sql.functions import coalesce

        if name == "aliases" or "customer" not in frame.columns:
            return frame
        if "aliases" not in self._frames:
            return frame.where(frame.customer.between(low, high - 1))
        kept = frame.join(self._frames["aliases"], "customer", "left")
        owner = coalesce(kept.survivor, kept.customer)
        return kept.where(owner.between(low, high - 1)).select(*frame.columns)

    def close(self) -> None:
        if self._owner:
            for name in list(self._frames):
                self.drop(name)
            rmtree(self.scratch, ignore_errors=True)
            if self._started:
                self.connection.stop()


def _session(url: str) -> tuple[Any, bool]:
    """The process's session, and whether it was begun here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        try:
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise MissingExtra("spark", "Apache Spark as an engine") from error
        running = SparkSession.getActiveSession()
        if running is not None:
            return running, False
        builder = SparkSession.builder.master(url).appName("carpel")
        for key, setting in (STARTING if url.startswith("local") else {}).items():
            builder = builder.config(key, setting)
        try:
            return builder.getOrCreate(), True
        except (PySparkException, RuntimeError, OSError) as error:
            raise EngineError(
                "Spark does not start.",
                place=url,
                action=f"Java 17 or 21 has to be there (JAVA_HOME), and the cluster. {error}"[
                    :MOST_SAID
                ],
            ) from error


def _with_settings(session: Any, url: str) -> Any:
    for key, setting in {**SETTINGS, **(LOCAL_SETTINGS if url.startswith("local") else {})}.items():
        session.conf.set(key, setting)
    return session


def _address(path: Path) -> str:
    """A file as Spark names it, whatever its default file system is."""
    return path.resolve().as_uri()


def _named(kind: Any) -> str:
    """DuckDB's name of a Spark type."""
    from pyspark.sql.pandas.types import to_arrow_type

    return type_name(to_arrow_type(kind))


def _arrow(schema: Any) -> list[tuple[str, Any]]:
    from pyspark.sql.pandas.types import to_arrow_type

    return [(each.name, to_arrow_type(each.dataType)) for each in schema]


def _plain(schema: "pa.Schema") -> "pa.Schema":
    """Keys of events as the numbers they are, other exact decimals as doubles."""
    import pyarrow as pa

    exact = pa.decimal128(20, 0)
    plain = regularised(schema)
    return pa.schema(
        [(each.name, pa.uint64() if each.type == exact else each.type) for each in plain]
    )


def _regular(data: "pa.Table") -> "pa.Table":
    return data.cast(_plain(data.schema))


@contextmanager
def _telling() -> Iterator[None]:
    """Say what Spark said, without its stack of calls."""
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JJavaError) as error:
        said = str(error).split("JVM stacktrace")[0].strip()[:MOST_SAID]
        if "FAILED_READ_FILE" in said or "CANNOT_READ_FILE" in said:
            raise BadData(said) from error
        raise EngineError("Spark did not do what was asked.", action=said) from error
