"""What can be asked of a project's figures: one short method a question."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carpel.verbs.questions import Questions

if TYPE_CHECKING:
    from carpel.evaluation.cohorts import Cohort
    from carpel.evaluation.over_time import Series
    from carpel.verbs.advised import Advice
    from carpel.verbs.correlate import Correlated
    from carpel.verbs.describe import Described
    from carpel.verbs.funnel import Step
    from carpel.verbs.price import Priced
    from carpel.verbs.recommended import Recommendations
    from carpel.verbs.relate import Related
    from carpel.verbs.themes import Themed


class Statistics(Questions):
    """How people are spread, what goes together, what they write of and what they respond to."""

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

    def recommend(
        self, segment: str, *, to: str | Path | None = None, **said: Any
    ) -> "Recommendations":
        """What to recommend to each person of a segment: `event`, `of`, `count`, `where`, …"""
        from carpel.verbs import recommended

        with self._audited("recommend", segment=segment, to=Path(to).name if to else None):
            place = Path(to) if to else None
            return recommended.recommended(self.session, segment, said, place)

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

    def funnel(
        self, *events: str, within: str | None = None, by: str | None = None
    ) -> "list[Step]":
        """How many did one thing, then strictly later the next; all `within`, as "7 days"."""
        from carpel.verbs import funnel

        with self._audited("funnel", events=list(events), within=within, by=by):
            return funnel.funnel(self.session, events, within, by)

    def figures(self) -> "list[Series]":
        """Figures over time, a month at a time: who came, bought, paid, left and answered."""
        from carpel.verbs import describe

        with self._audited("figures"):
            return describe.figures(self.session)

    def cohorts(self) -> "list[Cohort]":
        """Of the people who first ordered in a month, how many ordered in each month since."""
        from carpel.verbs import describe

        with self._audited("cohorts"):
            return describe.retention(self.session)
