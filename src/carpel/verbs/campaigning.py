"""What can be done with campaigns: one short method a verb."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carpel.errors import CarpelError
from carpel.specs.words import counted
from carpel.verbs.questions import Questions

if TYPE_CHECKING:
    from carpel.campaigns.plan import Plan
    from carpel.measuring.budget import Budget
    from carpel.measuring.offers import NextOffer
    from carpel.measuring.results import Result
    from carpel.reports.caused import Caused
    from carpel.store.campaigns import State
    from carpel.verbs.bounces import Returns
    from carpel.verbs.brief import Brief, Team
    from carpel.verbs.campaign_deeds import Approval, Sending
    from carpel.verbs.campaign_pages import CampaignPage, CampaignReasons
    from carpel.verbs.campaign_previews import Previews
    from carpel.verbs.channel_checks import ChannelCheck
    from carpel.verbs.codes import Printed
    from carpel.verbs.coupons import Loaded
    from carpel.verbs.designed import Design
    from carpel.verbs.engagement import Engagement
    from carpel.verbs.place_designed import PlaceDesign
    from carpel.verbs.placements import Placement
    from carpel.verbs.segmenting import Segmenting


class Campaigning(Questions):
    """Campaigns of a project: planned, approved, tried, sent and looked at."""

    def verdicts(self) -> "list[Caused]":
        """What every campaign and other experiment caused, those that did harm first."""
        from carpel.verbs import verdict

        with self._audited("verdicts"):
            return verdict.verdicts(self.session)

    def verdict(self, name: str, *, to: str | Path | None = None) -> "Caused":
        """What one of them caused, for whom and how surely; as a page in a file for `to`."""
        from carpel.verbs import verdict

        with self._audited("verdict", experiment=name, to=Path(to).name if to else None):
            return verdict.verdict(self.session, name, Path(to) if to else None)

    def design(self, segment: str, metric: str, **said: Any) -> "Design":
        """What a test could show before there is a campaign; see `carpel.verbs.design.Asked`."""
        from carpel.verbs import design

        with self._audited("design", segment=segment, metric=metric):
            return design.design(self.session, design.Asked(segment, metric, **said))

    def design_places(self, trait: str, metric: str, **said: Any) -> "PlaceDesign":
        """Pairs of places for a flyer; see `carpel.verbs.place_design.Wanted`."""
        from carpel.verbs import place_design

        with self._audited("design_places", trait=trait, metric=metric, write=said.get("write")):
            wanted = place_design.Wanted(trait, metric, **said)
            return place_design.design_places(self.session, wanted)

    def offers(self, segment: str | None = None) -> "list[NextOffer]":
        """Which offer earns most by past tests: for everybody and each segment, or for one."""
        from carpel.verbs import offers

        with self._audited("offers", segment=segment):
            return offers.offers(self.session, segment)

    def results(self, campaign: str | None = None, *, by: str | None = None) -> "list[Result]":
        """What campaigns came to: rates, money, what is credited beside what was caused.

        Of one or all that have begun, for everybody and `by` a set of segments or a segment.
        """
        from carpel.verbs import results

        with self._audited("results", campaign=campaign, by=by):
            return results.results(self.session, campaign, by)

    def budget(self) -> "Budget":
        """Where the next money goes: what each unit brought, by campaign and segment."""
        from carpel.verbs import budget

        with self._audited("budget"):
            return budget.budget(self.session)

    def design_segmenting(
        self, segment: str, metric: str, *, segmentation: str, campaign: str, **said: Any
    ) -> "Segmenting":
        """Write a campaign that asks whether segmenting pays, to be filled in; never over a file.

        `said` as for `design`; see `carpel.verbs.segmenting`.
        """
        from carpel.verbs import design, segmenting

        asked = design.Asked(segment, metric, **{**said, "versions": 2})
        with self._audited("design --does-segmenting-pay", segment=segment, campaign=campaign):
            return segmenting.segmenting(self.session, asked, segmentation, campaign)

    def plan(self, campaign: str) -> "Plan":
        """Reach, what it could show, days, costs, overlaps and warnings; nothing leaves."""
        from carpel.verbs import campaign_deeds

        with self._audited("plan", campaign=campaign):
            return campaign_deeds.plan(self.session, campaign)

    def approve(self, campaign: str) -> "Approval":
        """Freeze the audience with its comparison group; raises Refused for who may not."""
        from carpel.verbs import campaign_regions

        with self._audited("approve", campaign=campaign):
            return campaign_regions.approve(self.session, campaign)

    def preview_message(
        self, campaign: str, people: int = 3, *, everybody: bool = False
    ) -> "Previews":
        """What people would read; with `everybody` a dry run that writes every message."""
        from carpel.verbs import campaign_regions

        with self._audited("preview-message", campaign=campaign, everybody=everybody or None):
            return campaign_regions.previews(self.session, campaign, people, everybody=everybody)

    def send(
        self, campaign: str, *, to: str | Path | None = None, limit: int | None = None
    ) -> "Sending":
        """Contact everybody who is still to be contacted now, nobody twice.

        `to` is the folder for files of a tool of one's own. Raises Refused and ChannelError.
        """
        from carpel.verbs import campaign_deeds, campaign_regions

        named = Path(to) if to else None
        part = campaign_regions.parts(self.session, campaign)[0]
        place = named or campaign_deeds.exports(self.session, part)
        with self._audited("send", campaign=campaign, to=place and place.name, limit=limit):
            return campaign_regions.leave(self.session, campaign, named, limit)

    def send_each(self, campaigns: Sequence[str]) -> str:
        """Send several, each as far as it is due; how many messages left, in words.

        One that may not leave holds up no other: CarpelError names them when all were tried.
        """
        sent, refused = 0, []
        for name in campaigns:
            try:
                sent += self.send(name).sent
            except CarpelError as error:
                refused.append(error.message)
        told = counted(sent, "message")
        if refused:
            raise CarpelError(f"{told} sent. {' '.join(refused)}")
        return f"{told} sent"

    def test_send(self, campaign: str) -> "Sending":
        """Send every version to the channel's seed list; nobody else gets anything."""
        from carpel.verbs import campaign_regions

        with self._audited("send --test", campaign=campaign):
            return campaign_regions.test(self.session, campaign)

    def pause(self, campaign: str) -> None:
        """Let nothing leave until it is resumed."""
        self._change("pause", campaign, "paused")

    def resume(self, campaign: str) -> None:
        """Let a paused campaign leave again."""
        self._change("resume", campaign, "approved")

    def cancel(self, campaign: str) -> None:
        """Let nothing leave any more, for good."""
        self._change("cancel", campaign, "cancelled")

    def settle(self, campaign: str, *, sent: bool) -> int:
        """Say whether the uncertain messages of a campaign were sent; gives how many."""
        from carpel.verbs import campaign_regions

        with self._audited("settle", campaign=campaign, sent=sent):
            return campaign_regions.settle(self.session, campaign, sent=sent)

    def show_campaign(self, campaign: str) -> "CampaignPage":
        """A campaign: who gets it, who does not and why, and what became of the messages."""
        from carpel.verbs import campaign_regions

        with self._audited("show campaign", campaign=campaign):
            return campaign_regions.show(self.session, campaign)

    def brief(self, campaign: str, team: "Team", *, to: str | Path | None = None) -> "Brief":
        """What service, sales or product has to know of a campaign; as a page in a file too."""
        from carpel.verbs import brief

        with self._audited("brief", campaign=campaign, team=team):
            return brief.brief(self.session, campaign, team, Path(to) if to else None)

    def codes(
        self,
        name: str,
        url: str,
        to: str | Path,
        *,
        places: Sequence[str] = (),
        branches: Sequence[str] = (),
        segment: str | None = None,
    ) -> "Printed":
        """QR codes with short links, a placement and branch each, or a person each of a segment."""
        from carpel.verbs import codes

        with self._audited("qr", name=name, segment=segment, to=Path(to).name):
            if segment:
                return codes.codes_of(self.session, name, url, Path(to), segment)
            return codes.codes(self.session, name, url, Path(to), places, branches)

    def placements(self, event: str = "signed_up") -> "list[Placement]":
        """What each printed code brought: scans, sign-ups, and what one of these cost."""
        from carpel.verbs import placements

        with self._audited("placements", event=event):
            return placements.placements(self.session, event)

    def explain_campaign(self, who: str, campaign: str) -> "CampaignReasons":
        """Why a person gets a campaign or not, and what became of it."""
        from carpel.verbs import campaign_regions

        key = self.key(who)
        with self._audited("explain campaign", customer=key, campaign=campaign):
            return campaign_regions.explain(self.session, key, campaign)

    def suppress(self, who: str) -> int:
        """Put a person's addresses on the do-not-contact list; gives how many are new on it."""
        from carpel.verbs import campaign_deeds

        key = self.key(who, sure=True)
        with self._audited("suppress", customer=key):
            return campaign_deeds.leave_alone(self.session, key)

    def make_coupons(self, coupon: str, number: int) -> int:
        """Make so many codes of a coupon; gives how many there are then."""
        from carpel.verbs import coupons

        with self._audited("coupons make", coupon=coupon, number=number):
            return coupons.make(self.session, coupon, number)

    def load_coupons(self, coupon: str, file: str | Path, *, column: str | None = None) -> "Loaded":
        """Take codes of a coupon in from a file; gives how many are new, known and no code."""
        from carpel.verbs import coupons

        with self._audited("coupons load", coupon=coupon):
            return coupons.load(self.session, coupon, Path(file), column)

    def export_coupons(self, coupon: str, to: str | Path, *, shop: str = "plain") -> Path:
        """Write every code of a coupon as shopify, woocommerce or plain; gives the file."""
        from carpel.verbs import coupons

        with self._audited("coupons export", coupon=coupon, shop=shop):
            return coupons.export(self.session, coupon, shop, Path(to))

    def check_channel(self, channel: str) -> "ChannelCheck":
        """What answers at a channel, and SPF, DKIM and DMARC as the DNS has them; sends nothing."""
        from carpel.verbs import channel_checks

        with self._audited("channel check", channel=channel):
            return channel_checks.check(self.session, channel)

    def bounces(self, source: str | Path | None = None, *, channel: str | None = None) -> "Returns":
        """Read reports of what could not be delivered, and complaints; each counts once.

        From files: a maildir, an mbox, a folder of .eml files; else from the mailboxes of channels.
        """
        from carpel.verbs import bounces

        with self._audited("bounces", channel=channel):
            return bounces.bounces(self.session, Path(source) if source else None, channel)

    def engagement(
        self, campaign: str, file: str | Path, *, kind: str | None = None
    ) -> "Engagement":
        """Read what people did with a campaign's messages from the export of the tool that sent.

        Who bounced, unsubscribed or complained is left alone; each thing counts once.
        """
        from carpel.verbs import engagement

        with self._audited("engagement", campaign=campaign):
            return engagement.engagement_of(self.session, campaign, Path(file), kind)

    def _change(self, verb: str, campaign: str, state: "State") -> None:
        from carpel.verbs import campaign_regions

        with self._audited(verb, campaign=campaign):
            campaign_regions.change(self.session, campaign, state)
