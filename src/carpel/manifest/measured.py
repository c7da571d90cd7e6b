"""What metrics, experiments and guardrails name that is nowhere."""

from collections.abc import Collection, Iterator

from carpel.errors import Problem, suggestion
from carpel.language.references import Reference
from carpel.manifest.astray import astray
from carpel.manifest.kinds import ROOT
from carpel.manifest.vocabulary import Vocabulary
from carpel.manifest.yaml import Places, Written, place_of
from carpel.specs import Definitions, Experiment, RatioMetric
from carpel.specs.metric import Metric, TraitMetric, built_in

Path = tuple[str | int, ...]


def measuring_problems(
    definitions: Definitions, written: Places, known: Vocabulary
) -> Iterator[Problem]:
    """Names that lead nowhere, and metrics called as one that is there without a file."""
    given = built_in(definitions.project.revenue)
    metrics = {*given, *definitions.metrics}
    for name, metric in definitions.metrics.items():
        place = place_of(written, "metrics", name)
        if name in given:
            action = "Give it another name, for its file too."
            yield Problem(f"there is a metric {name!r} already", place.file, None, action)
        yield from _metric(metric, definitions, metrics, known, place)
    for name, experiment in definitions.experiments.items():
        place = place_of(written, "experiments", name)
        yield from _experiment(experiment, definitions, known, place)
        for word in ("metrics", "guardrails"):
            yield from _unknown(getattr(experiment, word), metrics, (word,), place)
    holdout = definitions.project.holdout
    if holdout is not None and holdout.metric is not None:
        path = ("holdout", "metric")
        yield from _unknown([holdout.metric], metrics, path, Written(ROOT), listed=False)
    tests = {*definitions.experiments, *definitions.campaigns}
    for name, prediction in definitions.predictions.items():
        said = getattr(prediction, "experiment", None)
        if said and said not in tests:
            place = place_of(written, "predictions", name)
            near = suggestion(said, tests) or "Name a campaign, or a file of experiments."
            line = place.line(("experiment",))
            yield Problem(f"there is no experiment {said!r}", place.file, line, near)
    for name, campaign in definitions.campaigns.items():
        place = place_of(written, "campaigns", name)
        yield from _unknown(campaign.guardrails, metrics, ("guardrails",), place)


def _metric(
    metric: Metric,
    definitions: Definitions,
    metrics: Collection[str],
    known: Vocabulary,
    place: Written,
) -> Iterator[Problem]:
    for kind in ("event", "trait"):
        if said := getattr(metric, kind, None):
            yield from astray(Reference(kind, said, (kind,)), known, place)
    if isinstance(metric, RatioMetric):
        for word in ("of", "per"):
            said = getattr(metric, word)
            yield from _unknown([said], metrics, (word,), place, listed=False)
            if isinstance(definitions.metrics.get(said), RatioMetric):
                again = f"{word}: {said!r} is a ratio itself"
                yield Problem(again, place.file, place.line((word,)), "Name a mean or a share.")


def _experiment(
    experiment: Experiment, definitions: Definitions, known: Vocabulary, place: Written
) -> Iterator[Problem]:
    of = "arms" if experiment.arms else "places"
    for kind in ("event", "trait"):
        if said := getattr(experiment.arms or experiment.places, kind, None):
            yield from astray(Reference(kind, said, (of, kind)), known, place)
    if experiment.places:
        yield from _timeless(experiment, definitions, place)
    for at, each in enumerate(experiment.segments):
        if each not in definitions.segmentations:
            yield from astray(Reference("segment", each, ("segments", at)), known, place)


def _timeless(
    experiment: Experiment, definitions: Definitions, place: Written
) -> Iterator[Problem]:
    """Metrics of a test of places that nobody can count before and after it."""
    for word in ("metrics", "guardrails"):
        for at, name in enumerate(getattr(experiment, word)):
            if isinstance(definitions.metrics.get(name), TraitMetric):
                said = f"{name} is an attribute: of places, what people do is counted over time"
                line = place.line((word, at))
                yield Problem(said, place.file, line, "Name a metric of an event.")


def _unknown(
    named: Collection[str],
    metrics: Collection[str],
    path: Path,
    place: Written,
    *,
    listed: bool = True,
) -> Iterator[Problem]:
    for at, each in enumerate(named):
        if each not in metrics:
            line = place.line((*path, at) if listed else path)
            near = suggestion(each, metrics) or f"There are: {', '.join(sorted(metrics))}."
            yield Problem(f"there is no metric {each!r}", place.file, line, near)
