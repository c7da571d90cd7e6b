"""Reads what slots need of the current build; run beside what serves them, so that it never waits.

`python -m carpel.verbs.slots_known` takes a pickled (folder, definitions or None) and gives what
`read` returns, pickled.
"""

import os
import pickle
import sys
from pathlib import Path
from typing import Any

from pyroaring import BitMap

from carpel.campaigns.slots import by_address
from carpel.evaluation.bitmaps import to_bytes
from carpel.evaluation.contacts import do_not_contact, stated
from carpel.evaluation.kept_aside import kept_aside
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session

NICE = 10
"""How far it steps back behind what answers visitors."""


def read(session: Session) -> dict[str, Any]:
    """The arguments of `Known`, sets as bytes; raises StoreError before the first run."""
    slots = session.understood.slots.values()
    named = {rule.segment for each in slots for rule in each.rules}
    with reading(session) as reader:
        told = [(who, address) for who, _, address in stated(reader.engine)]
        hashes, customers = by_address(session.store.key, told)
        return {
            "build": reader.build.build,
            "sets": {name: to_bytes(reader.sets[name]) for name in named & reader.sets.keys()},
            "hashes": hashes,
            "customers": customers,
            "left_alone": to_bytes(do_not_contact(reader.engine)),
            "kept_aside": to_bytes(_kept_aside(reader)),
        }


def _kept_aside(reader: Reader) -> BitMap:
    """Who is kept aside from what a slot shows, which is marketing."""
    holdout = reader.definitions.project.holdout
    kept = holdout if holdout is not None and "marketing" in holdout.purposes else None
    return kept_aside(reader.engine, kept)


if __name__ == "__main__":
    os.nice(NICE)
    folder, given = pickle.load(sys.stdin.buffer)
    pickle.dump(read(Session(Path(folder), given=given)), sys.stdout.buffer, protocol=5)
