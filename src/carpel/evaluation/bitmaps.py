"""From columns of keys to roaring bitmaps and to bytes: keys are dense and fit 32 bits."""

from array import array
from struct import pack
from typing import TYPE_CHECKING

import pyarrow as pa
from pyroaring import BitMap

if TYPE_CHECKING:
    import numpy as np

NO_RUNS = 12346
"""What the portable form of roaring bitmaps begins with when no container is of runs."""
FEW = 4096
"""Up to so many of its 65,536 keys a container lists; beyond, it has a bit for each."""


def bitmap(keys: pa.ChunkedArray | pa.Array) -> BitMap:
    """The set of the keys in a column; nulls aside. Keys are 0 to 4,294,967,295."""
    column = keys.cast(pa.uint32()).drop_null()
    found = array("I")
    for chunk in column.chunks if isinstance(column, pa.ChunkedArray) else [column]:
        found.frombytes(memoryview(chunk.buffers()[1])[4 * chunk.offset :][: 4 * len(chunk)])
    return BitMap(found)


def flagged(keys: "np.ndarray", flags: "np.ndarray") -> BitMap:
    """The set of those keys whose flag is true; keys ascend and are 32 bits wide."""
    import numpy as np

    if not len(keys):
        return BitMap()
    if 16 * len(keys) < int(keys[-1]):
        return BitMap(array("I", keys[flags].tobytes()))
    spread = np.zeros(int(keys[-1]) + 1, bool)
    gapless = len(keys) == len(spread) - int(keys[0])
    spread[slice(int(keys[0]), None) if gapless else keys] = flags
    return packed(spread)


def packed(flags: "np.ndarray") -> BitMap:
    """The set of the places that are true, by way of the portable form of roaring bitmaps.

    That form: https://github.com/RoaringBitmap/RoaringFormatSpec. Eight times as fast as adding
    key by key.
    """
    import numpy as np

    bits = np.packbits(flags, bitorder="little")
    blocks = np.zeros((-(-len(bits) // 8192), 8192), np.uint8)
    blocks.reshape(-1)[: len(bits)] = bits
    counts = np.bitwise_count(blocks.view(np.uint64)).sum(axis=1, dtype=np.int64)
    held = np.flatnonzero(counts)
    bodies = [
        blocks[each].tobytes()
        if counts[each] > FEW
        else np.flatnonzero(flags[each << 16 : (each + 1) << 16]).astype("<u2").tobytes()
        for each in held
    ]
    heads = np.stack([held, counts[held] - 1], axis=1).astype("<u2")
    begin = 8 + 8 * len(held)
    starts = begin + np.cumsum([0, *map(len, bodies)])[:-1]
    head = pack("<II", NO_RUNS, len(held)) + heads.tobytes() + starts.astype("<u4").tobytes()
    return BitMap.deserialize(head + b"".join(bodies))


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
    listed = pa.py_buffer(members.to_array())
    return pa.Array.from_buffers(pa.uint32(), len(members), [None, listed]).cast(pa.int64())
