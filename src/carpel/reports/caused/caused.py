"""One experiment as a page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from carpel.engine.query import query, table
from carpel.evaluation.movements import EVERYBODY
from carpel.reports.caused.said import money_said, opening, said, settled
from carpel.reports.caused.words import Wording
from carpel.reports.figures import Figures
from carpel.reports.headline import name as named
from carpel.reports.tables import Rows, Tables
from carpel.specs.campaign import called
from carpel.specs.verdict import SIGNS, VERDICTS

Row = Mapping[str, Any]
MANY, GIANT = 1000, 0.02
"""Of so many people nobody should have so large a part of all."""


@dataclass(frozen=True)
class Version:
    """One arm beside the comparison group: the verdict, what it rests on, and by segment.

    `measures` has a row a metric: `label`, `here`, `there`, `change`, `likely`; `segments` a row
    a segment: `label`, `sign`, `word`, `n`, `m`, `here`, `there`, `change`, `likely`, and as
    numbers `value`, `low`, `high`; `details` what a statistician asks for.
    """

    called: str
    word: str
    verdict: str
    sign: str
    sentence: str
    settle: str
    money: str
    measures: Rows
    segments: Rows
    harmed: Rows
    """Segments in which it did harm, the surest first."""
    helped: Rows
    details: Rows


@dataclass(frozen=True)
class Caused:
    """What one experiment caused: `opening` is one sentence for it all."""

    name: str
    label: str
    kind: str
    opening: str
    measured: str
    """Since when, for how long, and about what."""
    versions: Sequence[Version]
    between: Sequence[str]
    """Versions beside each other, where there are several."""
    groups: Rows
    """A row a group: `called`, `people`, `meant`, `sent`."""
    uneven: str
    """Why nothing of it can be trusted, where the groups came out uneven."""
    giants: Sequence[str]
    """People whose figures outweigh those of others, said without saying who."""
    in_several: int

    @property
    def worst(self) -> str:
        """The verdict to be told of first."""
        words = {each.word for each in self.versions}
        order = ("uneven", "harm", "worked", "nothing_seen", "cannot_tell")
        return next((each for each in order if each in words), "cannot_tell")


def caused(tables: Tables, figures: Figures) -> list[Caused]:
    """Every experiment of a build, those that did harm first, then the latest."""
    if not tables.has("verdicts"):
        return []
    found = _Read(tables, figures)
    rows = tables.dicts(query("SELECT * FROM experiments ORDER BY began_at DESC, experiment"))
    return sorted((found.one(each) for each in rows), key=lambda each: each.worst != "harm")


class _Read:
    """The tables of one build, read once for all experiments."""

    def __init__(self, tables: Tables, figures: Figures) -> None:
        self.figures, self.moment = figures, tables.moment
        self._rows = {
            each: _by_experiment(tables.dicts(query("SELECT * FROM :t", t=table(each))))
            for each in ("estimates", "verdicts", "experiment_arms", "metrics", "outcomes")
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
            groups=[self._group(row) for row in groups],
            uneven=_uneven(self._of("verdicts", name), groups),
            giants=_giants(about, self._of("outcomes", name), metrics),
            in_several=about["in_several"],
        )

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
            called=called(verdict["arm"]) if about["kind"] == "campaign" else verdict["arm"],
            word=verdict["word"],
            verdict=VERDICTS[verdict["word"]],
            sign=SIGNS[verdict["word"]],
            sentence=said(about, verdict, goal, wording),
            settle=settled(verdict, wording),
            money=money_said(about, whole, metrics, self._sent(about, verdict["arm"])),
            measures=[_measure(row, metrics[metric]) for metric, row in whole.items()],
            segments=segments,
            harmed=[each for each in sure if each["word"] == "harm"],
            helped=[each for each in sure if each["word"] == "worked"],
            details=[_detail(row, metrics[row["metric"]], self._labels) for row in mine],
        )

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
        ends = "until" if about["over_at"] <= self.moment else "still running, until"
        return f"By {goal}, from {first} {ends} {over}."

    def _group(self, row: Row) -> dict[str, Any]:
        campaign = row["sent"] is not None
        return {
            "called": called(row["arm"]) if campaign else row["arm"],
            "people": row["people"],
            "meant": row["share"],
            "sent": row["sent"],
        }


def _day(figures: Figures, moment: datetime) -> str:
    return figures.day(moment.replace(tzinfo=UTC))


def _label(row: Row) -> str:
    place, dot, _ = row["segment"].partition(".")
    return f"{named(row)} ({place.replace('_', ' ')})" if dot else named(row)


def _by_experiment(rows: Rows) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    for row in rows:
        found.setdefault(row["experiment"], []).append(row)
    return found


def _measure(row: Row, wording: Wording) -> dict[str, Any]:
    return {
        "label": wording.label[:1].upper() + wording.label[1:],
        "here": wording.figure(row["figure"]),
        "there": wording.figure(row["base"]),
        "change": wording.signed(row["value"]),
        "likely": f"{wording.signed(row['low'])} to {wording.signed(row['high'])}",
        "n": row["n"],
        "m": row["m"],
    }


def _between(about: Row, estimates: Rows, metrics: Mapping[str, Wording]) -> list[str]:
    """Versions beside each other, by what the verdict is about."""
    return [
        f"{_named(about, row['arm'])} beside {_named(about, row['against'])}: "
        f"{metrics[row['metric']].change(row['value'])} "
        f"({metrics[row['metric']].likely(row['low'], row['high'])}; "
        f"{row['n'] + row['m']:,} people)."
        for row in estimates
        if row["against"] != about["comparison"] and row["metric"] == about["goal"]
    ]


def _named(about: Row, arm: str) -> str:
    found = called(arm) if about["kind"] == "campaign" else arm
    return found[:1].upper() + found[1:]


def _uneven(verdicts: Rows, groups: Rows) -> str:
    if not any(row["word"] == "uneven" for row in verdicts):
        return ""
    counted = ", ".join(
        f"{row['people']:,} in {called(row['arm']) if row['sent'] is not None else row['arm']}"
        for row in groups
    )
    chance = verdicts[0]["uneven"]
    rare = f"about once in {1 / chance:,.0f} tests" if chance > 1e-6 else "practically never"
    return (
        f"The groups came out uneven: {counted}. Chance alone does that {rare}, so something else "
        "decided who is in which group, and the figures below cannot be trusted. Look at how "
        "people were put into groups, and at what was lost on the way."
    )


def _giants(about: Row, outcomes: Rows, metrics: Mapping[str, Wording]) -> list[str]:
    """Single people whose figure is a large part of all of their group's; and who counts less."""
    whole = [row for row in outcomes if row["largest"] is not None and row["n"] >= MANY]
    told = []
    for row in whole:
        wording, group = metrics[row["metric"]], _named(about, row["arm"])
        if row["drawn_in"]:
            told.append(
                f"{wording.label}: {row['drawn_in']:,} of {row['n']:,} people in {group} have more "
                f"than {wording.figure(row['giant'])} and count as if they had so much."
            )
        elif wording.shown != "share" and row["y"] > 0 and row["largest"] > GIANT * row["y"]:
            told.append(
                f"{wording.label}: one person in {group} has {wording.figure(row['largest'])}, "
                f"{100 * row['largest'] / row['y']:.1f} % of what all {row['n']:,} people there "
                "have together."
            )
    return told


def _detail(row: Row, wording: Wording, labels: Mapping[str, str]) -> dict[str, Any]:
    whole = row["segment"] == EVERYBODY
    return {
        "segment": "Everybody" if whole else labels.get(row["segment"], row["segment"]),
        "metric": wording.label,
        "value": f"{row['value']:.6g}" if row["value"] is not None else "",
        "interval": _ends(row["low"], row["high"]),
        "always": _ends(row["always_low"], row["always_high"]),
        "p": f"{row['chance']:.3g}",
        "q": "" if row["likely_false"] is None else f"{row['likely_false']:.3g}",
        "lift": "" if row["lift"] is None else f"{100 * row['lift']:.1f} %",
        "shrunk": "" if row["drawn"] is None else f"{row['drawn']:.6g}",
        "narrowed": f"{100 * row['narrowed']:.0f} %" if row["narrowed"] else "",
        "uneven": "" if row["uneven"] is None else f"{row['uneven']:.3g}",
    }


def _ends(low: float | None, high: float | None) -> str:
    return f"{'−∞' if low is None else f'{low:.4g}'} to {'∞' if high is None else f'{high:.4g}'}"
