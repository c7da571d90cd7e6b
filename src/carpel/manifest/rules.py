"""Every rule in the files of a project, with its place."""

from collections.abc import Iterator
from dataclasses import dataclass

from carpel.language import Node
from carpel.language.salvage import readable
from carpel.manifest.yaml import Broken, Places
from carpel.specs import Definitions
from carpel.specs.prediction import RULES as PREDICTED_BY

RULES = {"segments": "where", "checks": "people", "predictions": "among"}
"""Folders whose files hold a rule, and the word it stands under."""


@dataclass(frozen=True)
class Ruled:
    """A rule, its path in its file, whether it is about accounts; the file's folder and name."""

    node: Node
    path: tuple[str | int, ...] = ()
    account: bool = False
    folder: str = ""
    name: str = ""


def rules_of(definitions: Definitions) -> Iterator[Ruled]:
    """Every rule there is."""
    for name, segment in definitions.segments.items():
        yield Ruled(segment.where, ("where",), segment.unit == "account", "segments", name)
    for name, check in definitions.checks.items():
        if check.people is not None:
            yield Ruled(check.people, ("people",), False, "checks", name)
    for name, prediction in definitions.predictions.items():
        for word in PREDICTED_BY:
            if rule := getattr(prediction, word, None):
                of_accounts = getattr(prediction, "unit", "") == "account"
                yield Ruled(rule, (word,), of_accounts, "predictions", name)


def salvaged(written: Places, broken: Broken) -> Iterator[Ruled]:
    """What can be read of the rules in files that cannot."""
    for folder, name in sorted(each for each in broken if each[0] in RULES):
        data = written[folder, name].data
        if isinstance(data, dict) and (word := RULES[folder]) in data:
            account = data.get("unit") == "account"
            for each in readable(data[word], (word,), account=account):
                yield Ruled(each.node, each.path, each.account, folder, name)
