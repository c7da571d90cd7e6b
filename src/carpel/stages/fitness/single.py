"""One group: whether a figure inside a segment falls into two, with a proposal where to split."""

from collections.abc import Iterator
from itertools import product

import numpy as np
from pyroaring import BitMap

from carpel.specs.words import counted
from carpel.stages.fitness.finding import Detail, Finding, Told, figure
from carpel.stages.fitness.ground import Ground
from carpel.stages.fitness.people import SAMPLE, FactsOf, drawn
from carpel.stats.modes import FEWEST, Halves, two_groups
from carpel.stats.multiplicity import expected_false

FALSE = 0.01
"""Of the proposals to split, at most this share is expected to be false."""
TOLD = 4
NO_GROUPS = frozenset({"known_days", "latitude", "longitude"})
"""Figures that fall into groups by how data was gathered, or by where cities are."""

Split = tuple[str, Halves]


def single(ground: Ground, facts: FactsOf) -> Iterator[Told]:
    """Tell of every segment with people."""
    samples = {name: drawn(members, SAMPLE) for name, members in ground.sets.items()}
    splits = _splits(ground, samples, facts)
    for name in ground.sets:
        found = splits.get(name, [])
        for trait, halves in found[:TOLD]:
            yield Detail(
                name, "single", "split", trait, value=halves.cut, n=halves.below, of=halves.above
            )
        yield _finding(ground, name, len(samples[name]), found)


def _splits(ground: Ground, samples: dict[str, BitMap], facts: FactsOf) -> dict[str, list[Split]]:
    """By segment the figures that fall into two groups, the clearest first."""
    whole = BitMap.union(BitMap(), *samples.values())
    keys, columns = facts.numbers(whole)
    columns = {trait: values for trait, values in columns.items() if trait not in NO_GROUPS}
    for trait, row in ground.traits.items():
        if row["unit"] == "days" and trait in columns:
            columns[trait] = np.floor(columns[trait])  # nights are no groups of people
    places = {
        name: np.searchsorted(keys, np.frombuffer(people.to_array(), np.uint32))
        for name, people in samples.items()
    }
    tried = two_groups(values[rows] for rows in places.values() for values in columns.values())
    clear = expected_false([each.chance if each else 1.0 for each in tried]) < FALSE
    found: dict[str, list[Split]] = {}
    for (name, trait), halves, told in zip(product(places, columns), tried, clear, strict=True):
        if told and halves:
            found.setdefault(name, []).append((trait, halves))
    return {
        name: sorted(each, key=lambda it: (it[1].chance, it[0])) for name, each in found.items()
    }


def _finding(ground: Ground, name: str, looked_at: int, found: list[Split]) -> Finding:
    size = len(ground.sets[name])
    people = counted(size, "person", "people")
    if found:
        trait, halves = found[0]
        label = ground.trait_called(trait)
        unit = str(ground.traits.get(trait, {}).get("unit") or "")
        cut = f"{figure(halves.cut)}{'' if unit in ('', 'share', 'ratio') else f' {unit}'}"
        known = halves.below + halves.above
        of = f"of the {known:,} looked at" if known < size else f"of {people}"
        said = (
            f"{label} falls into two groups: {halves.below:,} {of} are below {cut} and "
            f"{halves.above:,} are not."
        )
        return Finding(name, "single", "partly", said, f"Split it by {label} at {cut}.", None, size)
    if looked_at < FEWEST:
        said = f"{people} are too few to see groups inside."
        return Finding(name, "single", "unknown", said, f"{FEWEST} people or more.", None, size)
    said = f"No figure of these {people} falls into two groups."
    return Finding(name, "single", "yes", said, "", None, size)
