"""The kinds of files there are."""

from collections.abc import Mapping

from carpel.inference.kind import Kind
from carpel.inference.kinds.done import DONE
from carpel.inference.kinds.known import KNOWN
from carpel.inference.kinds.sold import SOLD

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (*SOLD, *KNOWN, *DONE)}
"""By name; where two explain a file equally well, the earlier is taken."""
