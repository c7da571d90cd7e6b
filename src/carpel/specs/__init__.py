"""What people write, one frozen model a kind: no SQL, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from carpel.specs.access import Access
from carpel.specs.ads import AudienceExport
from carpel.specs.campaign import Campaign
from carpel.specs.campaign_parts import (
    CampaignGoal,
    Cap,
    Instead,
    QuietHours,
    Schedule,
    UnitCosts,
    Variant,
)
from carpel.specs.channel import Bounces, Channel, Dkim, Smtp, WarmUp, YourSender
from carpel.specs.check import Check
from carpel.specs.column import Column
from carpel.specs.coupon import Coupon, Generated
from carpel.specs.experiment import Arms, Experiment, PlaceTest
from carpel.specs.format import Format
from carpel.specs.goal import Goal
from carpel.specs.job import Job
from carpel.specs.message import Message
from carpel.specs.metric import MeanMetric, Metric, RatioMetric, ShareMetric, TraitMetric
from carpel.specs.offer import Offer
from carpel.specs.page import Page, Preferences, Survey
from carpel.specs.persona import Persona
from carpel.specs.plugin import Plugin
from carpel.specs.prediction import (
    BuyingPrediction,
    EventPrediction,
    IdealPrediction,
    LookalikePrediction,
    Prediction,
    RenewalPrediction,
    UpliftPrediction,
)
from carpel.specs.project import Builds, Identity, Project, Revenue
from carpel.specs.recommend import Recommend
from carpel.specs.segment import Segment
from carpel.specs.segmentation import (
    Clusters,
    Lifecycle,
    Rfm,
    RfmGroup,
    Segmentation,
    Tier,
    Tiers,
)
from carpel.specs.senders import Speaking
from carpel.specs.slot import ContentVariant, Slot, SlotRule
from carpel.specs.source import Cost, Hold, Join, Permit, Place, Source, Track
from carpel.specs.task import Task
from carpel.specs.trait import (
    AffinityTrait,
    AggregateTrait,
    ExpressionTrait,
    FactorsTrait,
    ScaleTrait,
    SeasonalTrait,
    Trait,
)
from carpel.specs.trigger import Step, Trigger
from carpel.specs.webhook import Hook, Webhook

__all__ = [
    "Access",
    "AffinityTrait",
    "AggregateTrait",
    "Arms",
    "AudienceExport",
    "Bounces",
    "Builds",
    "BuyingPrediction",
    "Campaign",
    "CampaignGoal",
    "Cap",
    "Channel",
    "Check",
    "Clusters",
    "Column",
    "ContentVariant",
    "Cost",
    "Coupon",
    "Definitions",
    "Dkim",
    "EventPrediction",
    "Experiment",
    "ExpressionTrait",
    "FactorsTrait",
    "Format",
    "Generated",
    "Goal",
    "Hold",
    "Hook",
    "IdealPrediction",
    "Identity",
    "Instead",
    "Job",
    "Join",
    "Lifecycle",
    "LookalikePrediction",
    "MeanMetric",
    "Message",
    "Metric",
    "Offer",
    "Page",
    "Permit",
    "Persona",
    "Place",
    "PlaceTest",
    "Plugin",
    "Prediction",
    "Preferences",
    "Project",
    "QuietHours",
    "RatioMetric",
    "Recommend",
    "RenewalPrediction",
    "Revenue",
    "Rfm",
    "RfmGroup",
    "ScaleTrait",
    "Schedule",
    "SeasonalTrait",
    "Segment",
    "Segmentation",
    "ShareMetric",
    "Slot",
    "SlotRule",
    "Smtp",
    "Source",
    "Speaking",
    "Step",
    "Survey",
    "Task",
    "Tier",
    "Tiers",
    "Track",
    "Trait",
    "TraitMetric",
    "Trigger",
    "UnitCosts",
    "UpliftPrediction",
    "Variant",
    "WarmUp",
    "Webhook",
    "YourSender",
]


@dataclass(frozen=True)
class Definitions:
    """Everything a project says, by kind and name; what a build is made from."""

    project: Project
    sources: Mapping[str, Source] = field(default_factory=dict)
    traits: Mapping[str, Trait] = field(default_factory=dict)
    segments: Mapping[str, Segment] = field(default_factory=dict)
    segmentations: Mapping[str, Segmentation] = field(default_factory=dict)
    predictions: Mapping[str, Prediction] = field(default_factory=dict)
    goals: Mapping[str, Goal] = field(default_factory=dict)
    checks: Mapping[str, Check] = field(default_factory=dict)
    personas: Mapping[str, Persona] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    coupons: Mapping[str, Coupon] = field(default_factory=dict)
    messages: Mapping[str, Message] = field(default_factory=dict)
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
    pages: Mapping[str, Page] = field(default_factory=dict)
    slots: Mapping[str, Slot] = field(default_factory=dict)
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    experiments: Mapping[str, Experiment] = field(default_factory=dict)

    @property
    def account_words(self) -> tuple[str, str]:
        """What one account and many are called: households where every source that has any says
        so, else companies."""
        kinds = [source.account.is_household for source in self.sources.values() if source.account]
        return ("household", "households") if kinds and all(kinds) else ("company", "companies")
