"""Forgetting old builds."""

from carpel.store.builds import Builds
from carpel.store.ledger import Ledger
from carpel.store.pins import pinned_builds
from carpel.store.points import reach
from carpel.store.process import Clock


def prune(builds: Builds, ledger: Ledger, clock: Clock, *, keep: int) -> list[str]:
    """Forget all but the newest `keep` builds and delete the files that none of them names.

    Beyond that number stay the current build and those that a living reader has open. Gives the
    names of the builds that went. Only for who holds the build lease.
    """
    with ledger.write() as connection:  # a reader pins either before this, or finds it gone
        safe = pinned_builds(connection, clock) | {builds.current_name()}
        doomed = [name for name in builds.names()[:-keep] if name not in safe]
        for name in doomed:
            builds.delete(name)
    reach("prune.manifests_deleted")
    builds.sweep()
    return doomed
