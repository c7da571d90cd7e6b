"""`python -m tests.prove.mutants ROOM COUNT SEED`: try a room's tests on changes to its code."""

import sys
from random import Random

from .forks import load, recorded, survives
from .rooms import CODE, FOLDERS, candidates


def main(room: str, count: int, seed: int) -> None:
    """Print what became of each change of a sample, then how many were noticed."""
    places = candidates(room)
    sample = Random(seed).sample(places, min(count, len(places)))
    load()
    cover = recorded(CODE / room, FOLDERS[room])
    killed = 0
    for module, change in sorted(sample, key=lambda each: (each[0].file, each[1].number)):
        survived = survives(module, change, cover)
        killed += not survived
        word = "survived" if survived else "killed"
        print(f"{word}  {module.file}:{change.line}: {change.told}", flush=True)
    print(f"{room}: {killed} of {len(sample)} killed, {len(places)} there are, seed {seed}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
