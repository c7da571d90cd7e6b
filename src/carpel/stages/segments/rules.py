"""Every rule whose members a build stores: the project's own segments, and each place."""

from collections.abc import Mapping
from typing import Any

from carpel.language import Node, SegmentationRef, references, to_data
from carpel.specs import Definitions
from carpel.specs.places import places
from carpel.store.files import digest


def rules(definitions: Definitions) -> dict[str, Node]:
    """By name: segments of people, and places of segmentations as `rfm.champions`."""
    named = {
        f"{name}.{place.name}": SegmentationRef(name, (place.name,))
        for name, spec in definitions.segmentations.items()
        for place in places(spec)
    }
    people = {n: spec.rule for n, spec in definitions.segments.items() if spec.unit == "customer"}
    return {**people, **named}


def account_rules(definitions: Definitions) -> dict[str, Node]:
    """By name: segments whose unit is an account."""
    return {n: spec.rule for n, spec in definitions.segments.items() if spec.unit == "account"}


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


def origins(definitions: Definitions) -> dict[str, str]:
    """What rules rest on that only a run computes anew: sets of segments and traits of one's own.

    By name, such as `segmentation rfm`; the digest is equal as long as they say the same.
    """
    return {
        f"{kind} {name}": digest(_unlabelled(spec.model_dump(mode="json")))
        for kind, specs in (
            ("segmentation", definitions.segmentations),
            ("trait", definitions.traits),
        )
        for name, spec in specs.items()
    }


def rests_on(node: Node, definitions: Definitions) -> set[str]:
    """The origins that a rule refers to, itself or through segments."""
    known, found = rules(definitions), set[str]()
    waiting, seen = [node], set[str]()
    while waiting:
        for each in references(waiting.pop()):
            if each.kind in ("segmentation", "trait"):
                found.add(f"{each.kind} {each.name}")
            elif each.kind == "segment" and each.name in known and each.name not in seen:
                seen.add(each.name)
                waiting.append(known[each.name])
    return found & origins(definitions).keys()


def _unlabelled(spec: dict[str, Any]) -> dict[str, Any]:
    """What a spec says without how it is called on a screen: a label moves nobody."""
    return {key: value for key, value in spec.items() if key not in ("label", "labels", "meaning")}
