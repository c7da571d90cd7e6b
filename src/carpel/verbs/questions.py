"""What can be asked of a project: one short method a question; none of them changes anything."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carpel.verbs.session import Session

if TYPE_CHECKING:
    import pyarrow as pa

    from carpel.evaluation.cohorts import Cohort
    from carpel.store.diff import Difference
    from carpel.verbs import (
        asked,
        check,
        companies,
        decided,
        explain,
        history,
        look,
        sets,
        timeline,
        whatif,
    )
    from carpel.verbs.advised import Advice
    from carpel.verbs.cards import PredictionPage
    from carpel.verbs.correlate import Correlated
    from carpel.verbs.decide import Decision, Decisions, Event
    from carpel.verbs.describe import Described
    from carpel.verbs.preview import Previewed, Previews
    from carpel.verbs.price import Priced
    from carpel.verbs.relate import Related
    from carpel.verbs.themes import Themed
    from carpel.verbs.traits import TraitPage


class Questions:
    """Answers over a project's builds; each question is audited under the session's actor."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def summary(self) -> dict[str, Any]:
        """The current build on one screen: people, rows and their fate, segments, notes."""
        from carpel.verbs import summary

        return summary.summary(self.session)

    def estimates(self) -> "list[check.Estimate]":
        """What evaluating each segment would read, the dearest first; nothing is run."""
        from carpel.verbs import check

        return check.estimates(self.session)

    def ls(self, kind: str = "segments", limit: int | None = None) -> list[dict[str, Any]]:
        """List what there is of a kind: segments, costs, traits, events, sources and more."""
        from carpel.verbs import lists

        with self._audited("ls", kind=kind):
            return lists.ls(self.session, kind, limit)

    def preview(self, rule: "asked.Rule", unit: "asked.Unit" = "customer") -> "Previewed":
        """Count a rule that is not saved: people, reach, overlaps; see `carpel.verbs.asked`.

        It is about people, or about accounts where `unit`, or the segment handed over, says so.
        """
        from carpel.verbs import preview

        with self._audited("preview"):
            return preview.preview(self.session, rule, unit)

    def previews(self) -> "Previews":
        """The current build kept open and in memory, to count many rules quickly."""
        from carpel.verbs import preview

        return preview.Previews(self.session)

    def decide(
        self,
        who: str,
        events: "Iterable[Event]" = (),
        segments: Sequence[str] = (),
    ) -> "Decision":
        """One person's segments, with events since the build; see `carpel.verbs.decide`."""
        key = self.key(who)
        with self._audited("decide", customer=key), self.decisions() as decisions:
            return decisions.decide(key, events, segments)

    def decisions(self) -> "Decisions":
        """The current build kept open, to decide about many people quickly, from any thread."""
        from carpel.verbs import decide

        return decide.Decisions(self.session)

    def show_segment(self, name: str) -> "look.SegmentPage | companies.AccountSegmentPage":
        """A segment in plain English, in SQL and in numbers."""
        from carpel.verbs import look

        with self._audited("show segment", segment=name):
            return look.show_segment(self.session, name)

    def show_segmentation(
        self, name: str, *, to: str | Path | None = None
    ) -> "sets.SegmentationPage":
        """A set of segments; of groups in the data, why they are so many; drawn in `to`."""
        from carpel.verbs import sets

        with self._audited("show segmentation", segmentation=name):
            page = sets.show_segmentation(self.session, name)
            if to is not None:
                sets.write(self.session, name, Path(to))
            return page

    def show_prediction(self, name: str) -> "PredictionPage":
        """What a prediction stands on: whether it is used, how it did, what it was told by."""
        from carpel.verbs import cards

        with self._audited("show prediction", prediction=name):
            return cards.show_prediction(self.session, name)

    def show_trait(self, name: str) -> "TraitPage":
        """What a trait means, and, made of a survey's answers, what it stands on."""
        from carpel.verbs import traits

        with self._audited("show trait", trait=name):
            return traits.show_trait(self.session, name)

    def show_customer(self, who: str) -> "look.CustomerPage":
        """One person: what is known, where it is from, what they did, where they belong."""
        from carpel.verbs import look

        key = self.key(who)
        with self._audited("show customer", customer=key):
            return look.show_customer(self.session, key)

    def explain_segment(
        self, name: str
    ) -> "explain.SegmentReasons | companies.AccountSegmentReasons":
        """How many people each clause lets in, and what sets the segment apart."""
        from carpel.verbs import explain

        with self._audited("explain segment", segment=name):
            return explain.explain_segment(self.session, name)

    def explain_customer(self, who: str, segment: str | None = None) -> "explain.Reasons":
        """Why records were joined; with a segment, why the person is in or out of it."""
        from carpel.verbs import explain

        key = self.key(who)
        with self._audited("explain customer", customer=key, segment=segment):
            return explain.explain_customer(self.session, key, segment)

    def explain_account(self, who: str, segment: str) -> "explain.Reasons":
        """Why an account, by name or key, is in or out of a segment of accounts."""
        from carpel.verbs import explain

        key = self.account_key(who)
        with self._audited("explain account", account=key, segment=segment):
            return explain.explain_account(self.session, key, segment)

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

    def price(
        self, segments: Sequence[str] = (), *, by: str = "category", product: str = "product_id"
    ) -> "Priced":
        """How people respond to prices and discounts, within each product; by segment too."""
        from carpel.verbs import price

        with self._audited("price", segments=list(segments), by=by):
            return price.price(self.session, segments, by, product)

    def themes(
        self, of: str, *, where: Mapping[str, str] | None = None, by: str | None = None
    ) -> "Themed":
        """What people write about in a property of an event, or a trait; see `verbs.themes`."""
        from carpel.verbs import themes

        with self._audited("themes", of=of, by=by):
            return themes.themes(self.session, of, where, by)

    def advise(self, goal: str, *, to: str | Path | None = None) -> "Advice":
        """Which way to part people foresees a goal's figure; drawn in a file for `to`."""
        from carpel.verbs import advise

        with self._audited("advise", goal=goal):
            found = advise.advise(self.session, goal)
            if to is not None:
                advise.write(found, Path(to))
            return found

    def describe(self, trait: str, by: str | None = None) -> "Described":
        """How a trait is spread, in a segment beside everybody else when `by` names one."""
        from carpel.verbs import describe

        with self._audited("describe", trait=trait, by=by):
            return describe.describe(self.session, trait, by)

    def correlate(self, trait: str, other: str) -> "Correlated":
        """How two figures go with each other, and where people lie between them."""
        from carpel.verbs import correlate

        with self._audited("correlate", trait=trait, other=other):
            return correlate.correlate(self.session, trait, other)

    def relate(self, outcome: str, traits: Sequence[str] = ()) -> "Related":
        """Which traits explain a trait, or who is in a segment; see `carpel.verbs.relate`."""
        from carpel.verbs import relate

        with self._audited("relate", outcome=outcome, traits=list(traits) or None):
            return relate.relate(self.session, outcome, traits)

    def cohorts(self) -> "list[Cohort]":
        """Of the people who first ordered in a month, how many ordered in each month since."""
        from carpel.verbs import describe

        with self._audited("cohorts"):
            return describe.retention(self.session)

    def sql(self, segment: str) -> str:
        """A script that gives the members of a segment in DuckDB as it stands: `duckdb.sql(it)`."""
        from carpel.verbs import sql

        with self._audited("sql", segment=segment):
            return sql.sql(self.session, segment)

    def members(self, segment: str) -> "pa.Table":
        """Members of a segment with their traits, as an Arrow table; no names or addresses."""
        from carpel.verbs import export

        with self._audited("members", segment=segment):
            return export.members(self.session, segment)

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

    def key(self, who: str, *, sure: bool = False) -> int:
        """The key of the person with this key, address or number; raises NotFound.

        A number that is one person's key and another's own number is the key; when it has to be
        `sure`, a CarpelError asks which. `key:7` is nothing but a key.
        """
        from carpel.verbs import people

        return people.find(self.session, who, sure=sure)

    def account_key(self, who: str) -> int:
        """The key of the account with this key, name or number; raises NotFound."""
        from carpel.verbs import people

        return people.find_account(self.session, who)

    @contextmanager
    def _audited(
        self, verb: str, *, customer: int | None = None, **arguments: Any
    ) -> Iterator[None]:
        from carpel.store.audit import audited

        given = {name: each for name, each in arguments.items() if each is not None}
        session = self.session
        with audited(
            session.store.ledger, session.clock, verb, given, actor=session.actor, customer=customer
        ):
            yield
