"""Answers that stand side by side in a file, proposed as what they measure between them."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from carpel.inference.reading import NUMBERED
from carpel.inference.source import SourceProposal

FEWEST = 6
"""Items from which their number of factors can be told."""
SAID = (
    "What the answers of this survey measure between them: each factor that is found becomes an\n"
    "attribute, called as this file and the item that tells most of it. See which there are with\n"
    "`carpel show trait {name}`, and give them `names` of your own."
)


def scales(source: SourceProposal) -> Iterator[tuple[str, dict[str, Any], str]]:
    """A trait's name, what its file says and why; none for few answers or without scipy."""
    items = [
        each.use.removeprefix("trait ")
        for each in source.columns
        if each.role == "survey_answer"
        and NUMBERED in each.reason
        and each.use.startswith("trait ")
    ]
    if len(items) >= FEWEST and find_spec("scipy"):
        name = f"{source.spec.name}_answers"[:60]
        yield name, {"kind": "factors", "items": items}, SAID.format(name=name)
