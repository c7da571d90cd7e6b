"""The file of a test of places, ready to be run: none that is there is overwritten."""

import json
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from carpel.errors import CarpelError
from carpel.specs import Experiment, PlaceTest
from carpel.store.files import replace
from carpel.verbs.leaving import ELSEWHERE
from carpel.verbs.place_designed import PlaceDesign


def write_experiment(
    folder: Path, name: str, found: PlaceDesign, names: list[str], started: date
) -> Path:
    """Write `experiments/NAME.yml`, measured by the metrics `names`; gives its path.

    Raises CarpelError for a name that is none, a file that is there and a disk that takes none.
    """
    file = folder / "experiments" / f"{name}.yml"
    pairs = tuple((each.with_it, each.without) for each in found.pairs)
    try:
        Experiment(
            name=name,
            places=PlaceTest(trait=found.trait, pairs=pairs),
            metrics=tuple(names),
            started=started,
            within_days=found.within_days,
        )
    except ValidationError as error:
        raise CarpelError(f"--write: {error.errors()[0]['msg']}.") from error
    if file.exists():
        raise CarpelError(
            f"{file.name} is in experiments already, and nothing is overwritten.",
            action="Say another name.",
        )
    listed = "".join(f"    - {json.dumps(each, ensure_ascii=False)}\n" for each in pairs)
    text = (
        f"version: 1\nlabel: {name.replace('_', ' ').capitalize()}\nplaces:\n"
        f"  trait: {found.trait}\n  pairs:  # the first of each gets it: drawn by lot\n{listed}"
        f"metrics: [{', '.join(names)}]\nstarted: {started}\n"
        f"within_days: {found.within_days}\ncost: 0  # of printing and carrying it\n"
    )
    try:
        file.parent.mkdir(exist_ok=True)
        replace(file, text.encode())
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise CarpelError(f"{file} cannot be written: {cause}.", action=ELSEWHERE) from error
    return file
