"""What can be read of a rule that as a whole cannot."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from carpel.language.mistakes import Path, RuleError
from carpel.language.nodes import Node
from carpel.language.parse import NESTED, READERS, parse


@dataclass(frozen=True)
class Readable:
    """A part of a rule, its path, and whether it is about accounts."""

    node: Node
    path: Path
    account: bool


def readable(data: Any, path: Path = (), *, account: bool = False) -> Iterator[Readable]:
    """The largest parts that can be read, a clause also without its words at fault."""
    try:
        yield Readable(parse(data), path, account)
    except RuleError as error:
        if isinstance(data, Mapping) and (word := next((w for w in READERS if w in data), "")):
            yield from _within(data, word, path, account, error)


def _within(
    data: Mapping[Any, Any], word: str, path: Path, account: bool, error: RuleError
) -> Iterator[Readable]:
    below = data[word]
    if word not in NESTED:
        wrong = {each.path[0] for each in error.mistakes if each.path} - {word}
        kept = {each: said for each, said in data.items() if each not in wrong}
        if word == "trait":
            kept = {word: below, "is_set": True}  # the name stands, however it compares
        if kept != data:
            yield from readable(kept, path, account=account)
    elif isinstance(below, list | tuple):
        for at, each in enumerate(below):
            yield from readable(each, (*path, word, at), account=account)
    elif word == "people" and isinstance(below, Mapping):
        yield from readable(below.get("where"), (*path, word, "where"))
    else:
        yield from readable(below, (*path, word), account=account or word == "account")
