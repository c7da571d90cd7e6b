"""Reading what people are and where they belong: traits, segments, places, permissions, samples."""

import math
import re
from typing import Any as Anything

from carpel.language import form
from carpel.language.form import WINDOW, Data
from carpel.language.mistakes import RuleError, at
from carpel.language.nodes import (
    Consent,
    Entered,
    Holiday,
    Left,
    Moved,
    Near,
    People,
    Sample,
    SegmentationRef,
    SegmentRef,
    Trait,
)
from carpel.language.operators import WORDS
from carpel.language.periods import period

_DISTANCE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(km|m|mi)\s*", re.IGNORECASE)
_KILOMETRES = {"km": 1.0, "m": 0.001, "mi": 1.609344}


def trait(data: Data) -> Trait:
    """`{trait: age, at_least: 30, missing: match}`."""
    form.only(data, ("trait", "missing", "fold", "zone", *WORDS))
    compared = form.compared(data)
    if compared is None:
        raise RuleError(
            "say how the trait compares, such as `at_least: 3` or `is: gold`", ("trait",)
        )
    return Trait(form.name(data, "trait"), compared, form.missing(data), form.zone(data))


def segment(data: Data) -> SegmentRef:
    """`{segment: vip}`, `{segment: vip, for: 30 days}`."""
    form.only(data, ("segment", "for"))
    if data.get("for") is None:
        return SegmentRef(form.name(data, "segment"))
    return SegmentRef(form.name(data, "segment"), form.required_period(data, "for"))


def entered(data: Data) -> Entered:
    """`{entered: vip, within: 7 days}`."""
    form.only(data, ("entered", *WINDOW))
    return Entered(form.name(data, "entered"), form.window(data))


def left(data: Data) -> Left:
    """`{left: vip, within: 7 days}`."""
    form.only(data, ("left", *WINDOW))
    return Left(form.name(data, "left"), form.window(data))


def moved(data: Data) -> Moved:
    """`{moved: lifecycle, from: active, to: [slipping, lost], within: 30 days}`."""
    form.only(data, ("moved", "from", "to", *WINDOW))
    before, now = form.several(data, "from"), form.several(data, "to")
    return Moved(form.name(data, "moved"), before, now, form.window(data))


def segmentation(data: Data) -> SegmentationRef:
    """`{segmentation: loyalty_tier, in: [gold, platinum]}`."""
    form.only(data, ("segmentation", "in", "is"))
    places = data.get("in", data.get("is"))
    listed = tuple(places) if isinstance(places, list | tuple) else (places,)
    if not listed or not all(isinstance(place, str) for place in listed):
        raise RuleError(
            "say which places of the segmentation, such as `in: [gold, platinum]`",
            ("segmentation",),
        )
    return SegmentationRef(form.name(data, "segmentation"), listed)


def consent(data: Data) -> Consent:
    """`{consent: email, purpose: marketing}`."""
    form.only(data, ("consent", "purpose"))
    purpose = form.name(data, "purpose") if "purpose" in data else "marketing"
    return Consent(form.name(data, "consent"), purpose)


def sample(data: Data) -> Sample:
    """`{sample: 10%, salt: spring, from: 10%}`."""
    form.only(data, ("sample", "salt", "from"))
    with at("sample"):
        share = form.share(data["sample"])
    with at("from"):
        start = form.share(data.get("from", 0))
    if start + share > 1 + 1e-9:
        raise RuleError("the sample ends beyond 100%", ("from",))
    if not isinstance(data.get("salt"), str) or not data["salt"]:
        raise RuleError("say a `salt`: any word, for the same people each time", ("sample",))
    return Sample(share, data["salt"], start)


def near(data: Data) -> Near:
    """`{near: [52.52, 13.40], within: 10 km}`: degrees north and east."""
    form.only(data, ("near", "within"))
    point = data["near"]
    if not isinstance(point, list | tuple) or len(point) != 2:
        raise RuleError("`near` expects a point such as [52.52, 13.40]", ("near",))
    north, east = (_degrees(each, most) for each, most in zip(point, (90, 180), strict=True))
    match = _DISTANCE.fullmatch(str(data.get("within", "")))
    if not match:
        raise RuleError("say how near, such as `within: 10 km`", ("within",) * ("within" in data))
    return Near(north, east, float(match[1]) * _KILOMETRES[match[2].lower()])


def _degrees(said: Anything, most: int) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float) or not math.isfinite(said):
        raise RuleError(f"{said!r} is no number of degrees", ("near",))
    if abs(said) > most:
        raise RuleError(f"{said} degrees lie beyond {most}", ("near",))
    return float(said)


def holiday(data: Data) -> Holiday:
    """`{holiday: any, within: 14 days}`, `{holiday: Easter Monday, within: 1 week}`."""
    form.only(data, ("holiday", "within"))
    name = form.name(data, "holiday")
    with at("within"):
        within = period(data.get("within"))
    return Holiday(within, "" if name == "any" else name)


def people(data: Data) -> People:
    """`{people: [3, 14, 15]}`: keys of customers."""
    form.only(data, ["people"])
    keys = data["people"]
    if not isinstance(keys, list | tuple) or not all(type(key) is int and key >= 0 for key in keys):
        raise RuleError("`people` expects a list of customer keys", ("people",))
    return People(tuple(keys))
