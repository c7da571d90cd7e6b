"""Guesses against what happened in held-out time, and whether one is better than another."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from carpel.stats.tails import Floats

SURE = 1.6448536269514722
"""Standard errors by which a model must be better: chance alone does it once in twenty."""


@dataclass(frozen=True)
class Errors:
    """How far the guesses of one way were from what happened, a person each."""

    name: str
    total: float
    root_mean_square: float
    mean_absolute: float


@dataclass(frozen=True)
class Verdict:
    """A model beside naive guesses: `beaten_by` is the first guess that it does not beat."""

    people: int
    happened: float
    model: Errors
    naive: tuple[Errors, ...]
    beaten_by: str | None

    @property
    def used(self) -> bool:
        """Whether the model is worth using."""
        return self.beaten_by is None

    @property
    def shortfall(self) -> float:
        """Share of what happened that the model did not foresee; negative where it foresaw more."""
        return 1 - self.model.total / self.happened if self.happened else 0.0

    def sentence(self) -> str:
        """The verdict in a sentence, with its figures."""
        side = "short" if self.shortfall >= 0 else "over"
        said = (
            f"{self.model.name} foresaw {self.model.total:,.0f} of the {self.happened:,.0f} that "
            f"happened among {self.people:,} people in held-out time ({abs(self.shortfall):.1%} "
            f"{side}); error a person {self.model.root_mean_square:.3g}"
        )
        if self.used:
            best = min(self.naive, key=lambda each: each.root_mean_square)
            return f"{said}, {best.root_mean_square:.3g} for the best naive guess ({best.name})"
        worse = next(each for each in self.naive if each.name == self.beaten_by)
        return (
            f"{said}, no better than {worse.root_mean_square:.3g} for a naive guess "
            f"({worse.name}): not used"
        )


def verdict(name: str, model: Floats, naive: Mapping[str, Floats], happened: Floats) -> Verdict:
    """Whether a model's squared errors are smaller than those of every naive guess, beyond chance.

    One-sided, 5 %, on the paired differences: the same people, the same time.
    """
    lost_to = None
    for other, guess in naive.items():
        if not beyond_chance((guess - happened) ** 2 - (model - happened) ** 2):
            lost_to = other
            break
    return Verdict(
        len(happened),
        float(happened.sum()),
        errors(name, model, happened),
        tuple(errors(other, guess, happened) for other, guess in naive.items()),
        lost_to,
    )


def beyond_chance(gain: Floats, sure: float = SURE) -> bool:
    """Whether paired gains, one each, are above 0 on average by `sure` standard errors."""
    error = gain.std(ddof=1) / np.sqrt(len(gain)) if len(gain) > 1 else np.inf
    return bool(gain.mean() > sure * error)


def errors(name: str, guess: Floats, happened: Floats) -> Errors:
    """Errors of one way of guessing."""
    apart = guess - happened
    return Errors(
        name,
        float(guess.sum()),
        float(np.sqrt((apart**2).mean())),
        float(np.abs(apart).mean()),
    )
