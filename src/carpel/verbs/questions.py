"""What can be asked of a project: one short method a question; none of them changes anything."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carpel.verbs.session import Session

if TYPE_CHECKING:
    import pyarrow as pa

    from carpel.verbs import asked, check, companies, explain, look, sets
    from carpel.verbs.cards import PredictionPage
    from carpel.verbs.decide import Decision, Decisions, Event
    from carpel.verbs.preview import Previewed, Previews
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

    def marked_links(self) -> "list[check.Marked]":
        """Campaigns whose links to sites of one's own say whose they are, and by what."""
        from carpel.verbs import check

        return check.marked_links(self.session)

    def ls(
        self, kind: str = "segments", limit: int | None = None, build: str | None = None
    ) -> list[dict[str, Any]]:
        """List what there is of a kind: segments, costs, traits, events, sources and more."""
        from carpel.verbs import lists

        with self._audited("ls", kind=kind):
            return lists.ls(self.session, kind, limit, build)

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
