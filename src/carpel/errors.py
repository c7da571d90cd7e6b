"""Everything that can go wrong for a user, as one small tree.

    CarpelError             exit 1   something we did not foresee a name for
    ├── ProjectError        exit 2   mistakes in what people wrote, all of them together
    ├── NotFound            exit 2   a name that is not there, with the nearest ones
    ├── SourceError         exit 3   data that cannot be read at all
    ├── CheckFailed         exit 4   a check or a guard refused to publish a build
    ├── Busy                exit 5   somebody else is building this project
    ├── StoreError          exit 6   .carpel is damaged, or the disk is full
    ├── MissingExtra        exit 7   a part of Carpel that is not installed
    ├── EngineError         exit 8   the database or cluster that computes cannot do it
    ├── Refused             exit 9   a campaign that may not leave, or not by this actor
    └── ChannelError        exit 10  what carries messages cannot be reached or refuses them

Exit codes are a contract with schedulers: 0 done, 2 and 3 need a person, 5 may be tried again.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal


@dataclass(frozen=True)
class Problem:
    """One mistake: what is wrong, where it stands and what to do about it.

    A `warning` is hardly meant so, and nothing is refused for it.
    """

    message: str
    file: str = ""
    line: int | None = None
    action: str = ""
    severity: Literal["error", "warning"] = "error"

    @property
    def alike(self) -> Hashable:
        """Equal for mistakes that say the same, wherever they stand."""
        return self.message, self.action, self.severity

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        said = f"warning: {self.message}" if self.severity == "warning" else self.message
        text = f"{place}: {said}" if place else said
        return f"{text}\n    → {self.action}" if self.action else text


ALIKE = 3
"""So many mistakes that say the same are told with their places, the others counted."""


def listed(problems: Iterable[Problem]) -> list[str]:
    """The mistakes as lines, in their order; of many that say the same, the first few."""
    found = list(problems)
    alike = Counter(each.alike for each in found)
    told: Counter[Hashable] = Counter()
    lines = []
    for each in found:
        told[each.alike] += 1
        if told[each.alike] <= ALIKE:
            lines.append(str(each))
        elif told[each.alike] == alike[each.alike]:
            more = alike[each.alike] - ALIKE
            lines.append(f"{each.message}: at {more:,} more {'place' if more == 1 else 'places'}")
    return lines


class CarpelError(Exception):
    """A failure a user can act upon: the message names the thing, the place and the cause."""

    exit_code = 1

    def __init__(self, message: str, *, action: str = "", place: str = "") -> None:
        self.message, self.action, self.place = message, action, place
        super().__init__(str(Problem(message, place, None, action)))


class ProjectError(CarpelError):
    """Mistakes in a project's files; `problems` holds every one that was found."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = tuple(problems)
        super().__init__("\n".join(listed(self.problems)))


class NotFound(CarpelError):  # noqa: N818 - says what is the case
    """A name that does not exist; the message suggests the nearest that do and where to look.

    Without a name, `kind` says all there is to say: what was asked for may be personal.
    """

    exit_code = 2

    def __init__(
        self, kind: str, name: str, known: Iterable[str] = (), *, action: str = ""
    ) -> None:
        self.kind, self.name = kind, name
        near, look = suggestion(name, known), action or LISTED_BY.get(kind, "")
        super().__init__(
            f"There is no {kind}{f' {name!r}' if name else ''}.",
            action=" ".join(filter(None, (near, look))),
        )


class SourceError(CarpelError):
    """Data that cannot be read; `place` names the file and, where known, the row."""

    exit_code = 3


class CheckFailed(CarpelError):  # noqa: N818 - says what is the case
    """A build was made but not published; the former one is still current."""

    exit_code = 4


class Busy(CarpelError):  # noqa: N818 - says what is the case
    """Another process is building this project; trying again later is safe."""

    exit_code = 5


class StoreError(CarpelError):
    """The project's own store cannot be read or written."""

    exit_code = 6


class MissingExtra(CarpelError):  # noqa: N818 - says what is the case
    """An optional part of Carpel is needed and not installed."""

    exit_code = 7

    def __init__(self, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs a part that is not installed.",
            action=f"pip install 'carpel[{extra}]'",
        )


class EngineError(CarpelError):
    """What computes, a database or a cluster, cannot be reached or cannot do what is asked."""

    exit_code = 8


class Refused(CarpelError):  # noqa: N818 - says what is the case
    """Something that may not be done, or not by this actor; nothing was done."""

    exit_code = 9


class ChannelError(CarpelError):
    """What carries messages cannot do it; what had left by then is in the activity log."""

    exit_code = 10


LISTED_BY = {
    **{
        kind: f"`carpel ls {kind}s` lists those there are."
        for kind in ("segment", "segmentation", "trait", "event", "source", "campaign", "coupon")
    },
    "build": "`carpel builds` lists those there are.",
}
"""Where to look for a name of a kind."""


def suggestion(name: str, known: Iterable[str]) -> str:
    """Say which known name was probably meant, or list the few there are."""
    names = sorted(set(known))
    said = name.strip().lower().replace(" ", "_")
    near = get_close_matches(said, names, n=3, cutoff=0.6) or get_close_matches(name, names, n=3)
    near = near or [each for each in names if len(said) > 2 and said in each.lower()][:3]
    if near:
        return "Did you mean " + " or ".join(repr(each) for each in near) + "?"
    if 0 < len(names) <= 12:
        return "Known: " + ", ".join(names) + "."
    return ""
