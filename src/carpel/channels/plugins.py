"""Channels of other packages: the entry points of the group `carpel.channels`."""

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from carpel.channels.base import Carrier
from carpel.errors import NotFound
from carpel.specs.plugin import Plugin

GROUP = "carpel.channels"


def plugged(spec: Plugin, campaign: str, reveal: Callable[[str], str], to: Path) -> Carrier:
    """The channel that a package brings under this name; raises NotFound where none does.

    It is called with the channel's settings, secrets in their place, the `campaign` and the folder
    `to` for files.
    """
    there = {each.name: each for each in entry_points(group=GROUP)}
    if spec.uses not in there:
        action = f"Install the package that brings it under {GROUP}."
        raise NotFound("channel installed", spec.uses, there, action=action)
    made: Callable[..., Carrier] = there[spec.uses].load()
    return made(_revealed(spec.settings, reveal), campaign=campaign, to=to)


def _revealed(value: Any, reveal: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return reveal(value)
    if isinstance(value, dict):
        return {key: _revealed(each, reveal) for key, each in value.items()}
    return [_revealed(each, reveal) for each in value] if isinstance(value, list) else value
