"""Named moments at which a process may die, so that every one of them can be tried.

Each stands around an fsync, a replace or a commit. In daily life `reach` costs one look at the
environment; with `CARPEL_CRASH_AT=name` (or `name:3` for the third time) the process ends there
as if the power had gone: no clean-up, no buffers written.
"""

import os
import signal
from collections import Counter

POINTS: tuple[str, ...] = (
    "file.written",
    "file.synced",
    "file.named",
    "file.kept",
    "small.written",
    "small.synced",
    "small.replaced",
    "small.kept",
    "ledger.made",
    "ledger.before_commit",
    "ledger.after_commit",
    "lease.taken",
    "lease.recovered",
    "lease.ended",
    "build.before_manifest",
    "build.before_publish",
    "build.published",
    "prune.manifests_deleted",
    "prune.file_deleted",
    "erase.rewritten",
    "erase.moved",
    "erase.repointed",
    "erase.deleted",
    "erase.ledger_cleaned",
    "backup.before_replace",
    "send.coupons_given",
    "send.claimed",
    "send.handed_over",
    "send.settled",
    "restore.files",
    "restore.ledger",
    "restore.manifests",
)
"""All of them; a test holds this list against the calls in the code."""

_reached: Counter[str] = Counter()


def reach(name: str) -> None:
    """Die here when the environment says so; nothing otherwise."""
    wanted = os.environ.get("CARPEL_CRASH_AT")
    if not wanted:
        return
    point, _, times = wanted.partition(":")
    if point == name:
        _reached[name] += 1
        if _reached[name] >= int(times or 1):
            os.kill(os.getpid(), signal.SIGKILL)
