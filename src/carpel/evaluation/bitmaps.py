"""From columns of keys to roaring bitmaps and to bytes: keys are dense and fit 32 bits."""

from array import array

import pyarrow as pa
from pyroaring import BitMap


def bitmap(keys: pa.ChunkedArray | pa.Array) -> BitMap:
    """The set of the keys in a column; nulls aside. Keys are 0 to 4,294,967,295."""
    column = keys.cast(pa.uint32()).drop_null()
    found = array("I")
    for chunk in column.chunks if isinstance(column, pa.ChunkedArray) else [column]:
        found.frombytes(memoryview(chunk.buffers()[1])[4 * chunk.offset :][: 4 * len(chunk)])
    return BitMap(found)


def to_bytes(members: BitMap) -> bytes:
    """The set in the portable form of roaring bitmaps; equal sets give equal bytes."""
    compact = members.copy()
    compact.run_optimize()
    return bytes(compact.serialize())


def from_bytes(data: bytes) -> BitMap:
    """The set that `to_bytes` wrote."""
    return BitMap.deserialize(data)


def to_keys(members: BitMap) -> pa.Array:
    """The keys of a set, ascending, as a BIGINT column."""
    return pa.array(members.to_array(), pa.uint32()).cast(pa.int64())
