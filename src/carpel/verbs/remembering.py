"""What can be asked of a project's past: one short method a question."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from carpel.verbs.questions import Questions

if TYPE_CHECKING:
    from carpel.store.diff import Difference
    from carpel.verbs import decided, history, timeline, whatif


class Remembering(Questions):
    """Builds and what changed between them; who was in a segment when, and why."""

    def explain_account_decision(self, who: str, segment: str, on: date) -> "decided.Decided":
        """What was decided about an account and a segment of accounts on a past day, and why."""
        from carpel.verbs import decided

        key = self.account_key(who)
        with self._audited("explain account", account=key, segment=segment, on=on.isoformat()):
            return decided.decided(self.session, key, segment, on, "account")

    def explain_decision(self, who: str, segment: str, on: date) -> "decided.Decided":
        """What was decided about a person and a segment on a past day, and why where it can be."""
        from carpel.verbs import decided

        key = self.key(who)
        with self._audited("explain decision", customer=key, segment=segment, on=on.isoformat()):
            return decided.decided(self.session, key, segment, on)

    def history_segment(self, name: str, since: date | None = None) -> "timeline.SegmentHistory":
        """How large a segment was when, who joined and left, and why."""
        from carpel.verbs import timeline

        with self._audited("history segment", segment=name):
            return timeline.segment(self.session, name, since)

    def history_customer(self, who: str) -> "timeline.CustomerHistory":
        """What one person was in when, and why they joined and left."""
        from carpel.verbs import timeline

        key = self.key(who)
        with self._audited("history customer", customer=key):
            return timeline.customer(self.session, key)

    def history_account(self, who: str) -> "timeline.CustomerHistory":
        """What one account, by name or key, was in when, and why it joined and left."""
        from carpel.verbs import timeline

        key = self.account_key(who)
        with self._audited("history account", account=key):
            return timeline.customer(self.session, key, "account")

    def migration(
        self, segmentation: str, start: date, end: date, *, to: str | Path | None = None
    ) -> "timeline.Migrated":
        """Who went from place to place between two days; drawn or listed in a file for `to`."""
        from carpel.verbs import timeline

        days = f"{start} to {end}"
        with self._audited("migration", segmentation=segmentation, days=days):
            found = timeline.migration(self.session, segmentation, start, end)
            if to is not None:
                timeline.write(found, Path(to))
            return found

    def builds(self) -> "list[history.BuildRow]":
        """All builds, oldest first, and which one is current."""
        from carpel.verbs import history

        with self._audited("builds"):
            return history.builds(self.session)

    def diff(self, former: str | None = None, later: str | None = None) -> "Difference":
        """What changed between two builds: sizes of tables, segments, who entered and left."""
        from carpel.verbs import history

        with self._audited("diff", former=former, later=later):
            return history.diff(self.session, former, later)

    def diff_definitions(self, people: int = 0) -> "list[whatif.Draft]":
        """Who would enter and leave each segment whose definition is not the build's any more.

        Over the current build's tables, so nothing is changed; `people` keys of each are named.
        """
        from carpel.verbs import whatif

        with self._audited("diff definitions", people=people):
            return whatif.drafts(self.session, people)
