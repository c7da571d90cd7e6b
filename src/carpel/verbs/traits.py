"""One trait as it is listed, and what it stands on where it was made of a survey's answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from carpel.engine.query import query, table
from carpel.errors import NotFound
from carpel.specs.trait import origins
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class TraitPage:
    """A trait; of one made of a survey the card of its scale and the items, see `scales`.

    Where a file makes several traits, each is in `traits`, and its items in `items`.
    """

    trait: str
    label: str
    traits: Rows
    scale: Mapping[str, Any] | None = None
    items: Rows = field(default_factory=list)


def show_trait(session: Session, name: str) -> TraitPage:
    """A trait of the current build, or all that one file in `traits/` makes; raises NotFound."""
    with reading(session) as reader:
        listed = {row["trait"]: row for row in reader.dicts(query("SELECT * FROM traits"))}
        scales = {row["scale"]: row for row in _rows(reader, "scales")}
        if name not in listed and name not in scales:
            raise NotFound("trait", name, [*listed, *scales])
        whole = origins(reader.definitions.traits).get(name, name)
        items = [each for each in _rows(reader, "scale_items") if each["scale"] == whole]
        if name in listed:
            made = [listed[name]]
            items = [each for each in items if each["trait"] in (name, None)]
        else:
            names = dict.fromkeys(each["trait"] for each in items)
            made = [listed[each] for each in names if each in listed]
        label = listed[name]["label"] if name in listed else name.replace("_", " ").capitalize()
        labels = reader.labels
        told = [{**each, "label": labels.get(each["item"]) or each["item"]} for each in items]
        return TraitPage(name, label, made, scales.get(whole), told)


def refused_scales(reader: Reader) -> list[str]:
    """Scales that were asked for and are not made, each with the reason."""
    rows = _rows(reader, "scales")
    return [f"no scale {row['scale']}: {row['reason']}" for row in rows if not row["used"]]


def _rows(reader: Reader, name: str) -> Rows:
    if name not in reader.build.tables():
        return []
    return reader.dicts(query("SELECT * FROM :it", it=table(name)))
