"""Which rules can be made ready for one person at a time, and of what kind their clauses are."""

from collections.abc import Iterable, Mapping
from typing import Literal

from carpel.errors import CarpelError
from carpel.evaluation.atoms import Atoms
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import kind_of
from carpel.evaluation.counting.kept import Kept
from carpel.evaluation.counting.readings import is_tally
from carpel.evaluation.counting.steps import when_done
from carpel.evaluation.counting.verdicts import TEMPORAL
from carpel.evaluation.leaves import all_leaves, leaves
from carpel.evaluation.measures import Tally
from carpel.language import (
    Calendar,
    Comparison,
    Consent,
    Did,
    Doing,
    Holiday,
    Near,
    Node,
    People,
    Period,
    Sample,
    SegmentationRef,
    SegmentRef,
    Sequence,
    Trait,
    core,
    segment_names,
)

Kind = Literal["stored", "dated", "counted", "steps"]


def ready(
    rules: Mapping[str, Node], evaluated: Mapping[str, Node], atoms: Atoms, kept: Kept
) -> dict[str, Node]:
    """Those rules, as they are evaluated, that one person's own rows decide at any moment.

    `evaluated` are the same rules, and others that they may name, in core nodes and grounded.
    Segments that are none of these are known already.
    """
    able: dict[str, bool] = {}
    for name, rule in evaluated.items():
        still = not any(isinstance(each, Holiday) for each in all_leaves(core(rules[name])))
        able[name] = still and _decidable(rule, atoms, kept)
    waiting = True
    while waiting:
        waiting = False
        for name, rule in evaluated.items():
            if able[name] and not all(able.get(each, True) for each in segment_names(rule)):
                able[name], waiting = False, True
    return {name: rule for name, rule in evaluated.items() if able[name]}


def _decidable(rule: Node, atoms: Atoms, kept: Kept) -> bool:
    plain = {plainly_said(each) for each in all_leaves(rule)}
    try:
        return all(plain) and all(kind_of_leaf(each, atoms, kept) for each in leaves(rule))
    except CarpelError:
        return False


def plainly_said(leaf: Node) -> bool:
    """Whether a clause is decided by rows, or is a set that is known."""
    known = isinstance(leaf, People) or (isinstance(leaf, SegmentRef) and leaf.since is None)
    return known or isinstance(
        leaf, SegmentationRef | Consent | Sample | Near | Trait | Did | Sequence
    )


def kind_of_leaf(leaf: Node, atoms: Atoms, kept: Kept) -> Kind | None:
    """How a clause is decided of one person; None when it can't be made ready."""
    match leaf:
        case SegmentationRef() | Consent() | Sample() | Near():
            return "stored"
        case Trait(trait, comparison):
            return _of_trait(trait, comparison, atoms.catalogue)
        case Did(_, where, comparison=comparison) if leaf.since is None:
            still = not any(map(moves, (comparison, *where.values())))
            atom = atoms.of(leaf)
            counted = is_tally(atom) and isinstance(atom.measure, Tally)
            return "counted" if still and counted and kept.keeps(atom) else None
        case Sequence():
            still = not any(moves(each) for one in _doings(leaf) for each in one.where.values())
            when = when_done([atoms.of(leaf)], atoms.catalogue)
            return "steps" if still and all(map(kept.keeps, when)) else None
    return None


def _of_trait(trait: str, comparison: Comparison, catalogue: Catalogue) -> Kind | None:
    kind, home, text = catalogue.traits[trait]
    if ":as_of" in text:
        return None
    if not moves(comparison):
        return "stored"
    own = catalogue.columns(home).get(text)
    dated = kind in ("date", "instant") and own is not None and kind_of(own) == kind
    return "dated" if dated and comparison.operator in TEMPORAL else None


def _doings(node: Sequence) -> Iterable[Doing]:
    return (each for step in node.steps for each in (step.doing, *step.without))


def moves(comparison: Comparison) -> bool:
    """Whether what a comparison says hangs on the moment."""
    inner = isinstance(comparison.value, Comparison) and moves(comparison.value)
    return inner or isinstance(comparison.value, Period | Calendar)
