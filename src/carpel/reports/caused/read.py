"""Experiments of a build, read from its tables and put into words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from carpel.engine.query import query, table
from carpel.evaluation.movements import EVERYBODY
from carpel.reports.caused.calls import Call, call, earned, in_time_of
from carpel.reports.caused.caused import Caused, Version
from carpel.reports.caused.details import detail
from carpel.reports.caused.doubts import giants, uneven
from carpel.reports.caused.of_places import said_of_places, settled_by_places
from carpel.reports.caused.of_prices import row_of_price, said_of_prices
from carpel.reports.caused.said import money_said, opening, said, settled
from carpel.reports.caused.segmented import segmented
from carpel.reports.caused.words import Wording, first_upper, group
from carpel.reports.figures import Figures
from carpel.reports.headline import called as in_words
from carpel.reports.headline import name as named
from carpel.reports.tables import Rows, Tables
from carpel.specs.programme import PROGRAMME
from carpel.specs.verdict import CALLS, SIGNS, VERDICTS

Row = Mapping[str, Any]


def caused(tables: Tables, figures: Figures) -> list[Caused]:
    """Every experiment of a build, those that did harm first, then the latest."""
    if not tables.has("verdicts"):
        return []
    rows = tables.dicts(query("SELECT * FROM experiments ORDER BY began_at DESC, experiment"))
    found = _Read(tables, figures, rows)
    return sorted((found.one(each) for each in rows), key=lambda each: each.worst != "harm")


READ = (
    "estimates",
    "verdicts",
    "experiment_arms",
    "metrics",
    "outcomes",
    "place_changes",
    "price_estimates",
)


class _Read:
    """The tables of one build, read once for all experiments."""

    def __init__(self, tables: Tables, figures: Figures, about: Rows) -> None:
        self.figures, self.moment, self._about = figures, tables.moment, about
        self._rows = {
            each: _by_experiment(tables.dicts(query("SELECT * FROM :t", t=table(each))))
            for each in READ
        }
        self._labels = {
            row["segment"]: _label(row)
            for row in tables.dicts(query("SELECT segment, label FROM sizes"))
        }

    def one(self, about: Row) -> Caused:
        """One experiment."""
        name = about["experiment"]
        metrics = {
            row["metric"]: Wording(self.figures, row["shown"], row["label"])
            for row in self._of("metrics", name)
        }
        groups = sorted(self._of("experiment_arms", name), key=lambda row: row["place"])
        estimates = self._of("estimates", name)
        versions = [
            self._version(about, row, estimates, metrics) for row in self._of("verdicts", name)
        ]
        return Caused(
            name=name,
            label=about["label"],
            kind=about["kind"],
            opening=opening(about["label"], versions),
            measured=self._measured(about, metrics),
            versions=versions,
            between=_between(about, estimates, metrics),
            groups=[self._group(about, row) for row in groups],
            uneven=uneven(about, self._of("verdicts", name), groups),
            giants=giants(about, self._of("outcomes", name), metrics),
            in_several=about["in_several"],
            over=about["over_at"] is None or about["over_at"] <= self.moment,
            segmented=self._segmented(about, estimates, metrics),
            calls=self._calls(about) if about["kind"] == PROGRAMME else (),
            **self._prices(name),
        )

    def _segmented(self, about: Row, estimates: Rows, metrics: Mapping[str, Wording]) -> str:
        goal, name = about["goal"], about["experiment"]
        if goal not in metrics:
            return ""
        words = [row["word"] for row in self._of("verdicts", name)]
        falls = any(
            row["better"] == "less" for row in self._of("metrics", name) if row["metric"] == goal
        )
        over = about["over_at"] is not None and about["over_at"] <= self.moment
        return segmented(about, words, estimates, metrics[goal], falls=falls, over=over)

    def _calls(self, quarter: Row) -> list[Call]:
        """What to do about each campaign of a quarter, by its own comparison group."""
        found = []
        for each in in_time_of(self._about, quarter):
            rows = {what: self._of(what, each["experiment"]) for what in self._rows}
            money = earned(each, rows["experiment_arms"], rows["outcomes"])
            over = each["over_at"] <= self.moment
            found.append(call(each, rows["verdicts"], money, self.figures, over=over))
        return sorted(found, key=lambda each: list(CALLS).index(each.word))

    def _of(self, what: str, name: str) -> Rows:
        return self._rows[what].get(name, [])

    def _version(
        self, about: Row, verdict: Row, estimates: Rows, metrics: Mapping[str, Wording]
    ) -> Version:
        mine = [
            row
            for row in estimates
            if (row["arm"], row["against"]) == (verdict["arm"], about["comparison"])
        ]
        whole = {row["metric"]: row for row in mine if row["segment"] == EVERYBODY}
        goal, wording = whole[about["goal"]], metrics[about["goal"]]
        segments = [
            self._segment(row, wording)
            for row in mine
            if row["metric"] == about["goal"] and row["segment"] != EVERYBODY
        ]
        sure = sorted((each for each in segments if each["q"] is not None), key=lambda e: e["q"])
        return Version(
            called=group(about, verdict["arm"]),
            word=verdict["word"],
            verdict=VERDICTS[verdict["word"]],
            sign=SIGNS[verdict["word"]],
            **self._sentences(about, verdict, goal, wording),
            money=money_said(about, whole, metrics, self._sent(about, verdict["arm"])),
            measures=[_measure(row, metrics[metric]) for metric, row in whole.items()],
            segments=segments,
            harmed=[each for each in sure if each["word"] == "harm"],
            helped=[each for each in sure if each["word"] == "worked"],
            narrowed=any(row["narrowed"] for row in mine),
            details=[detail(row, metrics[row["metric"]], self._labels) for row in mine],
        )

    def _prices(self, name: str) -> dict[str, Any]:
        """What each price earns, where arms differ by it and nothing speaks against the test."""
        rows = sorted(self._of("price_estimates", name), key=lambda row: row["price"])
        if not rows or any(row["word"] == "uneven" for row in self._of("verdicts", name)):
            return {}
        return {
            "prices": [row_of_price(each, self.figures) for each in rows],
            "priced": said_of_prices(rows, self.figures),
        }

    def _sentences(self, about: Row, verdict: Row, goal: Row, wording: Wording) -> dict[str, str]:
        """What is said of both groups, and of what would settle a doubt."""
        rows = self._of("place_changes", about["experiment"])
        change = next((each for each in rows if each["metric"] == about["goal"]), None)
        settled_so = settled(verdict, wording)
        if change is None:
            return {"sentence": said(about, verdict, goal, wording), "settle": settled_so}
        by_places = settled_by_places(verdict, change)
        told = said_of_places(verdict, goal, change, wording)
        return {"sentence": told, "settle": by_places or settled_so}

    def _sent(self, about: Row, arm: str) -> int | None:
        rows = self._of("experiment_arms", about["experiment"])
        found: int | None = next(row["sent"] for row in rows if row["arm"] == arm)
        return found

    def _segment(self, row: Row, wording: Wording) -> dict[str, Any]:
        odd = row["uneven"] is not None and row["word"] is None
        word = "uneven" if odd else row["word"]
        return {
            **_measure(row, wording),
            "segment": row["segment"],
            "label": self._labels.get(row["segment"], row["segment"]),
            "word": word,
            "verdict": VERDICTS[word],
            "sign": SIGNS[word],
            "value": row["value"],
            "low": row["low"],
            "high": row["high"],
            "q": row["likely_false"],
        }

    def _measured(self, about: Row, metrics: Mapping[str, Wording]) -> str:
        if about["began_at"] is None:
            return "Nobody was in it."
        goal = metrics[about["goal"]].label if about["goal"] in metrics else about["goal"]
        if about["kind"] == "experiment":
            return f"A test made elsewhere, by {goal}."
        first, over = (_day(self.figures, about[each]) for each in ("began_at", "over_at"))
        if about["kind"] == "places":
            goal = f"{goal}, by place"
        if about["began_at"] > self.moment:
            return f"By {goal}, still to begin, from {first} until {over}."
        ends = "until" if about["over_at"] <= self.moment else "still running, until"
        return f"By {goal}, from {first} {ends} {over}."

    @staticmethod
    def _group(about: Row, row: Row) -> dict[str, Any]:
        return {
            "called": group(about, row["arm"]),
            "people": row["people"],
            "meant": row["share"],
            "sent": row["sent"],
        }


def _day(figures: Figures, moment: datetime) -> str:
    return figures.day(moment.replace(tzinfo=UTC))


def _label(row: Row) -> str:
    place, dot, _ = row["segment"].partition(".")
    of = in_words(place)
    return f"{named(row)} ({of if of.isupper() else of.lower()})" if dot else named(row)


def _by_experiment(rows: Rows) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    for row in rows:
        found.setdefault(row["experiment"], []).append(row)
    return found


def _measure(row: Row, wording: Wording) -> dict[str, Any]:
    return {
        "label": first_upper(wording.label),
        "here": wording.figure(row["figure"]),
        "there": wording.figure(row["base"]),
        "change": wording.signed(row["value"]),
        "likely": wording.between(row["low"], row["high"]),
        "n": row["n"],
        "m": row["m"],
    }


def _between(about: Row, estimates: Rows, metrics: Mapping[str, Wording]) -> list[str]:
    """Versions beside each other, by what the verdict is about."""
    return [
        f"{first_upper(group(about, row['arm']))} beside {group(about, row['against'])}: "
        f"{metrics[row['metric']].change(row['value'])} "
        f"(likely {metrics[row['metric']].between(row['low'], row['high'])}; "
        f"{row['n'] + row['m']:,} people)."
        for row in estimates
        if row["against"] != about["comparison"] and row["metric"] == about["goal"]
    ]
