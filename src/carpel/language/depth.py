"""Walks over rules of any depth: recursion written as generators, off the call stack.

A walk yields another walk where a function would call itself, and is handed what that one returns
or raises. So a rule nested ten thousand deep needs memory, and no stack.
"""

from collections.abc import Generator, Iterable
from typing import Any as Anything
from typing import TypeVar

T = TypeVar("T")
Walk = Generator[Anything, Anything, T]


def walked(walk: Walk[T]) -> T:
    """Run a walk and all that it yields; gives what it returns."""
    stack: list[Walk[Anything]] = [walk]
    given: Anything = None
    raised: Exception | None = None
    while stack:
        try:
            step = stack[-1].throw(raised) if raised else stack[-1].send(given)
            stack.append(step)
            given, raised = None, None
        except StopIteration as done:
            stack.pop()
            given, raised = done.value, None
        except Exception as error:
            stack.pop()
            given, raised = None, error
    if raised:
        raise raised
    found: T = given
    return found


def in_turn(walks: Iterable[Walk[T]]) -> Walk[list[T]]:
    """One walk after the other; returns what each returned."""
    found: list[T] = []
    for walk in walks:
        found.append((yield walk))
    return found
