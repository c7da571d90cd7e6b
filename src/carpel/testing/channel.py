"""What a channel has to hold, whoever wrote it: `check_channel` tries it on people made up.

def test_my_channel():
    check_channel(Trial(make=MyChannel, arrived=lambda: len(server.messages)))
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints

from carpel.channels import Carrier, Outcome, Person, Ready
from carpel.messages import Rendered

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
STATES = frozenset(get_args(get_type_hints(Outcome)["state"]))
ODD: Sequence[Any] = (
    None,
    "",
    0,
    -1.5,
    "=1+1",
    "Zoë 🍊",
    "a\nb",
    "x" * 5_000,
    "<b>&amp;</b>",
    "'\";--",
)
"""Values that a channel meets sooner or later."""
NO_ADDRESS = ("", "  ", "ada@mail.example\r\nBcc: all@mail.example", "a\x00b")
"""What is never handed over."""


@dataclass(frozen=True)
class Trial:
    """A channel to be tried, and what a test knows of its other side.

    `make` gives a carrier whose other side works; `arrived` how many messages it has by now.
    `broken`, where given, makes one whose other side is away.
    """

    make: Callable[[], Carrier]
    arrived: Callable[[], int]
    broken: Callable[[], Carrier] | None = None
    with_message: bool = True
    """Whether people come with a message; without one for a channel with words of its own."""


def check_channel(trial: Trial) -> None:
    """Raise AssertionError, in words, for the first thing that the channel does not hold."""
    for rule in (_shape, _checking, _rendering, _refusing, _sending, _side_by_side, _closing):
        rule(trial)
    if trial.broken is not None:
        _away(trial, trial.broken)


def person(
    number: int = 0, *, message: bool = True, value: Any = "Utrecht", **fields: Any
) -> Person:
    """Somebody made up; `value` is what is known under every name that a channel asks for."""
    words = Rendered(f"Hello {number}", "<p>Hello, Grüße</p>", "Hello, Grüße\n.\n")
    mark = f"{number:024b}".replace("0", "ab").replace("1", "cd")
    known = Person(
        key=f"{number:040x}",
        address=f"person{number}@mail.example",
        arm="ab"[number % 2],
        at=AT,
        message=words if message else None,
        unsubscribe="https://shop.example/u/TOKEN",
        token="TOKEN",
        mark=mark,
        values=_Known(value),
    )
    return replace(known, **fields)


class _Known(dict[str, Any]):
    """Knows the same value under every name."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self._value = value

    def get(self, _key: str, _default: Any = None) -> Any:
        return self._value

    def __missing__(self, _key: str) -> Any:
        return self._value


def _people(trial: Trial, *numbers: int, value: Any = "Utrecht") -> list[Person]:
    return [person(n, message=trial.with_message, value=value) for n in numbers]


def _shape(trial: Trial) -> None:
    with closing(trial.make()) as carrier:
        _hold(isinstance(carrier.batch, int) and carrier.batch >= 1, "`batch` is a number from 1")
        named = [*carrier.fields]
        _hold(all(isinstance(each, str) for each in named), "`fields` are names")
        _hold(not isinstance(carrier.fields, str), "`fields` are names, not one text")
        _hold(len(list(carrier.written)) == 0, "nothing is `written` before anything is sent")


def _checking(trial: Trial) -> None:
    before = trial.arrived()
    with closing(trial.make()) as carrier:
        for _ in range(2):
            found = carrier.check()
            _hold(not isinstance(found, str), "`check` gives sentences, not one text")
            _hold(not list(found), f"`check` finds nothing wrong where all works: {list(found)}")
    _hold(trial.arrived() == before, "`check` hands nothing over")


def _rendering(trial: Trial) -> None:
    before = trial.arrived()
    with closing(trial.make()) as carrier:
        for value in ODD:
            (one,) = _people(trial, 1, value=value)
            first, again = carrier.render(one), carrier.render(one)
            _hold(isinstance(first, Ready), "`render` gives a Ready")
            _hold(first == again, f"`render` gives the same twice, for {value!r}")
            _hold(first.key == one.key and first.arm == one.arm, "`render` keeps key and arm")
            _hold(not first.problem, f"somebody is refused for a value: {first.problem}")
    _hold(trial.arrived() == before, "`render` hands nothing over")


def _refusing(trial: Trial) -> None:
    with closing(trial.make()) as carrier:
        for address in NO_ADDRESS:
            ready = carrier.render(person(1, message=trial.with_message, address=address))
            _hold(bool(ready.problem), f"{address!r} is no address, and is a `problem`")
            _hold(ready.payload is None, f"{address!r} is no address, and has no payload")
            told = address.strip() and address in ready.problem
            _hold(not told, "a `problem` does not repeat the address")


def _sending(trial: Trial) -> None:
    before = trial.arrived()
    with closing(trial.make()) as carrier:
        people = _people(trial, *range(5))
        _hold(not list(carrier.send([])), "of nobody nothing becomes")
        outcomes = _sent(carrier, people)
    _hold({each.state for each in outcomes} == {"sent"}, f"all is sent where all works: {outcomes}")
    _hold(trial.arrived() - before == len(people), "what is sent has arrived, and once")


def _side_by_side(trial: Trial) -> None:
    before = trial.arrived()
    with closing(trial.make()) as one, closing(trial.make()) as other:
        states = [
            e.state for e in (*_sent(one, _people(trial, 6)), *_sent(other, _people(trial, 7)))
        ]
    _hold(states == ["sent", "sent"], "two at work do not hinder each other")
    _hold(trial.arrived() - before == 2, "what two send has arrived, and once")


def _closing(trial: Trial) -> None:
    carrier = trial.make()
    carrier.close()
    carrier.close()


def _away(trial: Trial, broken: Callable[[], Carrier]) -> None:
    before = trial.arrived()
    with closing(broken()) as carrier:
        found = list(carrier.check())
        _hold(bool(found) and all(found), "`check` says what is wrong while the other side is away")
        outcomes = _sent(carrier, _people(trial, 8, 9))
        states = {each.state for each in outcomes}
        _hold(states <= {"unsent", "failed"}, f"nothing is sent to nobody: {states}")
    _hold(trial.arrived() == before, "nothing arrives where nothing works")


def _sent(carrier: Carrier, people: Sequence[Person]) -> list[Outcome]:
    ready = [carrier.render(each) for each in people]
    outcomes = list(carrier.send(ready))
    _hold([e.key for e in outcomes] != [] or not ready, "`send` says what became of each")
    _hold(sorted(e.key for e in outcomes) == sorted(e.key for e in ready), "one outcome each")
    for each in outcomes:
        for wrong in _amiss(each, people):
            _hold(False, wrong)
    return outcomes


def _amiss(outcome: Outcome, people: Sequence[Person]) -> Iterator[str]:
    if outcome.state not in STATES:
        yield f"{outcome.state!r} is no state: {', '.join(sorted(STATES))}"
    if (outcome.passing or outcome.undeliverable) and outcome.state != "failed":
        yield f"only a failure may be passing or undeliverable, not {outcome.state}"
    if outcome.state != "sent" and not outcome.reason:
        yield f"{outcome.state} has a reason"
    if any(each.address in outcome.reason for each in people):
        yield "a reason holds nothing personal"


def _hold(what: bool, said: str) -> None:
    if not what:
        raise AssertionError(said)
