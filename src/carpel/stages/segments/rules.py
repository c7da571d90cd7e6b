"""Every rule whose members a build stores: the project's own segments, and each place."""

from collections.abc import Mapping
from typing import Any

from carpel.language import Node, SegmentationRef, references, to_data
from carpel.specs import Definitions
from carpel.specs.places import places
from carpel.store.files import digest


def rules(definitions: Definitions) -> dict[str, Node]:
    """By name: segments, and places of segmentations as `rfm.champions`."""
    named = {
        f"{name}.{place.name}": SegmentationRef(name, (place.name,))
        for name, spec in definitions.segmentations.items()
        for place in places(spec)
    }
    return {**{name: spec.rule for name, spec in definitions.segments.items()}, **named}


def fingerprints(definitions: Definitions) -> dict[str, str]:
    """By name: equal as long as what the rule says, through all it refers to, is the same."""
    known = rules(definitions)
    return {name: digest(_said(node, known, definitions)) for name, node in known.items()}


def _said(node: Node, known: Mapping[str, Node], definitions: Definitions) -> list[Any]:
    said: list[Any] = [to_data(node)]
    for each in references(node):
        if each.kind == "segment" and each.name in known:
            said.append(_said(known[each.name], known, definitions))
        elif each.kind == "segmentation":
            said.append(_unlabelled(definitions.segmentations[each.name].model_dump(mode="json")))
        elif each.kind == "trait" and each.name in definitions.traits:
            said.append(_unlabelled(definitions.traits[each.name].model_dump(mode="json")))
    return said


def _unlabelled(spec: dict[str, Any]) -> dict[str, Any]:
    """What a spec says without how it is called on a screen: a label moves nobody."""
    return {key: value for key, value in spec.items() if key not in ("label", "labels", "meaning")}
