"""The vocabulary of a project: which names there are to refer to, by kind."""

from collections.abc import Collection, Mapping

from carpel.manifest.yaml import Broken
from carpel.specs import Definitions
from carpel.specs.places import places
from carpel.specs.prediction import predicted
from carpel.specs.trait import origins

Vocabulary = Mapping[tuple[str, str], Collection[str]]
FIGURES = ("total", "mean", "most", "least")
"""How the names of figures over the people of an account begin."""
FILES = (("message", "messages"), ("channel file", "channels"), ("coupon", "coupons"))
"""Kinds that only campaigns refer to, and the folders of their files."""
DERIVED = {"order_completed": "product_purchased"}
"""Events that come from another without being written by a source."""


def vocabulary(
    definitions: Definitions, traits: Collection[str], broken: Broken = frozenset()
) -> Vocabulary:
    """The names a rule may use, by kind of reference and, for a place, its segmentation.

    A kind is left out where nobody can tell which names it has.
    """
    known = {
        (kind, ""): {*getattr(definitions, f"{kind}s"), *_named(broken, f"{kind}s")}
        for kind in ("segment", "segmentation", "source")
    }
    of_accounts = {n for n, each in definitions.segments.items() if each.unit == "account"}
    for kind, folder in FILES:
        known[kind, ""] = {*getattr(definitions, folder), *_named(broken, folder)}
    known["segment", ""] -= of_accounts
    known["account segment", ""] = of_accounts | _named(broken, "segments")
    known |= {
        ("place", name): {place.name for place in places(each)}
        for name, each in definitions.segmentations.items()
    }
    if _named(broken, "sources"):
        return known
    known["event", ""] = _events(definitions)
    known["trait", ""] = _traits(definitions) | _named(broken, "traits") | set(traits)
    known["account trait", ""] = _account_traits(definitions, known["trait", ""])
    channels = _channels(definitions)
    return known if channels is None else {**known, ("channel", ""): channels}


def _named(broken: Broken, folder: str) -> set[str]:
    return {name for kind, name in broken if kind == folder}


def _events(definitions: Definitions) -> set[str]:
    sources = definitions.sources.values()
    events = {track.event for source in sources for track in source.track}
    events |= {derived for derived, origin in DERIVED.items() if origin in events}
    return events | ({"trait_changed"} if any(each.mode != "append" for each in sources) else set())


def _traits(definitions: Definitions) -> set[str]:
    sources = definitions.sources.values()
    own = {trait for source in sources for trait in (*source.traits, *source.identifiers)}
    own |= {trait for source in sources if source.account for trait in source.account.traits}
    own |= {trait for each in definitions.predictions.values() for trait in predicted(each)}
    return own | set(origins(definitions.traits))


def _account_traits(definitions: Definitions, traits: Collection[str]) -> set[str]:
    """Facts about accounts: what sources state of them, and figures over traits of their people."""
    accounts = [each.account for each in definitions.sources.values() if each.account]
    stated = {trait for account in accounts for trait in account.traits}
    over = {f"{word}_{trait}" for word in FIGURES for trait in traits}
    return {"people", "seats_used", "name"} | stated | over


def _channels(definitions: Definitions) -> set[str] | None:
    """The channels that sources name; None where one reads them from a column as it finds them."""
    found: set[str] = set()
    permits = [each for source in definitions.sources.values() for each in source.permit]
    for channel in (each.channel for each in permits):
        if channel.constant is None and not channel.values:
            return None
        found |= {str(each) for each in (channel.constant, *channel.values.values()) if each}
    return found if permits else None
