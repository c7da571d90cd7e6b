"""The files of a project: `carpel.yml`, and a folder for each kind of definition."""

from collections.abc import Mapping
from typing import Any

from carpel import specs

ROOT = "carpel.yml"
KINDS: Mapping[str, Any] = {
    "sources": specs.Source,
    "traits": specs.Trait,
    "segments": specs.Segment,
    "segmentations": specs.Segmentation,
    "predictions": specs.Prediction,
    "goals": specs.Goal,
    "checks": specs.Check,
    "personas": specs.Persona,
    "channels": specs.Channel,
    "coupons": specs.Coupon,
    "messages": specs.Message,
    "campaigns": specs.Campaign,
    "pages": specs.Page,
    "slots": specs.Slot,
    "metrics": specs.Metric,
    "experiments": specs.Experiment,
}
"""The folders of a project, and what the files in each say."""
