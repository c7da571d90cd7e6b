"""What stands on the first line of an order is not missing on its others."""

from pathlib import Path

import pyarrow as pa

from carpel.specs import Definitions, Project, Source
from carpel.stages.quality import Quality
from carpel.testing.line import CLOCK, line_with, read, take

AT = CLOCK.replace(tzinfo=None)
N = 60


def test_nothing_is_missing_on_further_lines_and_seldom_things_are_a_note(tmp_path: Path) -> None:
    first = [n % 3 == 0 for n in range(N)]
    columns = {
        "order_id": [f"o{n // 3}" for n in range(N)],
        "subtotal": [9.5 if here else None for here in first],
        "store": ["north" if n % 2 else None for n in range(N)],
        "coupon": ["TEA" if n % 4 < 2 else None for n in range(N)],
    }
    rows = pa.table(
        {
            "ref": pa.array(range(N), pa.uint64()),
            "source": ["till"] * N,
            "event_key": pa.array(range(N), pa.uint64()),
            "at": pa.array([AT] * N, pa.timestamp("us")),
            **columns,
        }
    )
    properties = {name: name for name in columns}
    track = {"event": "product_purchased", "at": "day", "properties": properties}
    accounting = pa.table({"source": ["till"], "file": ["till.csv"], "fate": ["loaded"],
                           "reason": [""], "rows": [N]})  # fmt: skip
    given = {"staged_event_product_purchased": rows, "accounting": accounting}
    sources = {"till": Source(name="till", read="till.csv", track=[track])}
    line = line_with(tmp_path, given, definitions=Definitions(Project(name="p"), sources=sources))
    found = {
        row["column"].rpartition(".")[2]: row["severity"]
        for row in read(take(line, [Quality()]), "findings")
        if row["check"] == "missing"
    }
    assert found == {"store": "warning", "coupon": "note"}
