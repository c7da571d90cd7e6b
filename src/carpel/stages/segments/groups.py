"""Groups that were found, in words: a name by what sets each apart, and a rule."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from carpel.engine.query import query
from carpel.language import parse, plain, to_data
from carpel.specs import Clusters
from carpel.specs.places import group_name
from carpel.stages.base import Line
from carpel.stats.clusters import Condition, Discovery, Mark, Rule, Trait, marks, names, rule


def said(
    line: Line, spec: Clusters, traits: Sequence[Trait], found: Discovery, numbers: Any
) -> list[dict[str, Any]]:
    """What each group is called, and the rule that says nearly the same."""
    words = dict(line.engine.rows(query("SELECT trait, label FROM traits")))
    order = np.unique(numbers[numbers >= 0])
    dense = np.searchsorted(order, numbers)
    dense[numbers < 0] = -1
    called = names(marks(found.preparation, found.preparation.scaled(traits), dense))
    return [
        _group(spec, int(number), called[at], rule(traits, dense == at), words)
        | {"people": int((dense == at).sum())}
        for at, number in enumerate(order)
    ]


def _group(
    spec: Clusters, number: int, called: Sequence[Mark], found: Rule, words: Mapping[str, str]
) -> dict[str, Any]:
    node = (
        parse({"any": [{"all": [_clause(each) for each in way]} for way in found.ways]})
        if found.ways
        else None
    )
    place = group_name(number)
    return {
        "segmentation": spec.name,
        "place": place,
        "label": spec.labels.get(place) or _label(called, words) or f"Group {number + 1}",
        "rule": json.dumps(to_data(node), ensure_ascii=False) if node else None,
        "plain": plain(node, words) if node else None,
        "agreement": found.agreement,
        "precision": found.precision,
        "recall": found.recall,
    }


def _clause(each: Condition) -> dict[str, Any]:
    if each.levels:
        booleans = {"yes": True, "no": False}
        levels = list(each.levels)
        if set(levels) <= booleans.keys():
            return {"trait": each.trait, "is": booleans[levels[0]]}
        return {"trait": each.trait, "in": levels}
    bounds = [
        {"trait": each.trait, word: value}
        for word, value in (("at_least", each.low), ("less_than", each.high))
        if value is not None
    ]
    return bounds[0] if len(bounds) == 1 else {"all": bounds}


def _label(called: Sequence[Mark], words: Mapping[str, str]) -> str:
    """As “High spend, low visits”."""
    said = ", ".join(_word(each, words.get(each.trait) or each.trait) for each in called)
    return said[:1].upper() + said[1:]


def _word(mark: Mark, label: str) -> str:
    called = label[:1].lower() + label[1:]
    if mark.level:
        return f"{called} {mark.level}" if mark.effect > 0 else f"not {called} {mark.level}"
    return f"{'high' if mark.effect > 0 else 'low'} {called}"
