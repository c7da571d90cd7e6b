"""Who went where between two moments: a matrix of counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

NOT_YET = "not there yet"
"""Where they came from: whoever nobody knew of at the first moment."""
GONE = "gone"
"""Where they went: whoever there is no more at the second moment."""
ELSEWHERE = "elsewhere"
"""Whoever there is, in none of the places."""


@dataclass(frozen=True)
class Migration:
    """`counts[i][j]` people went from `origins[i]` to `destinations[j]`.

    Both begin with the places as they were asked for; then follow `ELSEWHERE`, where anybody was,
    and `NOT_YET` among the origins, `GONE` among the destinations. With places that put everybody
    in exactly one, each person counts once; in places that overlap, once a pair.
    """

    origins: Sequence[str]
    destinations: Sequence[str]
    counts: Sequence[Sequence[int]]

    @property
    def people(self) -> int:
        """The sum of all counts."""
        return sum(map(sum, self.counts))

    @property
    def stayed(self) -> int:
        """Those whose place is the same."""
        return sum(
            self.counts[i][self.destinations.index(each)]
            for i, each in enumerate(self.origins)
            if each in self.destinations
        )

    def rows(self) -> list[dict[str, str | int]]:
        """One row a pair of places that anybody went between: `origin`, `destination`, `people`."""
        return [
            {"origin": origin, "destination": destination, "people": count}
            for origin, counts in zip(self.origins, self.counts, strict=True)
            for destination, count in zip(self.destinations, counts, strict=True)
            if count
        ]


def migration(
    places: Mapping[str, tuple[BitMap, BitMap]], known: BitMap, still: BitMap
) -> Migration:
    """Count who went where: `places` are the people of each at both moments.

    `known` and `still` are all the people there were at the first and at the second.
    """
    before = BitMap.union(BitMap(), *(sets[0] for sets in places.values()))
    after = BitMap.union(BitMap(), *(sets[1] for sets in places.values()))
    origins = {name: sets[0] for name, sets in places.items()}
    destinations = {name: sets[1] for name, sets in places.items()}
    outside, beyond = known - before, still - after
    if outside or beyond:
        origins[ELSEWHERE], destinations[ELSEWHERE] = outside, beyond
    origins[NOT_YET] = (still | after) - known - before
    destinations[GONE] = (known | before) - still - after
    return Migration(
        tuple(origins),
        tuple(destinations),
        tuple(tuple(len(a & b) for b in destinations.values()) for a in origins.values()),
    )
