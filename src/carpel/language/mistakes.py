"""What is wrong with a rule, with the path to the place in what was written."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from carpel.errors import CarpelError, suggestion

Path = tuple[str | int, ...]
T = TypeVar("T")


class RuleError(CarpelError, ValueError):
    """A rule that cannot be read or does not fit the data.

    `path` leads through the data to the key or item at fault; `mistakes` holds every one that was
    found, this one first. Of a rule written as text `position` is the line and the column, from 1.
    """

    exit_code = 2

    def __init__(
        self,
        message: str,
        path: Path = (),
        others: Iterable["RuleError"] = (),
        position: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(message)
        self.path = path
        self.others = tuple(others)
        self.position = position

    @property
    def mistakes(self) -> tuple["RuleError", ...]:
        """All mistakes that were found, each with its path."""
        return (self, *self.others)

    def under(self, *path: str | int) -> "RuleError":
        """The same mistakes, seen from further up."""
        others = (other.under(*path) for other in self.others)
        return RuleError(self.message, (*path, *self.path), others, self.position)


@contextmanager
def at(*path: str | int) -> Iterator[None]:
    """Add where we are to the path of a mistake made inside."""
    try:
        yield
    except RuleError as error:
        raise error.under(*path) from None


def together(work: Iterable[Callable[[], T]]) -> list[T]:
    """Do all of it, then raise all mistakes as one; else give the results in order."""
    done: list[T] = []
    mistakes: list[RuleError] = []
    for each in work:
        try:
            done.append(each())
        except RuleError as error:
            mistakes.extend(error.mistakes)
    if mistakes:
        raise as_one(mistakes)
    return done


def as_one(mistakes: Iterable[RuleError]) -> RuleError:
    """One error with all of them, the first one first."""
    first, *others = mistakes
    return RuleError(first.message, first.path, others, first.position)


ELSEWHERE = {
    "greater": "more_than",
    "greater_than": "more_than",
    "bigger_than": "more_than",
    "above": "more_than",
    "over": "more_than",
    "less": "less_than",
    "lower_than": "less_than",
    "smaller_than": "less_than",
    "below": "less_than",
    "equals": "is",
    "equal": "is",
    "minimum": "at_least",
    "maximum": "at_most",
}
"""Words that other tools have for ours."""


def unknown(kind: str, word: object, known: Iterable[str]) -> str:
    """Say that a word is not known, and which was probably meant."""
    known = list(known)
    ours = ELSEWHERE.get(str(word).lower())
    if ours in known:
        return f"unknown {kind} {word!r}. Did you mean {ours!r}?"
    return f"unknown {kind} {word!r}. {suggestion(str(word), known)}".strip()
