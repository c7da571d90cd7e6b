"""The store of one project, open: its builds, its ledger, and the key of its tombstones."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from carpel.errors import NotFound, StoreError
from carpel.store.builds import Build, Builds
from carpel.store.files import replace, storing
from carpel.store.lease import Lease, leased
from carpel.store.ledger import Ledger
from carpel.store.pins import pinned
from carpel.store.points import reach
from carpel.store.process import Clock

FOLDER = ".carpel"


@dataclass(frozen=True)
class Store:
    """Everything under a project's `.carpel`."""

    folder: Path
    builds: Builds
    ledger: Ledger
    clock: Clock

    @property
    def key(self) -> bytes:
        """The secret of this project's tombstones; readable by the owner only."""
        return bytes.fromhex((self.folder / "key").read_text())

    @contextmanager
    def lease(self, verb: str, *, actor: str = "local") -> Iterator[Lease]:
        """Hold the build lease, with all that a killed holder left behind put in order first.

        Raises Busy while another living process holds it.
        """
        with leased(self.ledger, self.clock, verb, actor=actor) as lease:
            self.builds.finish()
            self.builds.sweep()
            reach("lease.recovered")
            yield lease

    @contextmanager
    def open_build(self, build: str | None = None) -> Iterator[Build]:
        """Read a build, the current one unless named; its files stay until the block ends."""
        with pinned(self.ledger, self.builds, self.clock, build) as opened:
            yield opened

    def publish(self, build: Build, lease: Lease) -> None:
        """Store a build and make it current; Busy, and nothing done, when the lease was lost."""
        self.builds.write(build)
        lease.confirm()
        self.builds.publish(build.build)
        lease.made(build.build)

    def rollback(self, to: str | None = None, *, actor: str = "local") -> Build:
        """Make a former build current again: the named one, or what the current was made from.

        Raises NotFound when it is not kept any more and Busy while somebody builds. Customer
        keys given out since then stay given out.
        """
        with self.lease("rollback", actor=actor) as lease:
            build = self.builds.read(to or self.former())
            lease.confirm()
            self.builds.publish(build.build)
            lease.made(build.build)
        return build

    def former(self) -> str:
        """The parent of the current build; when that cannot be read, the newest one before it."""
        name = self.builds.current_name()
        if name is None:
            raise NotFound("current build", "", action="Make one: carpel run")
        try:
            parent = self.builds.read(name).parent
        except StoreError:
            parent = max((each for each in self.builds.names() if each < name), default=None)
        if parent is None:
            raise NotFound(
                "build before the current one",
                "",
                action="A run publishes another when data, definitions or the moment changed.",
            )
        return parent


def open_store(project: Path, clock: Clock, *, ledger: str | None = None) -> Store:
    """Open the store of a project folder; makes an empty one when there is none.

    `ledger` is the URL of a PostgreSQL database; a file beside the builds without one. Raises
    StoreError when that database is another project's.
    """
    folder = project / FOLDER
    with storing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "key").exists():
        replace(folder / "key", secrets.token_hex(32).encode(), mode=0o600)
    store = Store(folder, Builds(folder), Ledger.open(folder, ledger), clock)
    if ledger:
        store.ledger.belong(store.key)
    return store
