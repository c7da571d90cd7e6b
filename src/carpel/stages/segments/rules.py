"""Every rule whose members a build stores: the project's own segments, and each place."""

from collections.abc import Mapping
from typing import Any

from carpel.evaluation.units import OVER_PEOPLE
from carpel.language import Node, Reference, SegmentationRef, references, to_data
from carpel.specs import Definitions
from carpel.specs.places import places
from carpel.specs.trait import origins as own_traits
from carpel.store.files import digest

SEGMENTS = ("segment", "account segment")
"""Kinds of references that name a segment."""


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
    return _digests(rules(definitions), definitions)


def account_fingerprints(definitions: Definitions) -> dict[str, str]:
    """The same of segments whose unit is an account."""
    return _digests(account_rules(definitions), definitions)


def _digests(asked: Mapping[str, Node], definitions: Definitions) -> dict[str, str]:
    known = {**rules(definitions), **account_rules(definitions)}
    return {name: digest(_said(node, known, definitions)) for name, node in asked.items()}


def _said(node: Node, known: Mapping[str, Node], definitions: Definitions) -> list[Any]:
    said: list[Any] = [to_data(node)]
    for each in references(node):
        if each.kind in SEGMENTS and each.name in known:
            said.append(_said(known[each.name], known, definitions))
        elif each.kind == "segmentation":
            said.append(_unlabelled(definitions.segmentations[each.name].model_dump(mode="json")))
        elif own := _own_trait(each, definitions):
            said.append(_unlabelled(definitions.traits[own].model_dump(mode="json")))
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
    known, found = {**rules(definitions), **account_rules(definitions)}, set[str]()
    waiting, seen = [node], set[str]()
    while waiting:
        for each in references(waiting.pop()):
            if each.kind == "segmentation":
                found.add(f"segmentation {each.name}")
            elif own := _own_trait(each, definitions):
                found.add(f"trait {own}")
            elif each.kind in SEGMENTS and each.name in known and each.name not in seen:
                seen.add(each.name)
                waiting.append(known[each.name])
    return found & origins(definitions).keys()


def _own_trait(reference: Reference, definitions: Definitions) -> str | None:
    """The file of the project's own trait that is named, of people or as a figure over them."""
    name = reference.name
    if reference.kind == "account trait" and name.partition("_")[0] in OVER_PEOPLE:
        name = name.partition("_")[2]
    return own_traits(definitions.traits).get(name) if "trait" in reference.kind else None


def _unlabelled(spec: dict[str, Any]) -> dict[str, Any]:
    """What a spec says without how it is called on a screen: a label moves nobody."""
    return {key: value for key, value in spec.items() if key not in ("label", "labels", "meaning")}
