"""What a file is: the kind under which its columns make most sense."""

from collections.abc import Mapping
from dataclasses import dataclass

from carpel.inference.candidates import candidates
from carpel.inference.holding import ROLES, holds
from carpel.inference.kind import Kind
from carpel.inference.kinds import KINDS
from carpel.inference.reading import LEAST, Reading, readings, spread
from carpel.inference.roles import GENERIC
from carpel.inference.sample import Sample
from carpel.inference.words import concepts

NAME_BONUS = 0.2
REPEATED = 0.3
"""What a kind loses when what should stand on one row stands on several, or the reverse."""
BARE = 0.5
"""What a bare `id` or `name` supports a kind with: it is that of whatever the file is about."""


@dataclass(frozen=True)
class Verdict:
    """The kind a file is taken for, how sure that is, why, and its columns read so."""

    kind: Kind
    confidence: float
    reason: str
    readings: Mapping[str, Reading]


def verdict(sample: Sample) -> Verdict:
    """Read the file as every kind there is and keep the one that explains it best."""
    told = _told(sample)
    tried = [_as(kind, sample, told) for kind in KINDS.values()]
    ranked = sorted(tried, key=lambda each: -each.confidence)
    best, second = ranked[0], ranked[1]
    margin = min(1.0, 0.5 + best.confidence - second.confidence)
    sure = round(min(0.99, 0.5 + 0.5 * min(1.0, best.confidence) * margin), 2)
    return Verdict(best.kind, sure, best.reason, best.readings)


def _told(sample: Sample) -> dict[str, float]:
    """What columns are first taken for while nothing is known of the file: role and score.

    A bare `id` or `description` says nothing of what the file is.
    """
    best = [
        offers[0] for look in sample.looks if not _bare(look.name) and (offers := candidates(look))
    ]
    return {each.role.name: each.score for each in reversed(best) if each.score >= LEAST}


def _bare(name: str) -> bool:
    return GENERIC.issuperset(concepts(name))


def _as(kind: Kind, sample: Sample, told: Mapping[str, float]) -> Verdict:
    read = _read(kind, sample)
    have = spread(read)
    if not _meets(kind, have):
        return Verdict(kind, 0.0, "", read)
    score = kind.base + sum(
        weight * have[role].confidence * (BARE if _bare(have[role].column) else 1.0)
        for role, weight in kind.likes.items()
        if role in have
    )
    score -= _against(kind, told, have)
    named = kind.words & set(concepts(sample.path.stem))
    score += NAME_BONUS * bool(named) - _repeated(kind, sample, have)
    shown = [role for role in kind.likes if role in have][:4]
    reason = kind.meaning + (f": it has {', '.join(shown).replace('_', ' ')}" if shown else "")
    return Verdict(kind, max(score, 0.01), reason, read)


def _read(kind: Kind, sample: Sample) -> Mapping[str, Reading]:
    """The columns as such a file's; as those of people and contracts where both are there."""
    if kind.may_hold:
        both = readings(sample.looks, kind.holding())
        if holds(spread(both)):
            return both
    return readings(sample.looks, kind)


def _meets(kind: Kind, have: Mapping[str, Reading]) -> bool:
    """Whether one role of each that the kind needs is there."""
    return all(
        any(have[role].confidence for role in need if role in have) for need in kind.needs if need
    )


def _against(kind: Kind, told: Mapping[str, float], have: Mapping[str, Reading]) -> float:
    """What speaks against the kind; contracts do not where people's contracts are read too."""
    weights = {**told, **{role: each.confidence for role, each in have.items()}}
    excused = ROLES if kind.may_hold and holds(have) else frozenset()
    return sum(
        weight * weights.get(role, 0)
        for role, weight in kind.dislikes.items()
        if role not in excused
    )


def _repeated(kind: Kind, sample: Sample, have: Mapping[str, Reading]) -> float:
    keys = [sample.look(have[role].column) for role in kind.one_row if role in have]
    if not keys or any(each.distinct > 0.97 * each.filled for each in keys):
        return 0.0
    return REPEATED
