"""How many groups and by which method, and why not one more or one fewer."""

from collections.abc import Sequence

from carpel.stats.clusters.criteria import GIANT, Candidate

BLURRED = 0.75
"""Share of the best silhouette that a split must have."""
SIMPLER = 0.06
"""BIC a person that a method must bring more than the simplest that finds as many groups."""
ORDER = ("k_means", "mixture", "ward", "density")


def best(candidates: Sequence[Candidate]) -> Candidate | None:
    """The split that all criteria together speak for; None when none may be taken.

    Of those not refused, whose silhouette is at least three quarters of the best, the one with the
    largest gain of BIC; a simpler method with as many groups where that is as good.
    """
    clear = [each for each in candidates if not each.refused and not blurred(each, candidates)]
    if not clear:
        return None
    found = max(clear, key=lambda each: each.bic_gain)
    alike = [
        each
        for each in clear
        if each.groups == found.groups and each.bic_gain >= found.bic_gain - SIMPLER
    ]
    return min(alike, key=lambda each: ORDER.index(each.method))


def blurred(candidate: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Whether its groups run into each other much more than those of another split do."""
    return candidate.silhouette < BLURRED * _clearest(candidates) or candidate.silhouette <= 0


def _clearest(candidates: Sequence[Candidate]) -> float:
    """The best silhouette of those that may be taken, or that part off a few from a giant: what
    else is found there only cuts the giant up."""
    fit = [each.silhouette for each in candidates if not each.refused or each.largest > GIANT]
    return max(fit, default=0.0)


def reason(candidate: Candidate, chosen: Candidate | None, candidates: Sequence[Candidate]) -> str:
    """Why a candidate was taken, or why not, in one line."""
    if candidate is chosen:
        return f"taken: {_told(candidate)}"
    if candidate.refused:
        return "; ".join(candidate.refused)
    if blurred(candidate, candidates):
        most = _clearest(candidates)
        return f"groups run into each other: silhouette {candidate.silhouette:.2f}, best {most:.2f}"
    if chosen and candidate.bic_gain < chosen.bic_gain:
        return f"explains less: BIC gain {candidate.bic_gain:.2f} against {chosen.bic_gain:.2f}"
    if chosen is None:
        return "there is nothing to take"
    return "as good as the one taken, which is simpler"


def _told(each: Candidate) -> str:
    gap = "" if each.gap is None else f", gap {each.gap:.2f}"
    stable = "" if each.stability is None else f"{each.stability:.0%}"
    return (
        f"silhouette {each.silhouette:.2f}, BIC gain {each.bic_gain:.2f}{gap}, the least stable "
        f"group comes again to {stable}, the smallest has {each.smallest:,} people"
    )
